// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/log_writer.h"

#include "inspect/varint.h"

#include <cstring>
#include <functional>

namespace eventscope::core {

namespace {

std::size_t hashOf(std::string_view text)
{
    return std::hash<std::string_view>{}(text);
}

constexpr std::size_t kPage = 4096;
constexpr std::size_t kUuidLength = 36;
constexpr std::size_t kChunkPages = (sizeof(LogChunk) + kPage - 1) / kPage * kPage;
constexpr std::size_t kRowBytes = LogChunk::kRowBytes + LogChunk::kCorrelationBytes;

/// For guesses that are checked: of an id's ends, where ids differ.
std::size_t hashOfId(std::string_view id)
{
    if (id.size() < sizeof(std::uint64_t)) {
        return hashOf(id);
    }
    std::uint64_t first = 0;
    std::uint64_t last = 0;
    std::memcpy(&first, id.data(), sizeof first);
    std::memcpy(&last, id.data() + id.size() - sizeof last, sizeof last);
    return static_cast<std::size_t>(((first * 0x9e3779b97f4a7c15U) ^ last) * 0xbf58476d1ce4e5b9U >> 32);
}

bool isWithin(std::string_view part, std::string_view whole)
{
    const std::less_equal<const char*> before;
    return before(whole.data(), part.data()) && before(part.data() + part.size(), whole.data() + whole.size());
}

/// Whether a payload may be a JSON text, number, truth value or null: those count as what they say.
bool mayBeScalar(std::string_view payload)
{
    const std::size_t first = payload.find_first_not_of(" \t\r\n");
    return first != std::string_view::npos && payload[first] != '{' && payload[first] != '[';
}

/// Readers may look at the same time, so nothing is written that stands there already.
void addKinds(LogChunk& chunk, unsigned kinds)
{
    const unsigned before = chunk.kinds.load(std::memory_order_relaxed);
    if ((before | kinds) != before) {
        chunk.kinds.store(static_cast<std::uint8_t>(before | kinds), std::memory_order_relaxed);
    }
}

/// False when the text could not be kept.
bool isKept(TextId id, std::string_view text)
{
    return id != 0 || text.empty();
}

} // namespace

LogWriter::LogWriter(LogStorage& storage, const Limits& limits)
    : m_storage(storage), m_limits(limits), m_recentIds(kRecentIds), m_recentHeaders(kRecentHeaders)
{
}

void LogWriter::setLimits(const Limits& limits)
{
    m_limits = limits;
    m_full = false;
    m_reached = LogLimit::None;
    while (heldBytes() > limits.budgetBytes && dropOldest()) { }
    reclaim();
}

void LogWriter::write(std::span<const SourceEvent> batch)
{
    m_lastSources = m_lastTypes = {};
    m_lastStream = m_lastCorrelation = {};
    reclaim();
    for (const SourceEvent& event : batch) {
        if (m_full || !writeRow(event)) {
            ++m_totals.refused;
            m_full = m_limits.atLimit == LogAtLimit::Stop;
        }
    }
    m_storage.arena.seal(kRecordMark);
    prepareNext();
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
    if (!fillHeaders(event, record) || !writeRecord(event, record, *chunk, end)) {
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
            m_reached = LogLimit::Memory;
            return nullptr;
        }
        const LogPages::Pages fresh = m_storage.pages.take(kChunkPages, LogPages::Place::Memory);
        if (!fresh.data) {
            m_reached = LogLimit::Memory;
            return nullptr;
        }
        m_storage.chunks[chunk] = reinterpret_cast<LogChunk*>(fresh.data); // zeros are what it begins with
        m_chunks.push_back(fresh);
        m_chunkBytes.push_back(0);
        m_chunkPrepared = false;
    }
    return m_storage.chunks[chunk];
}

template <std::size_t Size>
TextId LogWriter::intern(std::array<LastText, Size>& last, std::string_view text)
{
    LastText& known = last[(reinterpret_cast<std::uintptr_t>(text.data()) >> 3) % last.size()];
    if (text.data() != known.data || text.size() != known.size) {
        known = {text.data(), text.size(), m_storage.texts.intern(text)};
    }
    return known.id;
}

bool LogWriter::internTexts(const SourceEvent& event, Columns& columns)
{
    columns.source = intern(m_lastSources, event.source);
    columns.stream = intern(m_lastStream, event.stream);
    columns.type = intern(m_lastTypes, event.type);
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
    record.isLate = event.isLate;
    record.undecodable = event.undecodable;
    record.attempts = event.attempts;
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
        m_storage.headerNames.place(name);
        appendHeader(m_headers, name, header.value);
    }
    record.headers = {.count = event.headers.size(), .bytes = m_headers};
    const std::uint64_t hash = hashOf(m_headers);
    RecentHeaders& recent = m_recentHeaders[hash % kRecentHeaders];
    if (recent.row == 0 || recent.hash != hash) {
        recent = {.hash = hash};
        return true;
    }
    if (recent.set != 0) {
        const std::string_view set = m_storage.texts.text(m_storage.headerSets[recent.set]);
        record.headers.set = setOf(record.headers) == set ? recent.set : 0;
        return true;
    }
    if (m_storage.recordOf(recent.row - 1).headers.bytes == m_headers
        && m_headerSets + 1 < LogStorage::kMaxHeaderSets) {
        const TextId set = m_storage.texts.intern(setOf(record.headers));
        if (set != 0) {
            recent.set = ++m_headerSets;
            m_storage.headerSets[recent.set] = set;
            m_storage.headerSetCount.store(m_headerSets, std::memory_order_release);
            record.headers.set = recent.set;
        }
    }
    return true;
}

std::string_view LogWriter::setOf(const StoredHeaders& headers)
{
    m_headerSet.resize(kLongestVarint);
    char* const end = putVarint(m_headerSet.data(), headers.count);
    m_headerSet.resize(static_cast<std::size_t>(end - m_headerSet.data()));
    return m_headerSet += headers.bytes;
}

StoredId LogWriter::idForm(std::string_view id, std::string_view payload, std::uint8_t* uuid) const
{
    if (id.empty()) {
        return {};
    }
    if (isWithin(id, payload)) {
        return {.form = id.size() == kUuidLength ? IdForm::InPayloadUuid : IdForm::InPayload,
            .offset = static_cast<std::uint64_t>(id.data() - payload.data()),
            .size = id.size()};
    }
    if (packUuid(id, uuid)) {
        return {.form = IdForm::Uuid, .bytes = reinterpret_cast<const char*>(uuid)};
    }
    return {.form = IdForm::Text, .bytes = id.data(), .size = id.size()};
}

StoredId LogWriter::causationForm(const SourceEvent& event, std::uint8_t* uuid, bool& earlierIsUuid) const
{
    if (event.causationId.empty()) {
        return {};
    }
    if (event.causationId == event.correlationId) {
        return {.form = IdForm::SameAsCorrelation};
    }
    const LogRow earlier = m_recentIds[hashOfId(event.causationId) % kRecentIds];
    // Of the same block: it must not go before this one does.
    if (earlier > m_blocks.back().firstRow && m_storage.idOf(earlier - 1) == event.causationId) {
        earlierIsUuid = packUuid(event.causationId, uuid);
        return {.form = IdForm::EarlierRow, .offset = m_totals.rows - (earlier - 1)};
    }
    return idForm(event.causationId, event.payload, uuid);
}

LogPages::Place LogWriter::placeFor(std::size_t size) const
{
    const std::size_t inMemory = heldBytes() - m_storage.arena.diskBytes();
    return !m_storage.pages.hasDisk() || inMemory + size <= m_limits.memoryBytes ? LogPages::Place::Memory
                                                                                 : LogPages::Place::Disk;
}

bool LogWriter::makeRoom(std::size_t needed, std::size_t inBlock)
{
    while (heldBytes() + needed + kRowBytes > m_limits.budgetBytes) {
        m_reached = LogLimit::Budget;
        if (!dropOldest()) {
            return false;
        }
    }
    reclaim();
    if (m_storage.arena.fits(inBlock)) {
        return true;
    }
    // On a full disk as well, what is let go makes room; but not while what went last is still read.
    return addBlock() || (m_dropped.empty() && m_asked.empty() && dropOldest() && (reclaim(), addBlock()));
}

bool LogWriter::addBlock()
{
    const LogPages::Place place = placeFor(LogArena::kBlockSize);
    if (!m_storage.arena.addBlock(place)) {
        m_reached = place == LogPages::Place::Disk ? LogLimit::Disk : LogLimit::Memory;
        return false;
    }
    m_blocks.push_back({m_totals.rows, m_totals.payloadBytes});
    m_blockPrepared = false;
    return true;
}

bool LogWriter::dropOldest()
{
    LogArena& arena = m_storage.arena;
    if (m_limits.atLimit != LogAtLimit::DropOldest || arena.blocks() - arena.droppedBlocks() < 2) {
        return false;
    }
    const LogRow first = m_blocks[arena.droppedBlocks() + 1].firstRow;
    m_storage.firstRow.store(first);
    arena.dropBlock(m_dropped);
    for (; (m_droppedChunks + 1) * LogChunk::kRows <= first; ++m_droppedChunks) {
        m_dropped.push_back(m_chunks[m_droppedChunks]);
        m_columnBytes -= m_chunkBytes[m_droppedChunks];
    }
    return true;
}

std::uint64_t LogWriter::droppedPayloadBytes() const
{
    const std::size_t dropped = m_storage.arena.droppedBlocks();
    return dropped == 0 ? 0 : m_blocks[dropped].payloadBytes;
}

/// Gives back what has been dropped as soon as nobody can be reading it.
void LogWriter::reclaim()
{
    while (!(m_dropped.empty() && m_asked.empty()) && m_storage.holds.allHaveLeft()) {
        for (const LogPages::Pages& pages : m_asked) {
            m_storage.pages.giveBack(pages);
        }
        m_asked.clear();
        m_asked.swap(m_dropped);
        m_storage.holds.ask();
    }
}

void LogWriter::prepareNext()
{
    const LogArena& arena = m_storage.arena;
    if (!m_blockPrepared && arena.end() % LogArena::kBlockSize > LogArena::kBlockSize / 4) {
        m_blockPrepared
            = m_storage.pages.prepare(LogArena::kBlockSize, placeFor(LogArena::kBlockSize), LogArena::kBlockSize);
    }
    if (!m_chunkPrepared && m_totals.rows % LogChunk::kRows > LogChunk::kRows / 2) {
        const bool correlations = m_storage.chunkOf(m_totals.rows - 1).hasCorrelation;
        m_chunkPrepared = m_storage.pages.prepare(kChunkPages, LogPages::Place::Memory,
            correlations ? kChunkPages : offsetof(LogChunk, correlation) / kPage * kPage);
    }
}

bool LogWriter::writeRecord(const SourceEvent& event, LogRecord& record, LogChunk& chunk, std::uint64_t& end)
{
    const std::size_t needed = kLargestRecordHead + event.id.size() + event.causationId.size()
        + event.undecodable.size() + event.attempts.size() + record.headers.bytes.size() + event.payload.size();
    const bool large = needed > LogArena::kLargestInline;
    const std::size_t inBlock = large ? kLargeRecordStub : needed;
    if (!makeRoom(needed, inBlock)) {
        return false;
    }
    std::array<std::uint8_t, 16> idBytes{};
    std::array<std::uint8_t, 16> causationBytes{};
    bool earlierIsUuid = false;
    record.id = idForm(event.id, event.payload, idBytes.data());
    record.causation = causationForm(event, causationBytes.data(), earlierIsUuid);

    char* const inArena = m_storage.arena.reserve(inBlock);
    char* const begin = large ? m_storage.arena.allocateLarge(needed, placeFor(needed)) : inArena;
    if (!begin) {
        m_reached = placeFor(needed) == LogPages::Place::Disk ? LogLimit::Disk : LogLimit::Memory;
        return false;
    }
    const auto is = [&](IdForm form) { return record.id.form == form || record.causation.form == form; };
    addKinds(chunk,
        (is(IdForm::Uuid) ? LogChunk::kPackedId : 0U)
            | (!is(IdForm::EarlierRow) ? 0U
                    : earlierIsUuid    ? LogChunk::kEarlierUuid
                                       : LogChunk::kEarlierText)
            | (record.headers.set != 0          ? LogChunk::kHeaderSet
                    : record.headers.count != 0 ? LogChunk::kHeaders
                                                : 0U)
            | (large ? LogChunk::kLargeRecord : 0U)
            | (event.payloadIsNull || mayBeScalar(event.payload) ? LogChunk::kScalarPayload : 0U));
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
    const std::size_t bytes = LogChunk::kRowBytes + (chunk.hasCorrelation ? LogChunk::kCorrelationBytes : 0);
    m_columnBytes += bytes;
    m_chunkBytes.back() += static_cast<std::uint32_t>(bytes);
}

void LogWriter::remember(const SourceEvent& event, const LogRecord& record)
{
    const auto row = static_cast<std::uint32_t>(m_totals.rows); // already counts this one
    if (!event.id.empty()) {
        m_recentIds[hashOfId(event.id) % kRecentIds] = row;
    }
    if (record.headers.count > 0 && record.headers.set == 0) {
        m_recentHeaders[hashOf(m_headers) % kRecentHeaders].row = row;
    }
}

} // namespace eventscope::core
