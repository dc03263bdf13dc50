// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "collecting_sink.h"
#include "inspect/capture_file.h"
#include "inspect/capture_source.h"
#include "inspect/event_log.h"
#include "inspect/event_marks.h"
#include "inspect/log_events.h"
#include "inspect/log_export.h"
#include "sample_events.h"
#include "source_contract.h"
#include "sourcing/sqlite_database.h"
#include "temp_dir.h"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <filesystem>
#include <string>
#include <vector>

namespace eventscope::test {

namespace {

using core::CaptureSource;
using core::ErrorCode;
using core::EventLog;
using core::ExportFormat;
using core::SourceEvent;

constexpr core::Timestamp kSavedAt{std::chrono::seconds{1'790'000'000}};

core::Result<core::ExportReceipt> save(const EventLog& log, const std::filesystem::path& path,
    core::CaptureSettings settings = {}, const std::optional<std::vector<std::uint32_t>>& rows = {})
{
    core::ExportProgress progress;
    return core::exportRows(log, rows, path.string(),
        {.format = ExportFormat::Capture, .settings = std::move(settings), .savedAt = kSavedAt}, progress, {});
}

/// Appends everything of the capture to `log`.
void openInto(EventLog& log, const std::filesystem::path& path)
{
    class LogSink final : public core::EventSink {
    public:
        explicit LogSink(EventLog& log) : m_log(log) { }
        bool deliver(std::span<const SourceEvent> batch) override
        {
            m_log.append(batch);
            return true;
        }

    private:
        EventLog& m_log;
    };
    const auto source = CaptureSource::open("capture", path.string());
    ASSERT_TRUE(source) << source.error().message;
    LogSink sink(log);
    const auto receipt = (*source)->read({}, sink, {});
    ASSERT_TRUE(receipt) << receipt.error().message;
    EXPECT_TRUE(receipt->complete) << receipt->stoppedBecause;
}

void expectSame(const SourceEvent& a, const SourceEvent& b)
{
    EXPECT_EQ(a.source, b.source);
    EXPECT_EQ(a.stream, b.stream);
    EXPECT_EQ(a.position, b.position);
    EXPECT_EQ(a.version, b.version);
    EXPECT_EQ(a.partition, b.partition);
    EXPECT_EQ(a.id, b.id);
    EXPECT_EQ(a.type, b.type);
    EXPECT_EQ(a.hasTime, b.hasTime);
    if (a.hasTime) {
        EXPECT_EQ(a.time, b.time);
    }
    EXPECT_EQ(a.correlationId, b.correlationId);
    EXPECT_EQ(a.causationId, b.causationId);
    ASSERT_EQ(a.headers.size(), b.headers.size());
    for (std::size_t i = 0; i < a.headers.size(); ++i) {
        EXPECT_EQ(a.headers[i].name, b.headers[i].name);
        EXPECT_EQ(a.headers[i].value, b.headers[i].value);
    }
    EXPECT_TRUE(a.payload == b.payload); // may be 50 MB of anything: not for printing
    EXPECT_EQ(a.payloadIsNull, b.payloadIsNull);
    EXPECT_EQ(a.undecodable, b.undecodable);
    EXPECT_EQ(a.isMarked, b.isMarked);
    EXPECT_EQ(a.note, b.note);
}

void expectSame(const EventLog& a, const EventLog& b)
{
    ASSERT_EQ(a.size(), b.size());
    core::LogEvents first(a), second(b);
    for (core::LogRow row = 0; row < a.size() && !::testing::Test::HasFailure(); ++row) {
        SCOPED_TRACE(row);
        expectSame(first.at(row), second.at(row));
    }
}

std::string whyItDoesNotOpen(const std::filesystem::path& path, ErrorCode code)
{
    const auto opened = CaptureSource::open("capture", path.string());
    EXPECT_FALSE(opened);
    if (opened) {
        return {};
    }
    EXPECT_EQ(opened.error().code, code) << opened.error().message;
    return opened.error().message;
}

void smallLog(EventLog& log)
{
    const std::vector<SourceEvent> events{{.source = "shop",
                                              .stream = "order-1",
                                              .position = 1,
                                              .version = 1,
                                              .id = "a",
                                              .type = "OrderPlaced",
                                              .time = kSavedAt,
                                              .payload = R"({"total":38.00})"},
        {.source = "shop",
            .stream = "order-1",
            .position = 2,
            .version = 2,
            .id = "b",
            .type = "OrderShipped",
            .time = kSavedAt,
            .payload = "{}"}};
    log.append(events);
}

} // namespace

TEST(Capture, BringsBackEveryByteOfAnyEvent)
{
    const TempDir folder;
    EventLog log;
    RandomEvents random(7);
    for (int i = 0; i < 10'000; ++i) {
        const SourceEvent event = random.next();
        log.append({&event, 1});
        if (i % 97 == 0) {
            log.marks().set(static_cast<core::LogRow>(i), i % 2 == 0 ? "look at \"this\"\nö" : "");
        }
    }
    const auto saved = save(log, folder / "all.eventscope");
    ASSERT_TRUE(saved) << saved.error().message;
    EXPECT_EQ(saved->written, 10'000U);
    EventLog again;
    openInto(again, folder / "all.eventscope");
    expectSame(log, again);
}

TEST(Capture, BringsBackWhatIsAtTheLimits)
{
    const TempDir folder;
    const std::string huge = '"' + std::string(50'000'000, 'x') + '"';
    const std::string nul("a\0b\xff", 4);
    const std::vector<core::HeaderView> headers{{"h", "1"}, {"h", "2"}, {"", ""}, {nul, nul}, {"H", "1"}};
    const std::vector<SourceEvent> events{{.source = nul,
                                              .stream = nul,
                                              .position = std::numeric_limits<std::int64_t>::max(),
                                              .version = std::numeric_limits<std::int64_t>::min() + 1,
                                              .partition = std::numeric_limits<std::int32_t>::max(),
                                              .id = nul,
                                              .type = nul,
                                              .time = core::Timestamp(std::chrono::microseconds(-1)),
                                              .correlationId = nul,
                                              .causationId = nul,
                                              .headers = headers,
                                              .payload = nul,
                                              .undecodable = "neither this nor that"},
        {.source = "s", .hasTime = false, .payloadIsNull = true}, {.source = "s", .position = 0, .payload = ""},
        {.source = "s", .payload = huge},
        {.source = "s", .payload = R"({"n":9007199254740993,"d":0.10})", .isMarked = true, .note = "exact"}};
    EventLog log;
    log.append(events);
    ASSERT_TRUE(save(log, folder / "limits.eventscope"));
    EventLog again;
    openInto(again, folder / "limits.eventscope");
    expectSame(log, again);
    EXPECT_EQ(again.marks().note(4), "exact");
}

TEST(Capture, KeepsHowItWasLookedAt)
{
    const TempDir folder;
    EventLog log;
    smallLog(log);
    log.marks().set(1, "here");
    const core::CaptureSettings settings{{"filter", "type = 'OrderPlaced'"}, {"columns", "[]"}};
    ASSERT_TRUE(save(log, folder / "a.eventscope", settings));
    const auto summary = core::readCaptureSummary((folder / "a.eventscope").string());
    ASSERT_TRUE(summary) << summary.error().message;
    EXPECT_EQ(summary->events, 2U);
    EXPECT_EQ(summary->marks, 1U);
    EXPECT_EQ(summary->settings, settings);
}

TEST(Capture, KeepsTheRowsItIsGivenInTheirOrder)
{
    const TempDir folder;
    EventLog log;
    smallLog(log);
    log.marks().set(1, "second");
    ASSERT_TRUE(save(log, folder / "a.eventscope", {}, std::vector<std::uint32_t>{1, 0}));
    EventLog again;
    openInto(again, folder / "a.eventscope");
    ASSERT_EQ(again.size(), 2U);
    EXPECT_EQ(std::string(core::LogEvents(again).at(0).id), "b");
    EXPECT_EQ(std::string(core::LogEvents(again).at(1).id), "a");
    EXPECT_EQ(again.marks().note(0), "second");
}

TEST(Capture, CanBeReadWithPlainSql)
{
    const TempDir folder;
    EventLog log;
    smallLog(log);
    log.marks().set(0, "first");
    ASSERT_TRUE(save(log, folder / "a.eventscope"));
    sqlite3* handle = nullptr;
    ASSERT_EQ(sqlite3_open((folder / "a.eventscope").c_str(), &handle), SQLITE_OK);
    sqlite3_stmt* statement = nullptr;
    ASSERT_EQ(sqlite3_prepare_v2(handle,
                  "SELECT time, json_extract(payload, '$.total'), note FROM readable WHERE type = 'OrderPlaced'", -1,
                  &statement, nullptr),
        SQLITE_OK)
        << sqlite3_errmsg(handle);
    ASSERT_EQ(sqlite3_step(statement), SQLITE_ROW);
    EXPECT_STREQ(reinterpret_cast<const char*>(sqlite3_column_text(statement, 0)), "2026-09-21T14:13:20.000000Z");
    EXPECT_EQ(sqlite3_column_double(statement, 1), 38.0);
    EXPECT_STREQ(reinterpret_cast<const char*>(sqlite3_column_text(statement, 2)), "first");
    sqlite3_finalize(statement);
    sqlite3_close(handle);
}

TEST(Capture, SaysInOneSentenceWhatAFileIsInstead)
{
    const TempDir folder;
    EventLog log;
    smallLog(log);
    const auto path = folder / "a.eventscope";
    ASSERT_TRUE(save(log, path));
    const std::string whole = readFile(path);

    EXPECT_NE(whyItDoesNotOpen(folder / "none", ErrorCode::NotFound).find("no file"), std::string::npos);
    EXPECT_NE(whyItDoesNotOpen(folder.path(), ErrorCode::Unparsable).find("folder"), std::string::npos);
    writeFile(folder / "text", "{\"id\":1}\n");
    EXPECT_NE(whyItDoesNotOpen(folder / "text", ErrorCode::Unparsable).find("is no capture"), std::string::npos);
    ASSERT_TRUE(core::SqliteDatabase::open(folder / "store.db", {.access = core::SqliteAccess::Create}));
    EXPECT_NE(
        whyItDoesNotOpen(folder / "store.db", ErrorCode::Unparsable).find("but an event store"), std::string::npos);

    for (const std::size_t size : {std::size_t{50}, std::size_t{100}, std::size_t{8192}, whole.size() - 1}) {
        writeFile(folder / "cut", whole.substr(0, size));
        EXPECT_NE(whyItDoesNotOpen(folder / "cut", ErrorCode::Corrupt).find("cut short"), std::string::npos) << size;
    }
    std::string newer = whole;
    newer[63] = 2; // user_version
    writeFile(folder / "newer", newer);
    EXPECT_NE(whyItDoesNotOpen(folder / "newer", ErrorCode::UnsupportedVersion).find("newer"), std::string::npos);
    std::string broken = whole;
    std::fill(broken.begin() + 100, broken.begin() + 4000, 'x');
    writeFile(folder / "broken", broken);
    EXPECT_NE(whyItDoesNotOpen(folder / "broken", ErrorCode::Corrupt).find("damaged"), std::string::npos);

    EXPECT_EQ(core::kindOfFile(path.string()), core::FileKind::Capture);
    EXPECT_EQ(core::kindOfFile((folder / "store.db").string()), core::FileKind::Store);
    EXPECT_EQ(core::kindOfFile((folder / "text").string()), core::FileKind::Other);
    EXPECT_EQ(core::kindOfFile((folder / "none").string()), core::FileKind::Missing);
}

TEST(Capture, LeavesTheFileThatWasThereWhenItIsCancelledOrFails)
{
    const TempDir folder;
    const auto path = folder / "a.eventscope";
    writeFile(path, "what was there");
    EventLog log;
    smallLog(log);
    std::stop_source stop;
    stop.request_stop();
    core::ExportProgress progress;
    const auto cancelled = core::exportRows(
        log, {}, path.string(), {.format = ExportFormat::Capture, .savedAt = kSavedAt}, progress, stop.get_token());
    ASSERT_FALSE(cancelled);
    EXPECT_EQ(cancelled.error().code, ErrorCode::Cancelled);
    EXPECT_EQ(readFile(path), "what was there");
    const auto nowhere = save(log, folder / "no" / "such" / "folder");
    ASSERT_FALSE(nowhere);
    EXPECT_NE(nowhere.error().message.find("no/such/folder"), std::string::npos) << nowhere.error().message;
    EXPECT_FALSE(save(log, "/dev/null"));
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path()), {}), 1) << "nothing is left beside it";
}

TEST(LogExport, WritesTheSameRowsInEveryForm)
{
    const TempDir folder;
    EventLog log;
    smallLog(log);
    for (const ExportFormat format : {ExportFormat::NdJson, ExportFormat::CloudEvents, ExportFormat::Csv}) {
        core::ExportProgress progress;
        const auto path = folder / "out";
        ASSERT_TRUE(core::exportRows(log, {}, path.string(), {.format = format}, progress, {}));
        const std::string text = readFile(path);
        std::string expected(core::exportHead(format));
        core::LogEvents events(log);
        core::appendExported(expected, events.at(0), format);
        core::appendExported(expected, events.at(1), format);
        EXPECT_EQ(text, expected);
        EXPECT_EQ(progress.rows.load(), 2U);
        EXPECT_EQ(progress.written.load(), 2U);
    }
}

TEST(LogExport, CountsRowsThatTheLogHasDropped)
{
    const TempDir folder;
    EventLog log({.budgetBytes = std::size_t{24} << 20, .spillFolder = {}, .atLimit = core::LogAtLimit::DropOldest});
    const std::string payload = '"' + std::string(4000, 'x') + '"';
    const SourceEvent event{.source = "s", .payload = payload};
    for (int i = 0; i < 15'000; ++i) {
        log.append({&event, 1});
    }
    ASSERT_GT(log.firstRow(), 0U);
    const auto saved = save(
        log, folder / "a.eventscope", {}, std::vector<std::uint32_t>{0, static_cast<std::uint32_t>(log.size() - 1)});
    ASSERT_TRUE(saved) << saved.error().message;
    EXPECT_EQ(saved->gone, 1U);
    EXPECT_EQ(saved->written, 1U);
}

/// A capture does not grow: each time it is looked at after more was added it is another one.
class CaptureFixture {
public:
    core::Source& source()
    {
        if (!m_source || m_dirty) {
            m_source.reset();
            EXPECT_TRUE(save(m_log, m_folder / "a.eventscope"));
            m_source = CaptureSource::open("shop", (m_folder / "a.eventscope").string()).value();
            m_dirty = false;
        }
        return *m_source;
    }

    void add(const ContractEvent& event)
    {
        const SourceEvent added{.source = "shop",
            .stream = event.stream,
            .position = static_cast<std::int64_t>(m_log.size() + 1),
            .id = event.id,
            .type = event.type,
            .time = event.time,
            .correlationId = event.correlationId,
            .payload = event.data};
        m_log.append({&added, 1});
        m_dirty = true;
    }

    std::string footprint()
    {
        source();
        return std::to_string(std::hash<std::string>{}(readFile(m_folder / "a.eventscope")));
    }

private:
    TempDir m_folder;
    EventLog m_log;
    std::unique_ptr<core::Source> m_source;
    bool m_dirty = false;
};

INSTANTIATE_TYPED_TEST_SUITE_P(Capture, SourceContract, CaptureFixture);

} // namespace eventscope::test
