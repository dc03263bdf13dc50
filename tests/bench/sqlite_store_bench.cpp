// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench.h"

#include "event/clock.h"
#include "event/ids.h"
#include "sourcing/sqlite_event_store.h"
#include "temp_dir.h"

#include <sqlite3.h>

#include <fmt/format.h>

#include <chrono>
#include <cstdint>
#include <exception>
#include <filesystem>
#include <memory>
#include <optional>
#include <random>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace eventscope::bench {

namespace {

using namespace eventscope::core;
using SteadyClock = std::chrono::steady_clock;

constexpr std::size_t kEvents = 300'000;
constexpr std::size_t kStreams = 10'000;
constexpr std::size_t kBatch = 1'000;

/// What both sides store: orders' events of about 300 bytes, interleaved over all streams.
struct Story {
    struct Event {
        std::size_t stream;
        std::int64_t version;
        NewEvent event;
    };
    std::vector<std::string> streams;
    std::vector<Event> events;
    std::uint64_t bytes = 0; ///< of data

    Story()
    {
        std::mt19937_64 random(1);
        const ManualClock clock(Timestamp{std::chrono::seconds{1'790'000'000}});
        UuidV7Generator ids(clock, 1);
        for (std::size_t i = 0; i < kStreams; ++i)
            streams.push_back("order-" + ids.next());
        std::vector<std::int64_t> versions(kStreams, 0);
        constexpr std::string_view kTypes[] = {"OrderPlaced", "PaymentConfirmed", "OrderShipped", "OrderCancelled"};
        for (std::size_t i = 0; i < kEvents; ++i) {
            const std::size_t stream = random() % kStreams;
            NewEvent event;
            event.id = ids.next();
            event.type = kTypes[random() % 4];
            event.time = clock.now() + std::chrono::milliseconds(i);
            event.metadata.correlationId = event.id;
            event.metadata.causationId = event.id;
            event.data = fmt::format(R"({{"orderId":"{}","customerId":"customer-{}","items":[{{"sku":"sku-{}",)"
                                     R"("quantity":{},"price":{}.{:02}}}],"note":"{}","totalAmount":{}.00}})",
                streams[stream].substr(6), random() % 5000, random() % 300, 1 + random() % 9, random() % 500,
                random() % 100, std::string(120, static_cast<char>('a' + random() % 26)), random() % 1000);
            bytes += event.data.size();
            events.push_back({stream, ++versions[stream], std::move(event)});
        }
    }
};

const Story& story()
{
    static const Story told;
    return told;
}

/// The plain side is given its metadata as text; ours makes it.
const std::vector<std::string>& storedMetadata()
{
    static const std::vector<std::string> texts = [] {
        std::vector<std::string> made;
        for (const Story::Event& event : story().events)
            made.push_back(metadataToJson(event.event.metadata, 1));
        return made;
    }();
    return texts;
}

double secondsSince(SteadyClock::time_point start)
{
    return std::chrono::duration<double>(SteadyClock::now() - start).count();
}

[[noreturn]] void giveUp(const std::string& why)
{
    throw std::runtime_error(why);
}

/// SQLite as one would use it without much thought: text keys, default settings but WAL and the same
/// durability, prepared statements.
class PlainStore {
public:
    explicit PlainStore(const std::filesystem::path& path)
    {
        if (sqlite3_open(path.c_str(), &m_handle) != SQLITE_OK)
            giveUp("cannot open the plain database");
        run("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
            "CREATE TABLE IF NOT EXISTS events (position INTEGER PRIMARY KEY, stream_id TEXT NOT NULL,"
            " version INTEGER NOT NULL, event_id TEXT NOT NULL, event_type TEXT NOT NULL, created_at INTEGER NOT NULL,"
            " metadata TEXT, data TEXT NOT NULL, UNIQUE (stream_id, version))");
    }
    ~PlainStore()
    {
        for (sqlite3_stmt* statement : m_statements)
            sqlite3_finalize(statement);
        sqlite3_close(m_handle);
    }
    PlainStore(const PlainStore&) = delete;
    PlainStore& operator=(const PlainStore&) = delete;

    void run(const char* sql)
    {
        if (sqlite3_exec(m_handle, sql, nullptr, nullptr, nullptr) != SQLITE_OK)
            giveUp(sqlite3_errmsg(m_handle));
    }
    sqlite3_stmt* prepare(const char* sql)
    {
        sqlite3_stmt* statement = nullptr;
        if (sqlite3_prepare_v2(m_handle, sql, -1, &statement, nullptr) != SQLITE_OK)
            giveUp(sqlite3_errmsg(m_handle));
        m_statements.push_back(statement);
        return statement;
    }
    /// Events `from` to `to` of the story, kBatch to a transaction.
    void append(std::size_t from, std::size_t to)
    {
        if (m_insert == nullptr)
            m_insert = prepare("INSERT INTO events(stream_id, version, event_id, event_type, created_at, metadata, "
                               "data) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)");
        const auto text = [&](int index, const std::string& value) {
            sqlite3_bind_text(m_insert, index, value.data(), static_cast<int>(value.size()), SQLITE_STATIC);
        };
        for (std::size_t i = from; i < to; ++i) {
            if (i % kBatch == 0)
                run("BEGIN IMMEDIATE");
            const auto& [stream, version, event] = story().events[i];
            text(1, story().streams[stream]);
            sqlite3_bind_int64(m_insert, 2, version);
            text(3, event.id);
            text(4, event.type);
            sqlite3_bind_int64(m_insert, 5, event.time.time_since_epoch().count());
            text(6, storedMetadata()[i]);
            text(7, event.data);
            if (sqlite3_step(m_insert) != SQLITE_DONE)
                giveUp(sqlite3_errmsg(m_handle));
            sqlite3_reset(m_insert);
            if (i % kBatch == kBatch - 1)
                run("COMMIT");
        }
    }

private:
    sqlite3* m_handle = nullptr;
    std::vector<sqlite3_stmt*> m_statements;
    sqlite3_stmt* m_insert = nullptr;
};

std::shared_ptr<SqliteEventStore> openStore(const std::filesystem::path& path)
{
    auto database = SqliteDatabase::open(path, {.access = SqliteAccess::Create, .durable = true});
    if (!database)
        giveUp(database.error().message);
    auto store = SqliteEventStore::open(*database);
    if (!store)
        giveUp(store.error().message);
    return *store;
}

/// Ditto.
void append(EventStore& store, std::size_t from, std::size_t to)
{
    std::vector<StreamAppend> batch;
    for (std::size_t i = from; i < to; ++i) {
        const auto& [stream, version, event] = story().events[i];
        batch.push_back({story().streams[stream], ExpectedVersion::exactly({version - 1}), {&event, 1}});
        if (batch.size() < kBatch)
            continue;
        if (const auto done = store.appendAll(batch); !done)
            giveUp(done.error().message);
        batch.clear();
    }
}

/// Counted afterwards, in the file itself: as many events, as many bytes.
Work workIn(const std::filesystem::path& path, double seconds)
{
    PlainStore file(path);
    sqlite3_stmt* count = file.prepare("SELECT count(*), sum(length(CAST(data AS BLOB))) FROM events");
    if (sqlite3_step(count) != SQLITE_ROW)
        giveUp("the database cannot be read back");
    return {.units = static_cast<double>(sqlite3_column_int64(count, 0)),
        .checksum = static_cast<std::uint64_t>(sqlite3_column_int64(count, 1)),
        .seconds = seconds};
}

/// Both files with the whole story in them, made once.
struct Files {
    test::TempDir folder;
    std::filesystem::path ours = folder / "ours.db";
    std::filesystem::path plain = folder / "plain.db";

    Files()
    {
        append(*openStore(ours), 0, kEvents);
        PlainStore(plain).append(0, kEvents);
    }
};

const Files& files()
{
    static const Files made;
    return made;
}

/// Looks at every part of an event without copying any.
struct Sum {
    double events = 0;
    std::uint64_t sum = 0;

    void add(std::string_view stream, std::int64_t version, std::int64_t position, std::string_view id,
        std::string_view type, std::int64_t time, std::string_view metadata, std::string_view data)
    {
        ++events;
        sum += stream.size() + static_cast<std::uint64_t>(version + position + time) + type.size() + metadata.size()
            + data.size() + static_cast<unsigned char>(id.front()) + static_cast<unsigned char>(id.back())
            + static_cast<unsigned char>(data.back());
    }
    bool add(const EventView& event)
    {
        add(event.stream, event.version.value, event.position.value, event.id, event.type,
            event.time.time_since_epoch().count(), event.metadata, event.data);
        return true;
    }
    void add(sqlite3_stmt* row)
    {
        const auto text = [&](int column) {
            const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(row, column));
            return std::string_view(bytes, static_cast<std::size_t>(sqlite3_column_bytes(row, column)));
        };
        add(text(0), sqlite3_column_int64(row, 1), sqlite3_column_int64(row, 2), text(3), text(4),
            sqlite3_column_int64(row, 5), text(6), text(7));
    }
    Work work() const { return {.units = events, .checksum = sum}; }
};

} // namespace

EVENTSCOPE_BENCH(sqlite_append)
try {
    // Both stores take the story in turns, a slice each, so that a disk or a machine that is busy for some
    // seconds is so for both.
    constexpr std::size_t kSlice = 10 * kBatch;
    static_assert(kEvents % kSlice == 0);
    storedMetadata();
    Work plainWork;
    const auto race = [&] {
        const test::TempDir folder;
        double oursTime = 0, plainTime = 0;
        const auto timed = [](double& total, const auto& part) {
            const auto start = SteadyClock::now();
            part();
            total += secondsSince(start);
        };
        std::shared_ptr<SqliteEventStore> ours;
        std::optional<PlainStore> plain;
        timed(oursTime, [&] { ours = openStore(folder / "ours.db"); });
        timed(plainTime, [&] { plain.emplace(folder / "plain.db"); });
        for (std::size_t from = 0; from < kEvents; from += kSlice) {
            timed(oursTime, [&] { append(*ours, from, from + kSlice); });
            timed(plainTime, [&] { plain->append(from, from + kSlice); });
        }
        timed(oursTime, [&] { ours.reset(); });
        timed(plainTime, [&] { plain.reset(); });
        plainWork = workIn(folder / "plain.db", plainTime);
        return workIn(folder / "ours.db", oursTime);
    };
    report.compare(
        {.what = "SQLite append, 1 000 a commit, 10 000 streams",
            .baselineName = "plain text-keyed schema, defaults",
            .target = 4.0,
            .note
            = "both from opening to closing (the last checkpoint included), WAL, synchronous=FULL; ours makes the "
              "event id unique too and checks every expected version"},
        race, [&] { return plainWork; });
} catch (const std::exception& error) {
    report.failed("SQLite append", error.what());
}

EVENTSCOPE_BENCH(sqlite_read)
try {
    const auto store = openStore(files().ours);
    PlainStore plain(files().plain);
    constexpr const char* kNote = "the loop reads the plain text-keyed file; both look at every column and copy none";

    sqlite3_stmt* all
        = plain.prepare("SELECT stream_id, version, position, event_id, event_type, created_at, metadata, "
                        "data FROM events WHERE position >= ?1 ORDER BY position");
    report.compare(
        {.what = "SQLite, all events", .baselineName = "bare prepared statement", .target = 0.8, .note = kNote},
        [&] {
            Sum sum;
            const auto read
                = store->visitAll({.limit = kNoLimit}, [&](const EventView& event) { return sum.add(event); });
            if (!read)
                giveUp(read.error().message);
            return sum.work();
        },
        [&] {
            Sum sum;
            sqlite3_bind_int64(all, 1, 0);
            while (sqlite3_step(all) == SQLITE_ROW)
                sum.add(all);
            sqlite3_reset(all);
            return sum.work();
        });

    sqlite3_stmt* one
        = plain.prepare("SELECT stream_id, version, position, event_id, event_type, created_at, metadata, "
                        "data FROM events WHERE stream_id = ?1 ORDER BY version");
    report.compare(
        {.what = "SQLite, stream by stream", .baselineName = "bare prepared statement", .target = 0.8, .note = kNote},
        [&] {
            Sum sum;
            for (const std::string& stream : story().streams) {
                const Status read
                    = store->visitStream(stream, {}, [&](const EventView& event) { return sum.add(event); });
                if (!read)
                    giveUp(read.error().message);
            }
            return sum.work();
        },
        [&] {
            Sum sum;
            for (const std::string& stream : story().streams) {
                sqlite3_bind_text(one, 1, stream.data(), static_cast<int>(stream.size()), SQLITE_STATIC);
                while (sqlite3_step(one) == SQLITE_ROW)
                    sum.add(one);
                sqlite3_reset(one);
            }
            return sum.work();
        });
} catch (const std::exception& error) {
    report.failed("SQLite, read back", error.what());
}

} // namespace eventscope::bench
