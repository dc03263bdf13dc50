// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sourcing/handler_failure.h"

#include "event/json.h"
#include "event/message_context.h"
#include "event/raw_json.h"

#include <charconv>
#include <iterator>

#include <fmt/format.h>

namespace eventscope::core {

namespace {

constexpr std::size_t kKeptAtEachEnd = 5;

void appendAttempt(std::string& stack, int number, const FailedAttempt& attempt)
{
    fmt::format_to(std::back_inserter(stack), "\nattempt {} at {}: {}: {}", number, formatTimestamp(attempt.time),
        toString(attempt.error.code), attempt.error.message);
}

void appendText(std::string& json, std::string_view name, std::string_view text)
{
    json += json.back() == '{' ? "\"" : ",\"";
    json += name;
    json += "\":";
    appendJsonString(json, text);
}

// What is no JSON would break the envelope around it: it travels as a string.
std::string embedded(const RecordedEvent& original)
{
    if (original.data.empty() || isJson(original.data))
        return eventToClassicJson(original);
    RecordedEvent quoted = original;
    quoted.data.clear();
    appendJsonString(quoted.data, original.data);
    return eventToClassicJson(quoted);
}

ErrorCode codeNamed(std::string_view name)
{
    constexpr std::string_view kPastTheLast = "Unknown";
    for (int value = 0; toString(static_cast<ErrorCode>(value)) != kPastTheLast; ++value) {
        if (toString(static_cast<ErrorCode>(value)) == name)
            return static_cast<ErrorCode>(value);
    }
    return ErrorCode::HandlerFailed;
}

std::string textOf(const std::vector<RawJsonMember>& members, std::string_view name)
{
    const RawJsonMember* member = findRaw(members, name);
    return member ? member->text() : std::string();
}

} // namespace

void AttemptHistory::add(FailedAttempt attempt)
{
    if (kept.size() == 2 * kKeptAtEachEnd)
        kept.erase(kept.begin() + kKeptAtEachEnd);
    kept.push_back(std::move(attempt));
    ++tries;
}

std::string failureStack(std::string_view handler, const RecordedEvent& event, const AttemptHistory& history)
{
    const int attempts = history.attempts();
    std::string stack = fmt::format("handler \"{}\" gave up on {} {} ({}, version {}) after {} {}", handler, event.type,
        event.id, event.stream, event.version.value, attempts, attempts == 1 ? "attempt" : "attempts");
    if (history.earlier != 0)
        fmt::format_to(std::back_inserter(stack), "\n{} of them before it was parked the last time", history.earlier);
    int number = history.earlier;
    const int left = history.tries - static_cast<int>(history.kept.size());
    for (std::size_t i = 0; i < history.kept.size(); ++i) {
        if (i == kKeptAtEachEnd && left > 0) {
            fmt::format_to(std::back_inserter(stack), "\n… {} more …", left);
            number += left;
        }
        appendAttempt(stack, ++number, history.kept[i]);
    }
    if (!history.kept.empty() && !history.kept.back().error.stack.empty())
        stack += "\n" + history.kept.back().error.stack;
    return stack;
}

RecordedEvent handlerFailedEvent(const ParkedEvent& letter, std::string id)
{
    const RecordedEvent& original = letter.original;
    const MessageContext context = contextOf(original.id, original.metadata);
    RecordedEvent event;
    event.id = std::move(id);
    event.type = kEventHandlerFailed;
    event.time = letter.failedAt;
    event.stream = "handler-" + letter.queue;
    event.metadata.correlationId = context.correlationId;
    event.metadata.causationId = context.messageId;
    event.metadata.userId = context.userId;

    std::string& data = event.data;
    data = "{\"originalEvent\":" + embedded(original) + ",\"error\":{";
    appendText(data, "code", toString(letter.error.code));
    appendText(data, "message", letter.error.message);
    appendText(data, "stack", letter.error.stack);
    data += '}';
    appendText(data, "failedAt", formatTimestamp(letter.failedAt));
    appendText(data, "handler", letter.queue);
    fmt::format_to(std::back_inserter(data), ",\"attempts\":{}", letter.attempts);
    appendText(data, "letterId", letter.id);
    data += '}';
    return event;
}

Result<ParkedEvent> handlerFailureOf(const RecordedEvent& event)
{
    const Result<std::vector<RawJsonMember>> members = readRawObject(event.data);
    if (!members)
        return std::unexpected(members.error());
    const RawJsonMember* original = findRaw(*members, "originalEvent");
    const RawJsonMember* error = findRaw(*members, "error");
    if (!original || !error)
        return fail(ErrorCode::Unparsable, "the data of EventHandlerFailed must hold \"originalEvent\" and \"error\"");
    Result<RecordedEvent> originalEvent = eventFromClassicJson(original->value);
    if (!originalEvent)
        return std::unexpected(std::move(originalEvent.error()));
    const Result<std::vector<RawJsonMember>> errorMembers = readRawObject(error->value);
    if (!errorMembers)
        return std::unexpected(errorMembers.error());
    const Result<Timestamp> failedAt = parseTimestamp(textOf(*members, "failedAt"));
    if (!failedAt)
        return std::unexpected(failedAt.error());

    ParkedEvent letter;
    letter.id = textOf(*members, "letterId");
    letter.queue = textOf(*members, "handler");
    letter.original = std::move(*originalEvent);
    letter.error
        = {codeNamed(textOf(*errorMembers, "code")), textOf(*errorMembers, "message"), textOf(*errorMembers, "stack")};
    letter.failedAt = *failedAt;
    const std::string attempts = textOf(*members, "attempts");
    std::from_chars(attempts.data(), attempts.data() + attempts.size(), letter.attempts);
    return letter;
}

} // namespace eventscope::core
