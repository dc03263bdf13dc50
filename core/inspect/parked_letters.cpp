// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/parked_letters.h"

#include "sourcing/event_store.h"
#include "sourcing/redelivery_queue.h"

#include <charconv>

#include <fmt/format.h>

namespace eventscope::core {

namespace {

constexpr std::string_view kCorrelation = "correlationId";
constexpr std::string_view kCausation = "causationId";
constexpr std::string_view kUser = "userId";
constexpr std::string_view kSchemaVersion = "schemaVersion";
constexpr std::string_view kVersion = "version";

std::int64_t toInteger(std::string_view text)
{
    std::int64_t value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

std::vector<Header> headersOf(const RecordedEvent& event)
{
    std::vector<Header> headers;
    const auto add = [&](std::string_view name, const std::string& value) {
        if (!value.empty())
            headers.push_back({std::string(name), value});
    };
    add(kCorrelation, event.metadata.correlationId);
    add(kCausation, event.metadata.causationId);
    add(kUser, event.metadata.userId);
    if (event.schemaVersion != 1)
        add(kSchemaVersion, std::to_string(event.schemaVersion));
    add(kVersion, std::to_string(event.version.value));
    headers.insert(headers.end(), event.metadata.headers.begin(), event.metadata.headers.end());
    return headers;
}

void readHeaders(const std::vector<Header>& headers, RecordedEvent& event)
{
    auto header = headers.begin();
    const auto take = [&](std::string_view name, std::string& into) {
        if (header == headers.end() || header->name != name)
            return;
        into = header->value;
        ++header;
    };
    std::string schemaVersion, version;
    take(kCorrelation, event.metadata.correlationId);
    take(kCausation, event.metadata.causationId);
    take(kUser, event.metadata.userId);
    take(kSchemaVersion, schemaVersion);
    take(kVersion, version);
    event.schemaVersion = schemaVersion.empty() ? 1 : static_cast<int>(toInteger(schemaVersion));
    event.version = {toInteger(version)};
    event.metadata.headers.assign(header, headers.end());
}

} // namespace

DeadLetter toDeadLetter(const ParkedEvent& parked)
{
    DeadLetter letter;
    letter.id = parked.id;
    letter.queue = parked.queue;
    letter.convention = kParkedConvention;
    letter.original.stream = parked.original.stream;
    letter.original.position = parked.original.position.value;
    letter.original.key = aggregateIdOf(parked.original.stream);
    letter.original.id = parked.original.id;
    letter.original.type = parked.original.type;
    letter.original.time = parked.original.time;
    letter.original.headers = headersOf(parked.original);
    letter.original.data = parked.original.data;
    letter.error = {std::string(toString(parked.error.code)), parked.error.message, parked.error.stack};
    letter.failedAt = parked.failedAt;
    letter.attempts = parked.attempts;
    return letter;
}

ParkedEvent toParkedEvent(const DeadLetter& letter)
{
    ParkedEvent parked;
    parked.id = letter.id;
    parked.queue = letter.queue;
    parked.original.stream = letter.original.stream;
    parked.original.position = {letter.original.position.value_or(0)};
    parked.original.id = letter.original.id;
    parked.original.type = letter.original.type;
    parked.original.time = letter.original.time;
    readHeaders(letter.original.headers, parked.original);
    parked.original.data = letter.original.data;
    parked.error = {errorCodeFrom(letter.error.type), letter.error.message, letter.error.stack};
    parked.failedAt = letter.failedAt;
    parked.attempts = letter.attempts;
    return parked;
}

ParkedLetters::ParkedLetters(DeadLetterStore& letters, RedeliveryQueue& redeliveries, const EventStore* events)
    : m_letters(letters), m_redeliveries(redeliveries), m_events(events)
{
}

DeadLetterQueue::Capabilities ParkedLetters::capabilities() const
{
    return {.acknowledge = true, .discard = true, .restore = true, .settle = true};
}

Result<std::vector<DeadLetter>> ParkedLetters::list(std::string_view queue, std::stop_token)
{
    const auto parked = m_letters.list(queue);
    if (!parked)
        return std::unexpected(parked.error());
    std::vector<DeadLetter> letters;
    letters.reserve(parked->size());
    for (const ParkedEvent& event : *parked)
        letters.push_back(toDeadLetter(event));
    return letters;
}

Status ParkedLetters::send(const Requeue& requeue)
{
    const auto parked = m_letters.find(requeue.letter.id);
    if (!parked)
        return std::unexpected(parked.error());
    if (!*parked)
        return fail(ErrorCode::NotFound, fmt::format("The dead letter {} is no longer there.", requeue.letter.id));
    Redelivery redelivery{requeue.sendId, requeue.target.empty() ? (*parked)->queue : requeue.target,
        (*parked)->original, (*parked)->attempts, requeue.possibleDuplicate};
    redelivery.event.data = requeue.data;
    return m_redeliveries.enqueue(redelivery);
}

Status ParkedLetters::acknowledge(const DeadLetter& letter)
{
    return m_letters.remove(letter.id);
}

Status ParkedLetters::discard(const DeadLetter& letter)
{
    return m_letters.remove(letter.id);
}

Status ParkedLetters::restore(const DeadLetter& letter)
{
    const auto there = m_letters.find(letter.id);
    if (!there)
        return std::unexpected(there.error());
    return *there ? Status() : m_letters.park(toParkedEvent(letter));
}

Result<SendState> ParkedLetters::settle(std::string_view sendId, const DeadLetter&)
{
    const Result<bool> known = m_redeliveries.isKnown(sendId);
    if (!known)
        return std::unexpected(known.error());
    return *known ? SendState::Arrived : SendState::NotArrived;
}

Result<std::optional<std::size_t>> ParkedLetters::newerOfSameKey(const DeadLetter& letter)
{
    if (!m_events)
        return std::nullopt;
    const Result<StreamVersion> last = m_events->streamVersion(letter.original.stream);
    if (!last)
        return std::unexpected(last.error());
    const std::int64_t newer = last->value - toParkedEvent(letter).original.version.value;
    return newer > 0 ? static_cast<std::size_t>(newer) : 0;
}

} // namespace eventscope::core
