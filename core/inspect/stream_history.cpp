// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/stream_history.h"

#include "event/json.h"
#include "inspect/event_log.h"
#include "inspect/log_events.h"

#include <algorithm>
#include <cstring>
#include <deque>
#include <new>

namespace eventscope::core {

namespace {

constexpr std::size_t kBlock = std::size_t{256} << 10;
constexpr std::size_t kReadableBehindPayload = 64; ///< what vectorised parsers may touch

/// The number that orders an event in its stream, as far as the source knows one.
std::int64_t orderOf(const SourceEvent& event)
{
    return event.version != SourceEvent::kNone ? event.version : event.position;
}

} // namespace

/// Bytes that never move, in blocks.
class StreamHistory::Arena {
public:
    std::string_view keep(std::string_view text, std::size_t readableBehind = 0)
    {
        if (text.empty())
            return {};
        char* place = allocate(text.size() + readableBehind, 1);
        std::memcpy(place, text.data(), text.size());
        if (readableBehind > 0)
            std::memset(place + text.size(), 0, readableBehind);
        return {place, text.size()};
    }

    std::span<HeaderView> headers(std::size_t count)
    {
        if (count == 0)
            return {};
        char* place = allocate(count * sizeof(HeaderView), alignof(HeaderView));
        return {new (place) HeaderView[count], count};
    }

    std::size_t bytes() const { return m_bytes; }

private:
    struct Block {
        std::unique_ptr<char[]> memory;
        std::size_t size = 0, used = 0;
    };

    char* allocate(std::size_t size, std::size_t alignment)
    {
        if (m_blocks.empty() || aligned(m_blocks.back(), alignment) + size > m_blocks.back().size) {
            const std::size_t room = std::max(kBlock, size);
            m_blocks.push_back({.memory = std::make_unique_for_overwrite<char[]>(room), .size = room});
            m_bytes += room;
        }
        Block& block = m_blocks.back();
        const std::size_t offset = aligned(block, alignment);
        block.used = offset + size;
        return block.memory.get() + offset;
    }

    static std::size_t aligned(const Block& block, std::size_t alignment)
    {
        return (block.used + alignment - 1) / alignment * alignment;
    }

    std::deque<Block> m_blocks;
    std::size_t m_bytes = 0;
};

StreamHistory::StreamHistory(std::string stream, std::string source)
    : m_stream(std::move(stream)), m_source(std::move(source)), m_arena(std::make_unique<Arena>())
{
}

StreamHistory::~StreamHistory() = default;

std::shared_ptr<StreamHistory> StreamHistory::fromLog(
    const EventLog& log, std::string_view stream, std::string_view source)
{
    auto history = std::make_shared<StreamHistory>(std::string(stream), std::string(source));
    TextId streamId = 0;
    if (!log.findText(stream, streamId))
        return history;

    struct Row {
        LogRow row;
        std::int64_t order;
    };
    std::vector<Row> rows;
    for (LogRow row = 0, end = log.size(); row < end; ++row) {
        if (log.streamAt(row) != streamId || (!source.empty() && log.text(log.sourceAt(row)) != source))
            continue;
        const LogEvent event = log.at(row);
        rows.push_back({row, event.version != SourceEvent::kNone ? event.version : event.position});
    }
    std::stable_sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) { return a.order < b.order; });
    LogEvents events(log);
    for (const Row& row : rows)
        history->append(events.at(row.row));
    return history;
}

bool StreamHistory::append(const SourceEvent& event)
{
    if (event.stream != m_stream || (!m_source.empty() && event.source != m_source))
        return false;
    if (!m_events.empty() && orderOf(event) != SourceEvent::kNone && orderOf(event) <= orderOf(m_events.back().event))
        return false;
    SourceEvent kept = event;
    kept.source = intern(event.source);
    kept.stream = m_stream;
    kept.type = intern(event.type);
    kept.id = m_arena->keep(event.id);
    kept.correlationId = m_arena->keep(event.correlationId);
    kept.causationId = m_arena->keep(event.causationId);
    kept.undecodable = m_arena->keep(event.undecodable);
    kept.attempts = m_arena->keep(event.attempts);
    kept.note = m_arena->keep(event.note);
    kept.payload = m_arena->keep(event.payload, kReadableBehindPayload);
    const std::span<HeaderView> headers = m_arena->headers(event.headers.size());
    for (std::size_t i = 0; i < headers.size(); ++i)
        headers[i] = {intern(event.headers[i].name), m_arena->keep(event.headers[i].value)};
    kept.headers = headers;
    m_events.push_back({.event = kept, .payloadIsJson = !event.payloadIsNull && isJson(event.payload)});
    return true;
}

bool StreamHistory::deliver(std::span<const SourceEvent> batch)
{
    for (const SourceEvent& event : batch)
        append(event);
    return true;
}

ReducerEvent::Payload StreamHistory::payloadAt(std::size_t index) const
{
    const Entry& entry = m_events[index];
    return {.isJson = entry.payloadIsJson,
        .readable = entry.event.payload.empty() ? 0 : entry.event.payload.size() + kReadableBehindPayload};
}

std::int64_t StreamHistory::versionAt(std::size_t index) const
{
    const std::int64_t order = orderOf(m_events[index].event);
    return order != SourceEvent::kNone ? order : static_cast<std::int64_t>(index) + 1;
}

std::optional<std::size_t> StreamHistory::indexOf(std::int64_t version) const
{
    std::size_t low = 0;
    std::size_t high = m_events.size();
    while (low < high) {
        const std::size_t middle = low + (high - low) / 2;
        if (versionAt(middle) < version)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == m_events.size() || versionAt(low) != version)
        return std::nullopt;
    return low;
}

std::size_t StreamHistory::heldBytes() const
{
    return m_arena->bytes() + m_events.capacity() * sizeof(Entry);
}

std::string_view StreamHistory::intern(std::string_view text)
{
    if (text.empty())
        return {};
    const auto found = m_texts.find(text);
    return found != m_texts.end() ? *found : *m_texts.insert(m_arena->keep(text)).first;
}

} // namespace eventscope::core
