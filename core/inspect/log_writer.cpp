// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/log_writer.h"

#include <cstring>
#include <functional>

namespace eventscope::core {

namespace {

std::size_t hashOf(std::string_view text)
{
    return std::hash<std::string_view>{}(text);
}

bool isWithin(std::string_view part, std::string_view whole)
{
    const std::less_equal<const char*> before;
    return before(whole.data(), part.data()) && before(part.data() + part.size(), whole.data() + whole.size());
}

/// False when the text could not be kept.
bool isKept(TextId id, std::string_view text)
{
    return id != 0 || text.empty();
}

} // namespace

LogWriter::LogWriter(LogStorage& storage, std::size_t budgetBytes)
    : m_storage(storage), m_budget(budgetBytes), m_recentIds(kRecentIds), m_recentHeaders(kRecentHeaders)
{
}

void LogWriter::write(std::span<const SourceEvent> batch)
{
    m_lastSource = m_lastStream = m_lastType = m_lastCorrelation = {};
    for (const SourceEvent& event : batch) {
        m_full = m_full || !writeRow(event);
        m_totals.refused += m_full ? 1 : 0;
    }
    m_storage.arena.seal(kRecordMark);
}

bool LogWriter::writeRow(const SourceEvent& event)
{
    LogChunk* const chunk = chunkToFill();
    Columns columns;
    if (!chunk || !internTexts(event, columns)) {
        return false;
    }
    const std::size_t index = m_totals.rows % LogChunk::kRows;
    const std::int64_t time = event.hasTime ? event.time.time_since_epoch().count() : 0;
    if (index == 0) {
        chunk->timeBase = LogChunk::difference(time, LogStorage::kTimeBias);
    }
    columns.timeOffset = static_cast<std::uint64_t>(LogChunk::difference(time, chunk->timeBase));
    if (!event.hasTime || columns.timeOffset > LogChunk::kTimeElsewhere) {
        columns.timeOffset = LogChunk::kTimeElsewhere;
    }
    LogRecord record = recordOf(event, columns, *chunk, index);
    record.time = time;

    const std::uint64_t begin = m_storage.arena.end();
    std::uint64_t end = 0;
    if (!fillHeaders(event, record) || !writeRecord(event, record, end)) {
        return false;
    }
    fillColumns(*chunk, index, columns);
    const std::size_t group = index / LogChunk::kGroupRows;
    if (index % LogChunk::kGroupRows == 0) {
        chunk->groupBegin[group] = begin;
    }
    chunk->recordEnd[index] = static_cast<std::uint32_t>(end - chunk->groupBegin[group]);
    ++m_totals.rows;
    m_totals.payloadBytes += event.payload.size();
    m_totals.undecodable += event.undecodable.empty() ? 0 : 1;
    remember(event, record);
    return true;
}

LogChunk* LogWriter::chunkToFill()
{
    const std::size_t chunk = m_totals.rows / LogChunk::kRows;
    if (chunk == m_chunks.size()) {
        if (chunk == LogStorage::kMaxChunks) {
            return nullptr;
        }
        MappedArray<LogChunk> fresh = mapArray<LogChunk>(1);
        if (!fresh) {
            return nullptr;
        }
        m_storage.chunks[chunk] = fresh.get();
        m_chunks.push_back(std::move(fresh));
    }
    return m_chunks[chunk].get();
}

TextId LogWriter::intern(LastText& last, std::string_view text)
{
    if (text.data() != last.data || text.size() != last.size) {
        last = {text.data(), text.size(), m_storage.texts.intern(text)};
    }
    return last.id;
}

bool LogWriter::internTexts(const SourceEvent& event, Columns& columns)
{
    columns.source = intern(m_lastSource, event.source);
    columns.stream = intern(m_lastStream, event.stream);
    columns.type = intern(m_lastType, event.type);
    columns.correlation = intern(m_lastCorrelation, event.correlationId);
    if (!isKept(columns.source, event.source) || !isKept(columns.stream, event.stream)
        || !isKept(columns.type, event.type) || !isKept(columns.correlation, event.correlationId)) {
        return false;
    }
    columns.typePlace = m_storage.types.place(columns.type);
    columns.sourcePlace = m_storage.sources.place(columns.source);
    return true;
}

LogRecord LogWriter::recordOf(
    const SourceEvent& event, const Columns& columns, LogChunk& chunk, std::size_t index) const
{
    LogRecord record;
    record.typeEscaped = columns.typePlace == LogChunk::kTypeElsewhere;
    record.type = columns.type;
    record.sourceEscaped = columns.sourcePlace == LogChunk::kSourceElsewhere;
    record.source = columns.source;
    record.hasTime = event.hasTime;
    record.timeEscaped = columns.timeOffset == LogChunk::kTimeElsewhere;
    record.version = event.version;
    record.partition = event.partition < 0 ? -1 : event.partition;
    record.payloadIsNull = event.payloadIsNull;
    record.undecodable = event.undecodable;
    if (event.position == SourceEvent::kNone) {
        return record;
    }
    record.hasPosition = true;
    if (!record.sourceEscaped && !chunk.hasPositionBase[columns.sourcePlace]) {
        chunk.hasPositionBase[columns.sourcePlace] = true;
        chunk.positionBase[columns.sourcePlace]
            = LogChunk::difference(event.position, static_cast<std::int64_t>(index));
    }
    const std::int64_t expected = record.sourceEscaped ? 0 : chunk.expectedPosition(columns.sourcePlace, index);
    record.position = LogChunk::difference(event.position, expected);
    return record;
}

bool LogWriter::fillHeaders(const SourceEvent& event, LogRecord& record)
{
    if (event.headers.empty()) {
        return true;
    }
    m_headers.clear();
    for (const HeaderView& header : event.headers) {
        const TextId name = m_storage.texts.intern(header.name);
        if (!isKept(name, header.name)) {
            return false;
        }
        appendHeader(m_headers, name, header.value);
    }
    record.headers = {.count = event.headers.size(), .bytes = m_headers};
    RecentHeaders& recent = m_recentHeaders[hashOf(m_headers) % kRecentHeaders];
    if (recent.row != 0 && m_storage.recordOf(recent.row - 1).headers.bytes == m_headers) {
        if (recent.set == 0 && m_headerSets + 1 < LogStorage::kMaxHeaderSets) {
            recent.set = ++m_headerSets;
            m_storage.headerSets[recent.set] = recent.row - 1;
        }
        record.headers.set = recent.set;
    }
    return true;
}

StoredId LogWriter::idForm(std::string_view id, std::string_view payload, std::uint8_t* uuid) const
{
    if (id.empty()) {
        return {};
    }
    const bool isUuid = packUuid(id, uuid);
    if (isWithin(id, payload)) {
        return {.form = isUuid ? IdForm::InPayloadUuid : IdForm::InPayload,
            .offset = static_cast<std::uint64_t>(id.data() - payload.data()),
            .size = id.size()};
    }
    if (isUuid) {
        return {.form = IdForm::Uuid, .bytes = reinterpret_cast<const char*>(uuid)};
    }
    return {.form = IdForm::Text, .bytes = id.data(), .size = id.size()};
}

StoredId LogWriter::causationForm(const SourceEvent& event, std::uint8_t* uuid) const
{
    if (event.causationId.empty()) {
        return {};
    }
    if (event.causationId == event.correlationId) {
        return {.form = IdForm::SameAsCorrelation};
    }
    const LogRow earlier = m_recentIds[hashOf(event.causationId) % kRecentIds];
    if (earlier != 0 && m_storage.idOf(earlier - 1) == event.causationId) {
        return {.form = IdForm::EarlierRow, .offset = m_totals.rows - (earlier - 1)};
    }
    return idForm(event.causationId, event.payload, uuid);
}

bool LogWriter::writeRecord(const SourceEvent& event, LogRecord& record, std::uint64_t& end)
{
    const std::size_t needed = kLargestRecordHead + event.id.size() + event.causationId.size()
        + event.undecodable.size() + record.headers.bytes.size() + event.payload.size();
    if (heldBytes() + needed + LogChunk::kRowBytes + LogChunk::kCorrelationBytes > m_budget) {
        return false;
    }
    std::array<std::uint8_t, 16> idBytes{};
    std::array<std::uint8_t, 16> causationBytes{};
    record.id = idForm(event.id, event.payload, idBytes.data());
    record.causation = causationForm(event, causationBytes.data());

    const bool large = needed > LogArena::kLargestInline;
    char* const inArena = m_storage.arena.reserve(large ? kLargeRecordStub : needed);
    char* const begin = large && inArena ? m_storage.arena.allocateLarge(needed) : inArena;
    if (!begin) {
        return false;
    }
    char* out = writeRecordHead(begin, record);
    if (!event.payload.empty()) {
        std::memcpy(out, event.payload.data(), event.payload.size());
    }
    const auto size = static_cast<std::size_t>(out - begin) + event.payload.size();
    if (large) {
        writeLargeRecordStub(inArena, begin, size);
    }
    end = m_storage.arena.commit(large ? kLargeRecordStub : size);
    return true;
}

void LogWriter::fillColumns(LogChunk& chunk, std::size_t index, const Columns& columns)
{
    chunk.timeLow[index] = static_cast<std::uint32_t>(columns.timeOffset);
    chunk.timeHigh[index] = static_cast<std::uint16_t>(columns.timeOffset >> 32);
    chunk.stream[index] = columns.stream;
    chunk.type[index] = columns.typePlace;
    chunk.source[index] = columns.sourcePlace;
    if (columns.correlation != 0) {
        // Pages without any stay untouched, and so free.
        chunk.correlation[index] = columns.correlation;
        chunk.hasCorrelation = true;
    }
    m_columnBytes += LogChunk::kRowBytes + (chunk.hasCorrelation ? LogChunk::kCorrelationBytes : 0);
}

void LogWriter::remember(const SourceEvent& event, const LogRecord& record)
{
    const auto row = static_cast<std::uint32_t>(m_totals.rows); // already counts this one
    if (!event.id.empty()) {
        m_recentIds[hashOf(event.id) % kRecentIds] = row;
    }
    if (record.headers.count > 0 && record.headers.set == 0) {
        m_recentHeaders[hashOf(m_headers) % kRecentHeaders] = {.row = row};
    }
}

} // namespace eventscope::core
