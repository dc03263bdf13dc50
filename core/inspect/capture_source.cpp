// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/capture_source.h"

#include "inspect/capture_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <limits>
#include <mutex>
#include <optional>
#include <string_view>
#include <utility>

namespace eventscope::core {

namespace {

constexpr std::size_t kBatchEvents = 1024;
constexpr std::size_t kBatchBytes = std::size_t{4} << 20;

bool isInRange(const SourceEvent& event, const ReadRange& range)
{
    const bool hasPosition = event.position != SourceEvent::kNone;
    return (range.stream.empty() || event.stream == range.stream)
        && (!range.fromPosition || (hasPosition && event.position >= *range.fromPosition))
        && (!range.toPosition || (hasPosition && event.position <= *range.toPosition))
        && (!range.fromTime || (event.hasTime && event.time >= *range.fromTime))
        && (!range.toTime || (event.hasTime && event.time <= *range.toTime));
}

std::int64_t numberAt(const SqliteStatement& statement, int column)
{
    return statement.isNull(column) ? SourceEvent::kNone : statement.integer(column);
}

} // namespace

/// Events, headers and marks side by side, each table read once from its beginning to its end.
class CaptureSource::Rows {
public:
    static Result<Rows> open(SqliteConnection& connection, std::int64_t fromRow)
    {
        Rows rows;
        for (const auto& [statement, sql] :
            {std::pair{&rows.m_events,
                 "SELECT row, source, stream, type, position, partition, version, id, time, correlation_id, "
                 "causation_id, payload, undecodable FROM events WHERE row >= ?1 ORDER BY row"},
                std::pair{&rows.m_headers, "SELECT row, name, value FROM headers WHERE row >= ?1 ORDER BY row, place"},
                std::pair{&rows.m_marks, "SELECT row, note FROM marks WHERE row >= ?1 ORDER BY row"}}) {
            const auto prepared = connection.prepared(sql);
            if (!prepared) {
                return std::unexpected(prepared.error());
            }
            *statement = *prepared;
            (*statement)->bind(1, fromRow);
        }
        for (const auto& [statement, row] :
            {std::pair{rows.m_headers, &rows.m_headerRow}, std::pair{rows.m_marks, &rows.m_markRow}}) {
            if (const Status stepped = step(*statement, *row); !stepped) {
                return std::unexpected(stepped.error());
            }
        }
        return rows;
    }
    Rows(Rows&& other) noexcept
        : m_events(std::exchange(other.m_events, nullptr))
        , m_headers(std::exchange(other.m_headers, nullptr))
        , m_marks(std::exchange(other.m_marks, nullptr))
        , m_headerRow(other.m_headerRow)
        , m_markRow(other.m_markRow)
    {
    }
    Rows& operator=(Rows&&) = delete;
    ~Rows()
    {
        for (SqliteStatement* statement : {m_events, m_headers, m_marks}) {
            if (statement != nullptr) {
                statement->reset();
            }
        }
    }

    /// False at the end. `event` is a view that ends with the next call.
    Result<bool> next(SourceEvent& event)
    {
        const Result<bool> there = m_events->step();
        if (!there || !*there) {
            return there;
        }
        const SqliteStatement& row = *m_events;
        m_row = row.integer(0);
        event = {.source = row.text(1),
            .stream = row.text(2),
            .position = numberAt(row, 4),
            .version = numberAt(row, 6),
            .partition = row.isNull(5) ? -1 : static_cast<std::int32_t>(row.integer(5)),
            .id = row.text(7),
            .type = row.text(3),
            .time = Timestamp(std::chrono::microseconds(row.integer(8))),
            .hasTime = !row.isNull(8),
            .correlationId = row.text(9),
            .causationId = row.text(10),
            .payload = row.text(11),
            .payloadIsNull = row.isNull(11),
            .undecodable = row.text(12)};
        if (const Status read = readHeaders(event); !read) {
            return std::unexpected(read.error());
        }
        if (const Status read = readMark(event); !read) {
            return std::unexpected(read.error());
        }
        return true;
    }
    std::int64_t row() const { return m_row; }

private:
    static constexpr std::int64_t kEnd = SourceEvent::kNone;

    Rows() = default;

    static Status step(SqliteStatement& statement, std::int64_t& row)
    {
        const Result<bool> there = statement.step();
        if (!there) {
            return std::unexpected(there.error());
        }
        row = *there ? statement.integer(0) : kEnd;
        return {};
    }

    Status readHeaders(SourceEvent& event)
    {
        m_texts.clear();
        m_views.clear();
        while (m_headerRow != kEnd && m_headerRow <= m_row) {
            if (m_headerRow == m_row) {
                const std::string& name = m_texts.emplace_back(m_headers->text(1));
                m_views.push_back({name, m_texts.emplace_back(m_headers->text(2))});
            }
            if (Status stepped = step(*m_headers, m_headerRow); !stepped) {
                return stepped;
            }
        }
        event.headers = m_views;
        return {};
    }

    Status readMark(SourceEvent& event)
    {
        while (m_markRow != kEnd && m_markRow <= m_row) {
            event.isMarked = m_markRow == m_row;
            m_note = m_marks->text(1);
            event.note = m_note;
            if (Status stepped = step(*m_marks, m_markRow); !stepped) {
                return stepped;
            }
        }
        return {};
    }

    SqliteStatement* m_events = nullptr;
    SqliteStatement* m_headers = nullptr;
    SqliteStatement* m_marks = nullptr;
    std::int64_t m_row = 0;
    std::int64_t m_headerRow = kEnd, m_markRow = kEnd; ///< that the statements stand at
    std::deque<std::string> m_texts;
    std::vector<HeaderView> m_views;
    std::string m_note;
};

Result<std::unique_ptr<CaptureSource>> CaptureSource::open(std::string name, const std::string& path)
{
    auto connection = openCaptureFile(path);
    if (!connection) {
        return std::unexpected(connection.error());
    }
    return std::unique_ptr<CaptureSource>(new CaptureSource(std::move(name), std::move(*connection)));
}

Capabilities CaptureSource::capabilities() const
{
    return {.readRange = true, .backward = true, .streams = true, .keepsSources = true};
}

Result<std::vector<CatalogEntry>> CaptureSource::catalog(std::stop_token)
{
    const auto statement = m_connection->prepared("SELECT stream, events, first, last FROM streams ORDER BY stream");
    if (!statement) {
        return std::unexpected(statement.error());
    }
    std::vector<CatalogEntry> entries;
    const auto time = [](std::int64_t microseconds) {
        return microseconds == SourceEvent::kNone ? std::nullopt
                                                  : std::optional(Timestamp(std::chrono::microseconds(microseconds)));
    };
    for (;;) {
        const Result<bool> there = (*statement)->step();
        if (!there) {
            return std::unexpected(there.error());
        }
        if (!*there) {
            break;
        }
        const SqliteStatement& row = **statement;
        if (row.text(0).empty()) {
            continue;
        }
        const auto first = time(numberAt(row, 2));
        const auto last = time(numberAt(row, 3));
        // A stream of the same name in two sources is one entry here.
        if (!entries.empty() && entries.back().name == row.text(0)) {
            CatalogEntry& same = entries.back();
            *same.count += row.integer(1);
            same.first = same.first && first ? std::min(*same.first, *first) : same.first ? same.first : first;
            same.last = same.last && last ? std::max(*same.last, *last) : same.last ? same.last : last;
            continue;
        }
        entries.push_back({.name = std::string(row.text(0)), .count = row.integer(1), .first = first, .last = last});
    }
    (*statement)->reset();
    return entries;
}

Status CaptureSource::checkStream(const std::string& stream)
{
    // Names that are no text are kept as bytes, which SQLite never takes for the same as a text.
    const auto statement = m_connection->prepared("SELECT count(*) FROM streams WHERE CAST(stream AS BLOB) = ?1");
    if (!statement) {
        return std::unexpected(statement.error());
    }
    (*statement)->bindBlob(1, stream);
    const Result<bool> row = (*statement)->step();
    if (!row) {
        return std::unexpected(row.error());
    }
    const bool isThere = (*statement)->integer(0) > 0;
    (*statement)->reset();
    return isThere ? Status()
                   : fail(ErrorCode::NotFound,
                       fmt::format("There is no stream '{}' in {}; see 'streams' for what there is.", stream, m_name));
}

Result<std::int64_t> CaptureSource::firstOfLast(
    const ReadRange& range, std::uint64_t count, const std::stop_token& stop)
{
    auto rows = Rows::open(*m_connection, 0);
    if (!rows) {
        return std::unexpected(rows.error());
    }
    std::deque<std::int64_t> last;
    SourceEvent event;
    while (!stop.stop_requested()) {
        const Result<bool> there = rows->next(event);
        if (!there) {
            return std::unexpected(there.error());
        }
        if (!*there) {
            break;
        }
        if (isInRange(event, range)) {
            last.push_back(rows->row());
            if (last.size() > count) {
                last.pop_front();
            }
        }
    }
    return last.empty() ? std::numeric_limits<std::int64_t>::max() : last.front();
}

Result<ScanReceipt> CaptureSource::read(const ReadRange& range, EventSink& sink, std::stop_token stop)
{
    if (!range.stream.empty()) {
        if (const Status known = checkStream(range.stream); !known) {
            return std::unexpected(known.error());
        }
    }
    std::int64_t fromRow = 0;
    if (range.last) {
        const auto first = firstOfLast(range, *range.last, stop);
        if (!first) {
            return std::unexpected(first.error());
        }
        fromRow = *first;
    }
    auto rows = Rows::open(*m_connection, fromRow);
    if (!rows) {
        return std::unexpected(rows.error());
    }
    ScanReceipt receipt;
    std::optional<std::int64_t> from, to;
    EventBatch batch;
    SourceEvent event;
    bool isWanted = true;
    bool isCut = false;
    for (bool more = true; more && isWanted && !stop.stop_requested();) {
        const Result<bool> there = rows->next(event);
        if (!there) {
            return std::unexpected(there.error());
        }
        more = *there;
        if (more && isInRange(event, range)) {
            isCut = range.limit && receipt.scanned >= *range.limit;
            if (isCut) {
                break;
            }
            batch.add(event);
            ++receipt.scanned;
            receipt.bytes += event.payload.size();
            receipt.undecodable += event.undecodable.empty() ? 0 : 1;
            if (event.position != SourceEvent::kNone) {
                from = std::min(from.value_or(event.position), event.position);
                to = std::max(to.value_or(event.position), event.position);
            }
        }
        if (!batch.empty() && (!more || batch.size() >= kBatchEvents || batch.payloadBytes() >= kBatchBytes)) {
            isWanted = sink.deliver(batch.events());
            batch.clear();
        }
    }
    if (isWanted && !batch.empty() && !stop.stop_requested()) {
        isWanted = sink.deliver(batch.events());
    }
    if (from) {
        receipt.ranges.push_back({.stream = range.stream, .partition = -1, .from = *from, .to = *to});
    }
    receipt.stoppedBecause = stop.stop_requested() ? "it was interrupted"
        : !isWanted                                ? "its receiver wanted no more"
        : isCut                                    ? fmt::format("the limit of {} events was reached", *range.limit)
                                                   : "";
    receipt.complete = receipt.stoppedBecause.empty();
    return receipt;
}

Status CaptureSource::follow(const FollowStart& start, EventSink& sink, std::stop_token stop)
{
    if (start.position != SourceEvent::kNone) {
        ReadRange range{.stream = start.stream,
            .fromPosition = {},
            .toPosition = {},
            .fromTime = start.fromTime,
            .toTime = {},
            .limit = {},
            .last = start.last};
        if (start.position != kBeginning) {
            range.fromPosition = start.position + 1;
        }
        const auto receipt = read(range, sink, stop);
        if (!receipt) {
            return std::unexpected(receipt.error());
        }
        if (!receipt->complete) {
            return {};
        }
    }
    std::mutex mutex;
    std::condition_variable_any never;
    std::unique_lock lock(mutex);
    while (!stop.stop_requested() && sink.tick()) {
        never.wait_for(lock, stop, std::chrono::seconds{1}, [] { return false; });
    }
    return {};
}

Result<Probe> CaptureSource::probe(std::stop_token)
{
    return Probe{};
}

} // namespace eventscope::core
