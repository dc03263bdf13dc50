// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/event_log.h"

#include "event/bell.h"
#include "inspect/log_chunk.h"
#include "inspect/log_record.h"
#include "inspect/text_table.h"

#include <array>
#include <atomic>
#include <cassert>
#include <chrono>
#include <cstring>
#include <functional>
#include <limits>
#include <mutex>
#include <new>
#include <unordered_map>
#include <utility>
#include <vector>

namespace eventscope::core {

namespace {

constexpr std::size_t kMaxChunks = std::size_t{1} << 16; // 4 295 million rows
constexpr std::size_t kRecentIds = std::size_t{1} << 13;
constexpr std::int64_t kTimeBias = std::int64_t{1} << 47; // so that times before the first fit as well

/// The distinct values of a narrow column: 255 sources, 65 535 types; further ones go to the record.
template <class Narrow>
class NarrowColumn {
public:
    static constexpr std::size_t kElsewhere = std::numeric_limits<Narrow>::max();

    NarrowColumn() : m_ids(mapArray<TextId>(kElsewhere))
    {
        if (!m_ids) {
            throw std::bad_alloc();
        }
    }

    Narrow place(TextId id) // the writer
    {
        Recent& recent = m_recent[id % m_recent.size()];
        if (!recent.used || recent.id != id) {
            recent = {id, find(id), true};
        }
        return recent.place;
    }

    TextId at(Narrow place) const { return m_ids[place]; } // any thread, of a published row

private:
    struct Recent {
        TextId id = 0;
        Narrow place = 0;
        bool used = false;
    };

    Narrow find(TextId id)
    {
        const auto found = m_places.find(id);
        if (found != m_places.end()) {
            return found->second;
        }
        if (m_places.size() == kElsewhere) {
            return static_cast<Narrow>(kElsewhere);
        }
        const auto place = static_cast<Narrow>(m_places.size());
        m_ids[place] = id;
        m_places.emplace(id, place);
        return place;
    }

    MappedArray<TextId> m_ids; // read without a lock
    std::unordered_map<TextId, Narrow> m_places;
    std::array<Recent, 256> m_recent{};
};

/// Within one batch the views do not change, so the same place is the same text.
struct LastText {
    const char* data = nullptr;
    std::size_t size = 0;
    TextId id = 0;
};

bool isWithin(std::string_view part, std::string_view whole)
{
    const std::less_equal<const char*> before;
    return !part.empty() && before(whole.data(), part.data())
        && before(part.data() + part.size(), whole.data() + whole.size());
}

bool isUuid(std::string_view text)
{
    std::array<std::uint8_t, 16> bytes; // NOLINT: written by packUuid
    return packUuid(text, bytes.data());
}

} // namespace

struct EventLog::Private {
    explicit Private(Options o) : options(o), chunks(mapArray<LogChunk*>(kMaxChunks))
    {
        if (!chunks) {
            throw std::bad_alloc();
        }
    }

    // Readers, for published rows.
    const LogChunk& chunkOf(LogRow row) const { return *chunks[row / LogChunk::kRows]; }
    LogRecord recordOf(LogRow row) const;
    Timestamp timeOf(LogRow row) const;
    TextId typeOf(LogRow row) const;
    TextId sourceOf(LogRow row) const;
    IdText idOf(LogRow row, const StoredId& id, std::string_view payload) const;

    // The writer, under writeMutex.
    bool write(const SourceEvent& event);
    bool nextChunk();
    TextId intern(LastText& last, std::string_view text);
    StoredId storedForm(std::string_view id, std::string_view payload, std::uint8_t* uuid) const;
    StoredId causationForm(const SourceEvent& event, std::uint8_t* uuid) const;
    bool writeRecord(const SourceEvent& event, LogRecord& record, std::uint64_t& end);
    char* fillRecord(char* out, const SourceEvent& event, const LogRecord& record, std::size_t headersSize) const;
    void publish();
    std::size_t heldBytes() const;

    const Options options;
    TextTable texts;
    LogArena arena;
    NarrowColumn<std::uint16_t> types;
    NarrowColumn<std::uint8_t> sources;
    MappedArray<LogChunk*> chunks;
    std::vector<MappedArray<LogChunk>> ownedChunks;

    std::mutex writeMutex;
    LogRow rows = 0; // the writer's; readers see `published`
    bool full = false;
    LastText lastSource, lastStream, lastType, lastCorrelation;
    std::vector<TextId> headerNames;
    std::array<LogRow, kRecentIds> recentIds{}; // row + 1 by the id's hash

    std::atomic<LogRow> published{0};
    std::atomic<std::uint64_t> payloadBytes{0}, held{0}, refused{0}, undecodable{0};
    std::uint64_t pendingPayloadBytes = 0, pendingUndecodable = 0;
    Bell bell;
};

// --- Reading --------------------------------------------------------------------------------------

LogRecord EventLog::Private::recordOf(LogRow row) const
{
    const LogChunk& chunk = chunkOf(row);
    const std::size_t index = row % LogChunk::kRows;
    const std::uint64_t end = chunk.endOf(index);
    return readRecord(arena.recordBegin(chunk.endBefore(index), end), arena.recordEnd(end));
}

Timestamp EventLog::Private::timeOf(LogRow row) const
{
    const LogChunk& chunk = chunkOf(row);
    const std::uint64_t offset = chunk.timeOffset(row % LogChunk::kRows);
    if (offset == LogChunk::kTimeElsewhere) {
        return Timestamp{std::chrono::microseconds{recordOf(row).time}};
    }
    return Timestamp{std::chrono::microseconds{chunk.timeBase + static_cast<std::int64_t>(offset) - kTimeBias}};
}

TextId EventLog::Private::typeOf(LogRow row) const
{
    const std::uint16_t place = chunkOf(row).type[row % LogChunk::kRows];
    return place == LogChunk::kTypeElsewhere ? recordOf(row).type : types.at(place);
}

TextId EventLog::Private::sourceOf(LogRow row) const
{
    const std::uint8_t place = chunkOf(row).source[row % LogChunk::kRows];
    return place == LogChunk::kSourceElsewhere ? recordOf(row).source : sources.at(place);
}

IdText EventLog::Private::idOf(LogRow row, const StoredId& id, std::string_view payload) const
{
    switch (id.form) {
    case IdForm::Absent: break;
    case IdForm::Uuid: return IdText::ofUuid(reinterpret_cast<const std::uint8_t*>(id.bytes));
    case IdForm::Text: return IdText(std::string_view(id.bytes, id.size));
    case IdForm::InPayload:
    case IdForm::InPayloadUuid: return IdText(payload.substr(id.offset, id.size));
    case IdForm::SameAsCorrelation: return IdText(texts.text(chunkOf(row).correlation[row % LogChunk::kRows]));
    case IdForm::EarlierRow: {
        const LogRow earlier = row - id.offset;
        const LogRecord record = recordOf(earlier);
        return idOf(earlier, record.id, record.payload);
    }
    }
    return {};
}

LogRow EventLog::size() const
{
    return d->published.load(std::memory_order_acquire);
}

LogEvent EventLog::at(LogRow row) const
{
    assert(row < size());
    const LogChunk& chunk = d->chunkOf(row);
    const std::size_t index = row % LogChunk::kRows;
    const LogRecord record = d->recordOf(row);
    LogEvent event;
    if (record.hasPosition) {
        const std::int64_t base = record.sourceEscaped ? 0 : chunk.positionBase[chunk.source[index]];
        event.position
            = static_cast<std::int64_t>(static_cast<std::uint64_t>(record.position) + static_cast<std::uint64_t>(base));
    }
    event.version = record.version;
    event.partition = record.partition;
    event.time = d->timeOf(row);
    event.hasTime = record.hasTime;
    event.payloadIsNull = record.payloadIsNull;
    event.source = d->sourceOf(row);
    event.stream = chunk.stream[index];
    event.type = d->typeOf(row);
    event.correlation = chunk.correlation[index];
    event.id = d->idOf(row, record.id, record.payload);
    event.causationId = d->idOf(row, record.causation, record.payload);
    event.payload = record.payload;
    event.undecodable = record.undecodable;
    return event;
}

Timestamp EventLog::timeAt(LogRow row) const
{
    return d->timeOf(row);
}

TextId EventLog::streamAt(LogRow row) const
{
    return d->chunkOf(row).stream[row % LogChunk::kRows];
}

TextId EventLog::typeAt(LogRow row) const
{
    return d->typeOf(row);
}

TextId EventLog::sourceAt(LogRow row) const
{
    return d->sourceOf(row);
}

TextId EventLog::correlationAt(LogRow row) const
{
    return d->chunkOf(row).correlation[row % LogChunk::kRows];
}

IdText EventLog::idAt(LogRow row) const
{
    const LogRecord record = d->recordOf(row);
    return d->idOf(row, record.id, record.payload);
}

std::string_view EventLog::payloadAt(LogRow row) const
{
    return d->recordOf(row).payload;
}

void EventLog::headersAt(LogRow row, const std::function<void(HeaderView)>& take) const
{
    const LogRecord record = d->recordOf(row);
    const char* in = record.headers;
    for (std::uint64_t i = 0; i < record.headerCount; ++i) {
        const StoredHeader header = readHeader(in);
        take({d->texts.text(header.name), header.value});
    }
}

std::string_view EventLog::text(TextId id) const
{
    return d->texts.text(id);
}

bool EventLog::findText(std::string_view text, TextId& id) const
{
    return d->texts.find(text, id);
}

EventLog::Usage EventLog::usage() const
{
    return {.events = size(),
        .payloadBytes = d->payloadBytes.load(std::memory_order_relaxed),
        .heldBytes = d->held.load(std::memory_order_relaxed),
        .budgetBytes = d->options.budgetBytes,
        .refused = d->refused.load(std::memory_order_relaxed),
        .undecodable = d->undecodable.load(std::memory_order_relaxed)};
}

std::shared_ptr<void> EventLog::onAppended(std::function<void()> bell)
{
    return d->bell.listen(std::move(bell));
}

// --- Writing --------------------------------------------------------------------------------------

EventLog::EventLog() : EventLog(Options{}) { }
EventLog::EventLog(Options options) : d(std::make_unique<Private>(options)) { }
EventLog::~EventLog() = default;

void EventLog::append(std::span<const SourceEvent> batch)
{
    if (batch.empty()) {
        return;
    }
    {
        const std::scoped_lock lock(d->writeMutex);
        d->lastSource = d->lastStream = d->lastType = d->lastCorrelation = {};
        std::size_t kept = 0;
        while (kept < batch.size() && !d->full) {
            d->full = !d->write(batch[kept]);
            kept += d->full ? 0 : 1;
        }
        d->publish();
        if (kept < batch.size()) {
            d->refused.fetch_add(batch.size() - kept, std::memory_order_relaxed);
        }
    }
    d->bell.ring();
}

void EventLog::Private::publish()
{
    payloadBytes.fetch_add(std::exchange(pendingPayloadBytes, 0), std::memory_order_relaxed);
    undecodable.fetch_add(std::exchange(pendingUndecodable, 0), std::memory_order_relaxed);
    held.store(heldBytes(), std::memory_order_relaxed);
    published.store(rows, std::memory_order_release);
}

std::size_t EventLog::Private::heldBytes() const
{
    return arena.heldBytes() + texts.heldBytes() + rows * LogChunk::kRowBytes;
}

bool EventLog::Private::nextChunk()
{
    if (ownedChunks.size() == kMaxChunks) {
        return false;
    }
    MappedArray<LogChunk> chunk = mapArray<LogChunk>(1);
    if (!chunk) {
        return false;
    }
    chunks[ownedChunks.size()] = chunk.get();
    ownedChunks.push_back(std::move(chunk));
    return true;
}

TextId EventLog::Private::intern(LastText& last, std::string_view text)
{
    if (text.data() != last.data || text.size() != last.size) {
        last = {text.data(), text.size(), texts.intern(text)};
    }
    return last.id;
}

StoredId EventLog::Private::storedForm(std::string_view id, std::string_view payload, std::uint8_t* uuid) const
{
    if (id.empty()) {
        return {};
    }
    if (isWithin(id, payload)) {
        return {.form = isUuid(id) ? IdForm::InPayloadUuid : IdForm::InPayload,
            .offset = static_cast<std::uint64_t>(id.data() - payload.data()),
            .size = id.size()};
    }
    if (packUuid(id, uuid)) {
        return {.form = IdForm::Uuid, .bytes = reinterpret_cast<const char*>(uuid)};
    }
    return {.form = IdForm::Text, .bytes = id.data(), .size = id.size()};
}

StoredId EventLog::Private::causationForm(const SourceEvent& event, std::uint8_t* uuid) const
{
    if (event.causationId.empty()) {
        return {};
    }
    if (event.causationId == event.correlationId) {
        return {.form = IdForm::SameAsCorrelation};
    }
    const LogRow earlier = recentIds[std::hash<std::string_view>{}(event.causationId) % kRecentIds];
    if (earlier != 0) {
        const LogRecord record = recordOf(earlier - 1);
        if (idOf(earlier - 1, record.id, record.payload) == event.causationId) {
            return {.form = IdForm::EarlierRow, .offset = rows - (earlier - 1)};
        }
    }
    return storedForm(event.causationId, event.payload, uuid);
}

bool EventLog::Private::write(const SourceEvent& event)
{
    const std::size_t index = rows % LogChunk::kRows;
    if (rows / LogChunk::kRows == ownedChunks.size() && !nextChunk()) {
        return false;
    }
    LogChunk& chunk = *chunks[rows / LogChunk::kRows];
    const TextId source = intern(lastSource, event.source);
    const TextId stream = intern(lastStream, event.stream);
    const TextId type = intern(lastType, event.type);
    const TextId correlation = intern(lastCorrelation, event.correlationId);
    const bool textsKept = (source != 0 || event.source.empty()) && (stream != 0 || event.stream.empty())
        && (type != 0 || event.type.empty()) && (correlation != 0 || event.correlationId.empty());
    if (!textsKept) {
        return false;
    }

    const std::uint16_t typePlace = types.place(type);
    const std::uint8_t sourcePlace = sources.place(source);
    LogRecord record;
    record.typeEscaped = typePlace == LogChunk::kTypeElsewhere;
    record.type = type;
    record.sourceEscaped = sourcePlace == LogChunk::kSourceElsewhere;
    record.source = source;

    const std::int64_t time = event.hasTime ? event.time.time_since_epoch().count() : 0;
    if (index == 0) {
        chunk.timeBase = time;
    }
    // As unsigned numbers, because the difference of two odd times may not fit a signed one.
    std::uint64_t offset = static_cast<std::uint64_t>(time) - static_cast<std::uint64_t>(chunk.timeBase)
        + static_cast<std::uint64_t>(kTimeBias);
    record.hasTime = event.hasTime;
    record.timeEscaped = !event.hasTime || offset >= LogChunk::kTimeElsewhere;
    record.time = time;
    offset = record.timeEscaped ? LogChunk::kTimeElsewhere : offset;

    if (event.position != SourceEvent::kNone) {
        record.hasPosition = true;
        if (!record.sourceEscaped && !chunk.hasPositionBase[sourcePlace]) {
            chunk.hasPositionBase[sourcePlace] = true;
            chunk.positionBase[sourcePlace] = event.position;
        }
        const std::int64_t base = record.sourceEscaped ? 0 : chunk.positionBase[sourcePlace];
        record.position
            = static_cast<std::int64_t>(static_cast<std::uint64_t>(event.position) - static_cast<std::uint64_t>(base));
    }
    record.version = event.version;
    record.partition = event.partition < 0 ? -1 : event.partition;
    record.payloadIsNull = event.payloadIsNull;
    record.undecodable = event.undecodable;

    const std::uint64_t begin = arena.end();
    std::uint64_t end = 0;
    if (!writeRecord(event, record, end)) {
        return false;
    }
    chunk.timeLow[index] = static_cast<std::uint32_t>(offset);
    chunk.timeHigh[index] = static_cast<std::uint16_t>(offset >> 32);
    chunk.stream[index] = stream;
    chunk.correlation[index] = correlation;
    chunk.type[index] = typePlace;
    chunk.source[index] = sourcePlace;
    if (index % LogChunk::kGroupRows == 0) {
        chunk.groupBegin[index / LogChunk::kGroupRows] = begin;
    }
    chunk.recordEnd[index] = static_cast<std::uint32_t>(end - chunk.groupBegin[index / LogChunk::kGroupRows]);
    ++rows;
    if (!event.id.empty()) {
        recentIds[std::hash<std::string_view>{}(event.id) % kRecentIds] = rows;
    }
    pendingPayloadBytes += event.payload.size();
    pendingUndecodable += event.undecodable.empty() ? 0 : 1;
    return true;
}

bool EventLog::Private::writeRecord(const SourceEvent& event, LogRecord& record, std::uint64_t& end)
{
    std::size_t headersSize = 0;
    headerNames.clear();
    for (const HeaderView& header : event.headers) {
        headerNames.push_back(texts.intern(header.name));
        if (headerNames.back() == 0 && !header.name.empty()) {
            return false;
        }
        headersSize += headerSize(headerNames.back(), header.value);
    }
    record.headerCount = event.headers.size();
    const std::size_t needed = kLargestRecordHead + event.id.size() + event.causationId.size()
        + event.undecodable.size() + headersSize + event.payload.size();
    if (heldBytes() + needed + LogChunk::kRowBytes > options.budgetBytes) {
        return false;
    }
    std::array<std::uint8_t, 16> idBytes, causationBytes; // NOLINT: written where they are used
    record.id = storedForm(event.id, event.payload, idBytes.data());
    record.causation = causationForm(event, causationBytes.data());

    const bool large = needed > LogArena::kLargestInline;
    char* const inArena = arena.reserve(large ? kLargeRecordStub : needed);
    char* const begin = large && inArena ? arena.allocateLarge(needed) : inArena;
    if (!begin) {
        return false;
    }
    const auto size = static_cast<std::size_t>(fillRecord(begin, event, record, headersSize) - begin);
    if (large) {
        writeLargeRecordStub(inArena, begin, size);
    }
    end = arena.commit(large ? kLargeRecordStub : size);
    return true;
}

char* EventLog::Private::fillRecord(
    char* out, const SourceEvent& event, const LogRecord& record, std::size_t headersSize) const
{
    out = writeRecordHead(out, record, headersSize);
    for (std::size_t i = 0; i < event.headers.size(); ++i) {
        out = writeHeader(out, headerNames[i], event.headers[i].value);
    }
    if (!event.payload.empty()) {
        std::memcpy(out, event.payload.data(), event.payload.size());
    }
    return out + event.payload.size();
}

} // namespace eventscope::core
