// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "file_follower.h"

#include "file_range.h"

#include <fmt/format.h>

#include <utility>

namespace eventscope::file {

using core::Result;
using core::SourceEvent;

namespace {

constexpr std::size_t kBatchBytes = std::size_t{4} << 20;
constexpr int kPipeMilliseconds = 250;

} // namespace

core::Status FileFollower::run(const core::FollowStart& start, const Open& open, std::stop_token stop)
{
    m_start = start;
    if (core::Status begun = begin(start, open, stop); !begun) {
        return begun;
    }
    while (!stop.stop_requested()) {
        const Result<Outcome> outcome = readAll(RecordReader::Tail::Wait, stop);
        if (!outcome) {
            return std::unexpected(outcome.error());
        }
        if (*outcome == Outcome::Stop || !m_sink.tick()) {
            return {};
        }
        const Result<bool> isOther = reopenIfReplaced(stop);
        if (!isOther) {
            return std::unexpected(isOther.error());
        }
        if (!*isOther && !waitForMore(stop)) {
            return {};
        }
    }
    return {};
}

core::Status FileFollower::begin(const core::FollowStart& start, const Open& open, const std::stop_token& stop)
{
    Result<RecordReader> reader = open();
    if (!reader) {
        return std::unexpected(reader.error());
    }
    const std::optional<FilePlace> place = FilePlace::parse(start.cursor);
    if (place && reader->bytes().isRegular()) {
        Result<FileBytes> bytes = FileBytes::open(m_options.path);
        Result<std::optional<RecordReader>> resumed
            = bytes ? RecordReader::resume(std::move(*bytes), *place) : std::unexpected(bytes.error());
        if (!resumed) {
            return std::unexpected(resumed.error());
        }
        m_isPastStart = true;
        if (*resumed) {
            m_reader.emplace(std::move(**resumed));
            return {};
        }
        m_sink.notice(fmt::format("'{}' is another file than before: it is read from its beginning.", m_options.path));
    }
    m_reader.emplace(std::move(*reader));
    return start.position == SourceEvent::kNone && !m_isPastStart ? skipAll(stop) : core::Status();
}

/// Passes over what is there.
core::Status FileFollower::skipAll(const std::stop_token& stop)
{
    FilePlace before = m_reader->place();
    while (!stop.stop_requested()) {
        const auto record = m_reader->next(RecordReader::Tail::Wait);
        if (!record) {
            return std::unexpected(record.error());
        }
        if (!*record) {
            break;
        }
        const SourceEvent event = m_events.read((*record)->text, (*record)->number, (*record)->fault);
        const FilePlace after = m_reader->place();
        m_tally.take(event, before, after);
        before = after;
    }
    m_isPastStart = true;
    m_cursor = m_reader->place().text();
    return {};
}

Result<FileFollower::Outcome> FileFollower::readAll(RecordReader::Tail wanted, const std::stop_token& stop)
{
    FilePlace before = m_reader->place();
    while (!stop.stop_requested()) {
        const auto tail = m_reader->bytes().isClosed() ? RecordReader::Tail::End : wanted;
        const auto record = m_reader->next(tail);
        if (!record) {
            flush();
            return std::unexpected(record.error());
        }
        if (!*record) {
            if (tail == RecordReader::Tail::Wait && m_reader->bytes().isClosed()) {
                continue; // the last record has no line end
            }
            break;
        }
        const SourceEvent event = m_events.read((*record)->text, (*record)->number, (*record)->fault);
        const FilePlace after = m_reader->place();
        m_tally.take(event, before, after);
        before = after;
        if (isWanted(event)) {
            m_batch.add(event);
        }
        if ((m_batch.size() >= m_options.batch || m_batch.payloadBytes() >= kBatchBytes) && !flush()) {
            return Outcome::Stop;
        }
    }
    return flush() ? Outcome::GoOn : Outcome::Stop;
}

bool FileFollower::isWanted(const SourceEvent& event) const
{
    const bool isInStream = m_start.stream.empty() || event.stream == m_start.stream;
    const bool isTooOld = m_start.fromTime && event.hasTime && event.time < *m_start.fromTime;
    return isInStream && !isTooOld && (m_isPastStart || event.position > m_start.position);
}

bool FileFollower::flush()
{
    if (!m_batch.empty()) {
        const bool isWanted = m_sink.deliver(m_batch.events());
        m_batch.clear();
        m_cursor = m_reader->place().text();
        return isWanted && m_sink.tick();
    }
    return true;
}

core::Status FileFollower::openAgain(std::string_view because)
{
    Result<FileBytes> bytes = FileBytes::open(m_options.path);
    if (!bytes) {
        return std::unexpected(bytes.error());
    }
    m_reader.emplace(std::move(*bytes));
    m_tally.clear();
    m_isPastStart = true;
    m_sink.notice(fmt::format("'{}' {}", m_options.path, because));
    return {};
}

/// True when there is something else to read now.
Result<bool> FileFollower::reopenIfReplaced(const std::stop_token& stop)
{
    const FileBytes& bytes = m_reader->bytes();
    if (!bytes.isRegular() || m_options.path == "-") {
        return false;
    }
    if (bytes.isTruncated()) {
        const core::Status status = openAgain("was cut short: it is read from its beginning again.");
        return status ? Result<bool>(true) : std::unexpected(status.error());
    }
    const Result<FileBytes> now = FileBytes::open(m_options.path);
    if (!now || now->identity() == bytes.identity()) {
        return false; // being replaced, or gone for good: what is open can still grow
    }
    // Nobody writes to the old one any more: what has no line end yet never gets one.
    if (Result<Outcome> outcome = readAll(RecordReader::Tail::End, stop); !outcome || *outcome == Outcome::Stop) {
        return outcome ? Result<bool>(false) : std::unexpected(outcome.error());
    }
    const core::Status status = openAgain("was replaced by another file: it goes on with that one.");
    return status ? Result<bool>(true) : std::unexpected(status.error());
}

/// False when a stop was requested.
bool FileFollower::waitForMore(const std::stop_token& stop)
{
    const FileBytes& bytes = m_reader->bytes();
    if (!bytes.isRegular() && !bytes.isClosed()) {
        bytes.waitForInput(kPipeMilliseconds);
        return !stop.stop_requested();
    }
    return m_clock.sleepFor(m_options.poll, stop);
}

} // namespace eventscope::file
