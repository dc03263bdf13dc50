// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "event_record.h"

#include "event/json.h"

namespace eventscope::kafka {

namespace {

std::int64_t millisecondsOf(core::Timestamp time)
{
    return std::chrono::floor<std::chrono::milliseconds>(time).time_since_epoch().count();
}

std::vector<core::Header> headersOf(const InRecord& original, const HandlerFailure& failure, std::string_view form)
{
    namespace name = dead_letter_header;
    // Of an event that failed again only the last failure is told.
    std::vector<core::Header> headers;
    for (const core::Header& header : original.headers) {
        if (!header.name.starts_with("eventscope-")) {
            headers.push_back(header);
        }
    }
    const auto add = [&](std::string_view what, std::string value) {
        headers.push_back({std::string(what), std::move(value)});
    };
    add(name::kTopic, original.topic);
    if (original.offset >= 0) {
        add(name::kPartition, std::to_string(original.partition));
        add(name::kOffset, std::to_string(original.offset));
    }
    if (original.milliseconds >= 0) {
        add(name::kTimestamp, std::to_string(original.milliseconds));
    }
    if (!original.keyIsNull) {
        add(name::kKey, original.key);
    }
    add(name::kGroup, failure.group);
    add(name::kAttempts, std::to_string(failure.attempts));
    add(name::kErrorCode, std::string(core::toString(failure.error.code)));
    add(name::kErrorMessage, failure.error.message);
    add(name::kFailedAt, core::formatTimestamp(failure.failedAt));
    add(name::kForm, std::string(form));
    return headers;
}

} // namespace

OutRecord toRecord(const core::RecordedEvent& event, std::string topic)
{
    const std::string_view aggregate = core::aggregateIdOf(event.stream);
    return {.topic = std::move(topic),
        .key = std::string(aggregate.empty() ? std::string_view(event.id) : aggregate),
        .value = core::eventToClassicJson(event),
        .headers = {{"eventType", event.type}, {"eventId", event.id}, {"timestamp", core::formatTimestamp(event.time)}},
        .milliseconds = millisecondsOf(event.time)};
}

OutRecord toDeadLetter(const InRecord& original, const core::RecordedEvent& event, const HandlerFailure& failure)
{
    std::string value = R"({"originalEvent":)";
    value += original.value; // it was read as JSON: exactly as it came
    value += R"(,"error":{"message":)";
    core::appendJsonString(value, failure.error.message);
    value += R"(,"stack":)";
    core::appendJsonString(value, failure.stack);
    value += R"(},"failedAt":")" + core::formatTimestamp(failure.failedAt) + "\"}";
    return {.topic = original.topic + std::string(kDeadLetterSuffix),
        .key = event.id,
        .value = std::move(value),
        .headers = headersOf(original, failure, "event"),
        .milliseconds = millisecondsOf(failure.failedAt)};
}

OutRecord toPoisonLetter(const InRecord& original, const HandlerFailure& failure)
{
    return {.topic = original.topic + std::string(kDeadLetterSuffix),
        .key = original.keyIsNull ? std::nullopt : std::optional(original.key),
        .value = original.valueIsNull ? std::nullopt : std::optional(original.value),
        .headers = headersOf(original, failure, "raw"),
        .milliseconds = millisecondsOf(failure.failedAt)};
}

} // namespace eventscope::kafka
