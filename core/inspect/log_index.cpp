// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/log_index.h"

#include "inspect/log_chunk.h"

#include <algorithm>
#include <functional>
#include <limits>
#include <span>
#include <utility>

namespace eventscope::core {

namespace {

constexpr LogRow kRows = LogChunk::kRows;
constexpr LogRow kTimesRows = 4096;

std::uint32_t hashOf(std::string_view text)
{
    return static_cast<std::uint32_t>(std::hash<std::string_view>{}(text));
}

std::uint32_t hashOf(std::int64_t number)
{
    return static_cast<std::uint32_t>((static_cast<std::uint64_t>(number) * 0x9e3779b97f4a7c15U) >> 32);
}

using Entry = std::pair<std::uint32_t, std::uint16_t>;

/// By key; those of the same key stay in their order.
void sortByKey(std::vector<Entry>& entries)
{
    constexpr unsigned kBits = 11;
    constexpr std::size_t kPlaces = std::size_t{1} << kBits;
    std::vector<Entry> other(entries.size());
    for (unsigned shift = 0; shift < 32; shift += kBits) {
        const auto placeOf = [shift](const Entry& entry) { return (entry.first >> shift) & (kPlaces - 1); };
        std::array<std::size_t, kPlaces + 1> begins{};
        for (const Entry& entry : entries)
            ++begins[placeOf(entry) + 1];
        for (std::size_t i = 1; i <= kPlaces; ++i)
            begins[i] += begins[i - 1];
        for (const Entry& entry : entries)
            other[begins[placeOf(entry)]++] = entry;
        entries.swap(other);
    }
}

} // namespace

/// 0: nothing that could be looked for.
std::uint32_t LogIndex::keyOf(Kind kind, LogRow row) const
{
    switch (kind) {
    case Kind::Id: {
        const IdText id = m_log.idAt(row);
        return id.empty() ? 0 : hashOf(id.view()) | 1U;
    }
    case Kind::Cause: {
        const LogEvent event = m_log.at(row);
        return event.causationId.empty() ? 0 : hashOf(event.causationId.view()) | 1U;
    }
    case Kind::Flow: return m_log.correlationAt(row);
    case Kind::Stream: return m_log.streamAt(row);
    case Kind::Position: {
        const std::int64_t position = m_log.at(row).position;
        return position == SourceEvent::kNone ? 0 : hashOf(position) | 1U;
    }
    }
    return 0;
}

LogIndex::Chunk LogIndex::makeChunk(Kind kind, LogRow begin) const
{
    const EventLog::Hold hold = m_log.hold();
    std::vector<Entry> entries;
    entries.reserve(kRows);
    for (LogRow row = std::max(begin, m_log.firstRow()); row < begin + kRows; ++row) {
        if (const std::uint32_t key = keyOf(kind, row); key != 0)
            entries.emplace_back(key, static_cast<std::uint16_t>(row - begin));
    }
    sortByKey(entries);
    Chunk chunk;
    chunk.keys.reserve(entries.size());
    chunk.rows.reserve(entries.size());
    for (const auto& [key, row] : entries) {
        chunk.keys.push_back(key);
        chunk.rows.push_back(row);
    }
    return chunk;
}

/// With all chunks that are full, unless it was stopped.
LogIndex::Index& LogIndex::grown(Kind kind, const std::stop_token& stop)
{
    Index& index = m_indexes[static_cast<std::size_t>(kind)];
    const std::size_t first = m_log.firstRow() / kRows;
    while (index.first < first) {
        ++index.first;
        if (!index.chunks.empty())
            index.chunks.pop_front();
    }
    const std::size_t full = m_log.size() / kRows;
    while (index.first + index.chunks.size() < full && !stop.stop_requested())
        index.chunks.push_back(makeChunk(kind, (index.first + index.chunks.size()) * kRows));
    return index;
}

template <class Is>
void LogIndex::find(
    Kind kind, std::uint32_t key, const Is& is, const Take& take, LogRow from, const std::stop_token& stop)
{
    const std::scoped_lock lock(m_mutex);
    const LogRow size = m_log.size();
    const Index& index = grown(kind, stop);
    const auto isWanted = [&](LogRow row) { return row >= from && row >= m_log.firstRow() && is(row); };
    const std::size_t indexed = index.first + index.chunks.size();
    for (std::size_t i = std::max<std::size_t>(index.first, from / kRows); i < indexed && !stop.stop_requested(); ++i) {
        const Chunk& chunk = index.chunks[i - index.first];
        const auto [begin, end] = std::equal_range(chunk.keys.begin(), chunk.keys.end(), key);
        for (auto at = begin; at != end; ++at) {
            const LogRow row = i * kRows + chunk.rows[static_cast<std::size_t>(at - chunk.keys.begin())];
            if (row < size && isWanted(row) && !take(row))
                return;
        }
    }
    for (LogRow row = std::max<LogRow>(indexed * kRows, from); row < size && !stop.stop_requested(); ++row) {
        if (isWanted(row) && !take(row))
            return;
    }
}

void LogIndex::withId(std::string_view id, const Take& take, LogRow from, const std::stop_token& stop)
{
    if (!id.empty())
        find(
            Kind::Id, hashOf(id) | 1U, [&](LogRow row) { return m_log.idAt(row) == id; }, take, from, stop);
}

void LogIndex::causedBy(std::string_view id, const Take& take, LogRow from, const std::stop_token& stop)
{
    if (!id.empty())
        find(
            Kind::Cause, hashOf(id) | 1U, [&](LogRow row) { return m_log.at(row).causationId == id; }, take, from,
            stop);
}

void LogIndex::ofFlow(TextId correlation, const Take& take, LogRow from, const std::stop_token& stop)
{
    if (correlation != 0)
        find(
            Kind::Flow, correlation, [&](LogRow row) { return m_log.correlationAt(row) == correlation; }, take, from,
            stop);
}

void LogIndex::ofStream(TextId stream, const Take& take, LogRow from, const std::stop_token& stop)
{
    if (stream != 0)
        find(
            Kind::Stream, stream, [&](LogRow row) { return m_log.streamAt(row) == stream; }, take, from, stop);
}

void LogIndex::atPosition(std::int64_t position, const Take& take, LogRow from, const std::stop_token& stop)
{
    if (position != SourceEvent::kNone)
        find(
            Kind::Position, hashOf(position) | 1U, [&](LogRow row) { return m_log.at(row).position == position; }, take,
            from, stop);
}

LogIndex::Times LogIndex::timesOf(LogRow begin, LogRow end) const
{
    const EventLog::Hold hold = m_log.hold();
    Times times{.least = std::numeric_limits<std::int64_t>::max(), .most = std::numeric_limits<std::int64_t>::min()};
    for (LogRow row = std::max(begin, m_log.firstRow()); row < end; ++row) {
        const Timestamp at = m_log.timeAt(row);
        if (at == Timestamp{} && !m_log.at(row).hasTime) // the epoch may stand for no time
            continue;
        const std::int64_t time = at.time_since_epoch().count();
        times.most = std::max(times.most, time);
        if (time < times.least) {
            times.least = time;
            times.leastRow = row;
        }
    }
    return times;
}

std::optional<LogRow> LogIndex::notBefore(Timestamp time, const std::stop_token& stop)
{
    const std::scoped_lock lock(m_mutex);
    const LogRow size = m_log.size();
    for (const std::size_t first = m_log.firstRow() / kTimesRows; m_firstTimes < first; ++m_firstTimes) {
        if (!m_times.empty())
            m_times.pop_front();
    }
    while ((m_firstTimes + m_times.size() + 1) * kTimesRows <= size && !stop.stop_requested()) {
        const LogRow begin = (m_firstTimes + m_times.size()) * kTimesRows;
        m_times.push_back(timesOf(begin, begin + kTimesRows));
    }
    const std::int64_t wanted = time.time_since_epoch().count();
    std::optional<LogRow> best;
    std::int64_t bestTime = std::numeric_limits<std::int64_t>::max();
    const auto offer = [&](LogRow row, std::int64_t at) {
        if (at >= wanted && (at < bestTime || !best)) {
            best = row;
            bestTime = at;
        }
    };
    const auto lookThrough = [&](LogRow begin, LogRow end) {
        const EventLog::Hold hold = m_log.hold();
        for (LogRow row = std::max(begin, m_log.firstRow()); row < end; ++row) {
            const Timestamp at = m_log.timeAt(row);
            const bool counts = at != Timestamp{} || wanted > 0 || m_log.at(row).hasTime;
            if (counts)
                offer(row, at.time_since_epoch().count());
        }
    };
    for (std::size_t i = 0; i < m_times.size() && !stop.stop_requested(); ++i) {
        const Times& times = m_times[i];
        const LogRow begin = (m_firstTimes + i) * kTimesRows;
        if (times.least > times.most || times.most < wanted || (best && times.least >= bestTime))
            continue;
        if (times.least >= wanted && times.leastRow >= m_log.firstRow())
            offer(times.leastRow, times.least);
        else
            lookThrough(begin, begin + kTimesRows);
    }
    lookThrough((m_firstTimes + m_times.size()) * kTimesRows, size);
    return best;
}

std::size_t LogIndex::heldBytes() const
{
    const std::scoped_lock lock(m_mutex);
    std::size_t bytes = m_times.size() * sizeof(Times);
    for (const Index& index : m_indexes) {
        for (const Chunk& chunk : index.chunks)
            bytes += chunk.keys.capacity() * sizeof(std::uint32_t) + chunk.rows.capacity() * sizeof(std::uint16_t);
    }
    return bytes;
}

} // namespace eventscope::core
