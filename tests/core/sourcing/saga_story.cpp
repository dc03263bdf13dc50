// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sourcing/saga_story.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <filesystem>
#include <fmt/core.h>
#include <fstream>

namespace eventscope::test {

using namespace core;

namespace {

RecordedEvent parseLine(std::string_view line, StreamVersion version)
{
    RecordedEvent event;
    std::int64_t milliseconds = 0;
    const auto typeAt = line.find(' ') + 1;
    const auto dataAt = line.find(' ', typeAt) + 1;
    std::from_chars(line.data() + 1, line.data() + typeAt - 1, milliseconds);
    event.id = fmt::format("event-{}", version.value);
    event.type = line.substr(typeAt, dataAt - typeAt - 1);
    event.data = line.substr(dataAt);
    event.time = storyStart() + std::chrono::milliseconds(milliseconds);
    event.metadata.correlationId = "the-flow";
    event.stream = "saga-story";
    event.version = version;
    event.position = {version.value};
    return event;
}

std::string describeStep(const SagaStepState& step)
{
    std::string text = fmt::format("{}: {}", step.name, toString(step.status));
    if (step.attempts > 0)
        text += fmt::format(", attempts {}", step.attempts);
    if (step.compensationAttempts > 0)
        text += fmt::format(", compensations {}", step.compensationAttempts);
    if (const SagaError* error = step.shownError())
        text += fmt::format(", {}: {}", error->code, error->message);
    return text;
}

} // namespace

Timestamp storyStart()
{
    return parseTimestamp("2026-11-23T09:00:00Z").value();
}

std::string describeEvents(std::span<const RecordedEvent> events)
{
    std::string text;
    for (const RecordedEvent& event : events) {
        const auto since = std::chrono::duration_cast<std::chrono::milliseconds>(event.time - storyStart());
        text += fmt::format("+{} {} {}\n", since.count(), event.type, event.data);
    }
    return text;
}

std::string describeSaga(const SagaState& saga)
{
    std::string text = fmt::format("status: {}\n", toString(saga.status()));
    if (!saga.problem().empty())
        text += fmt::format("problem: {}\n", saga.problem());
    if (saga.cause())
        text += fmt::format("cause: {}, {}\n", saga.cause()->step, saga.cause()->error.message);
    for (const SagaStepState& step : saga.steps())
        text += describeStep(step) + '\n';
    return text;
}

SagaStory readStory(const std::string& path)
{
    SagaStory story;
    std::ifstream file(path);
    std::string line;
    bool inEvents = true;
    while (std::getline(file, line)) {
        if (line.starts_with('#'))
            continue;
        if (line == "---")
            inEvents = false;
        else if (inEvents)
            story.events.push_back(parseLine(line, {static_cast<std::int64_t>(story.events.size()) + 1}));
        else
            story.expected += line + '\n';
    }
    return story;
}

std::vector<std::string> storiesIn(std::string_view folder)
{
    std::vector<std::string> paths;
    const auto directory = std::filesystem::path(EVENTSCOPE_TESTS_DIR) / "core/sourcing/fixtures" / folder;
    for (const auto& entry : std::filesystem::directory_iterator(directory))
        paths.push_back(entry.path().string());
    std::ranges::sort(paths);
    return paths;
}

} // namespace eventscope::test
