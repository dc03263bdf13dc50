// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/log_storage.h"

#include "inspect/varint.h"

#include <chrono>
#include <new>
#include <string_view>
#include <utility>

namespace eventscope::core {

LogStorage::LogStorage(LogPages::Options options)
    : pages(std::move(options))
    , arena(pages)
    , chunks(mapArray<LogChunk*>(kMaxChunks))
    , headerSets(mapArray<TextId>(kMaxHeaderSets))
{
    if (!chunks || !headerSets) {
        throw std::bad_alloc();
    }
}

bool LogStorage::isDropped(LogRow row) const
{
    // What was read before this stands: pages turn to zeros only after the rows in them were dropped.
    std::atomic_thread_fence(std::memory_order_acquire);
    return row < firstRow.load(std::memory_order_relaxed);
}

LogRecord LogStorage::recordOf(LogRow row) const
{
    static constexpr char kEmptyRecord[2] = {0, 0};
    const LogChunk& chunk = chunkOf(row);
    const std::size_t index = row % LogChunk::kRows;
    const std::uint64_t begin = chunk.endBefore(index);
    const std::uint64_t end = chunk.endOf(index);
    if (!isDropped(row)) {
        const LogRecord record = readRecord(arena.recordBegin(begin, end), arena.recordEnd(end));
        if (!isDropped(row)) {
            return record;
        }
    }
    return readRecord(kEmptyRecord, kEmptyRecord + 1);
}

Timestamp LogStorage::timeOf(LogRow row) const
{
    const LogChunk& chunk = chunkOf(row);
    const std::uint64_t offset = chunk.timeOffset(row % LogChunk::kRows);
    if (offset == LogChunk::kTimeElsewhere) {
        return Timestamp{std::chrono::microseconds{recordOf(row).time}};
    }
    return Timestamp{std::chrono::microseconds{LogChunk::sum(chunk.timeBase, static_cast<std::int64_t>(offset))}};
}

TextId LogStorage::typeOf(LogRow row) const
{
    const std::uint16_t place = chunkOf(row).type[row % LogChunk::kRows];
    return place == LogChunk::kTypeElsewhere ? recordOf(row).type : types.at(place);
}

TextId LogStorage::sourceOf(LogRow row) const
{
    const std::uint8_t place = chunkOf(row).source[row % LogChunk::kRows];
    return place == LogChunk::kSourceElsewhere ? recordOf(row).source : sources.at(place);
}

IdText LogStorage::resolve(LogRow row, const StoredId& id, std::string_view payload) const
{
    switch (id.form) {
    case IdForm::Absent: break;
    case IdForm::Uuid: return IdText::ofUuid(reinterpret_cast<const std::uint8_t*>(id.bytes));
    case IdForm::Text: return IdText(std::string_view(id.bytes, id.size));
    case IdForm::InPayload:
    case IdForm::InPayloadUuid: return IdText(payload.substr(id.offset, id.size));
    case IdForm::SameAsCorrelation: return IdText(texts.text(chunkOf(row).correlation[row % LogChunk::kRows]));
    case IdForm::EarlierRow: {
        const LogRow earlier = row - id.offset; // in the same block of the arena, so there as long as this one
        const LogRecord record = recordOf(earlier);
        return resolve(earlier, record.id, record.payload);
    }
    }
    return {};
}

IdText LogStorage::idOf(LogRow row) const
{
    const LogRecord record = recordOf(row);
    return resolve(row, record.id, record.payload);
}

LogEvent LogStorage::event(LogRow row) const
{
    const LogChunk& chunk = chunkOf(row);
    const std::size_t index = row % LogChunk::kRows;
    const LogRecord record = recordOf(row);
    LogEvent event;
    if (record.hasPosition) {
        const std::int64_t base = record.sourceEscaped ? 0 : chunk.expectedPosition(chunk.source[index], index);
        event.position = LogChunk::sum(base, record.position);
    }
    event.version = record.version;
    event.partition = record.partition;
    event.time = timeOf(row);
    event.hasTime = record.hasTime;
    event.payloadIsNull = record.payloadIsNull;
    event.isLate = record.isLate;
    event.source = sourceOf(row);
    event.stream = chunk.stream[index];
    event.type = typeOf(row);
    event.correlation = chunk.correlation[index];
    event.id = resolve(row, record.id, record.payload);
    event.causationId = resolve(row, record.causation, record.payload);
    event.payload = record.payload;
    event.undecodable = record.undecodable;
    event.attempts = record.attempts;
    return event;
}

void LogStorage::visitHeaders(LogRow row, const std::function<void(HeaderView)>& take) const
{
    StoredHeaders headers = recordOf(row).headers;
    if (headers.set > 0) {
        const std::string_view set = texts.text(headerSets[headers.set]);
        const char* in = set.data();
        headers.count = takeVarint(in);
        headers.bytes = set.substr(static_cast<std::size_t>(in - set.data()));
    }
    const char* in = headers.bytes.data();
    for (std::uint64_t i = 0; i < headers.count; ++i) {
        const StoredHeader header = readHeader(in);
        take({texts.text(header.name), header.value});
    }
}

} // namespace eventscope::core
