// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "postgres_event_store.h"
#include "postgres_source.h"

#include "collecting_sink.h"
#include "new_events.h"
#include "own_server.h"
#include "tcp_proxy.h"
#include "test_server.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <set>
#include <span>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace eventscope::test {

namespace {

using postgres::PgAccess;
using postgres::PostgresEventStore;
using postgres::PostgresSource;

constexpr std::size_t kRows = 20'000; // more than what sockets and buffers hold
constexpr std::size_t kEachAppend = 3;

/// Reads on while `meanwhile` happens to the server or the network: after the first batch it waits for it.
class InterruptedSink final : public core::EventSink {
public:
    bool deliver(std::span<const core::SourceEvent> batch) override
    {
        for (const core::SourceEvent& event : batch) {
            ++m_count;
            m_positions.insert(event.position);
        }
        std::unique_lock lock(m_mutex);
        m_begun = true;
        m_changed.notify_all();
        m_changed.wait(lock, [this] { return m_goesOn; });
        return true;
    }
    void waitUntilBegun()
    {
        std::unique_lock lock(m_mutex);
        m_changed.wait(lock, [this] { return m_begun; });
    }
    void goOn()
    {
        const std::scoped_lock lock(m_mutex);
        m_goesOn = true;
        m_changed.notify_all();
    }
    // After the read.
    std::size_t count() const { return m_count; }
    bool eachOnce() const { return m_positions.size() == m_count; }

private:
    std::mutex m_mutex;
    std::condition_variable m_changed;
    bool m_begun = false, m_goesOn = false;
    std::size_t m_count = 0;
    std::set<std::int64_t> m_positions;
};

void fill(const postgres::PgLogin& login)
{
    Stage(login).run("INSERT INTO events (event_id, stream_id, event_type, version, data) SELECT gen_random_uuid(), "
                     "'order-' || i, 'T', 1, jsonb_build_object('text', repeat('x', 2000)) FROM generate_series(1, "
        + std::to_string(kRows) + ") i");
}

postgres::PgLogin impatient(postgres::PgLogin login)
{
    login.connectTimeout = std::chrono::seconds(2);
    login.patience = std::chrono::milliseconds(500);
    return login;
}

std::shared_ptr<PostgresEventStore> storeOf(const postgres::PgLogin& login)
{
    auto store = PostgresEventStore::open(login, {.access = PgAccess::Write, .createTable = true});
    EXPECT_TRUE(store) << store.error().message;
    return store.value_or(nullptr);
}

/// One bulk read that something happens to; then the same again, whole, by the same source.
template <class Misfortune, class Mend>
void readThrough(
    const postgres::PgLogin& login, core::ErrorCode expected, const Misfortune& misfortune, const Mend& mend)
{
    auto source = PostgresSource::open("pg", login, {.table = {}, .mapping = {}});
    ASSERT_TRUE(source) << source.error().message;
    InterruptedSink sink;
    core::Result<core::ScanReceipt> receipt;
    std::jthread reader([&] { receipt = (*source)->read({}, sink, {}); });
    sink.waitUntilBegun();
    misfortune();
    sink.goOn();
    reader.join();
    ASSERT_FALSE(receipt) << "a read that was cut short must not look whole";
    EXPECT_EQ(receipt.error().code, expected) << receipt.error().message;
    EXPECT_FALSE(receipt.error().message.empty());
    EXPECT_LT(sink.count(), kRows);
    EXPECT_TRUE(sink.eachOnce());
    mend();
    InterruptedSink again;
    again.goOn();
    receipt = (*source)->read({}, again, {});
    ASSERT_TRUE(receipt) << receipt.error().message;
    EXPECT_TRUE(receipt->complete);
    EXPECT_EQ(again.count(), kRows);
    EXPECT_TRUE(again.eachOnce());
}

/// Somebody who appends all the time and repeats what was not answered for, as an outbox would.
class Appender {
public:
    enum class AfterRefusal { RetryAtOnce, WaitUntilMended };

    Appender(std::shared_ptr<PostgresEventStore> store, AfterRefusal afterRefusal)
        : m_store(std::move(store))
        , m_waits(afterRefusal == AfterRefusal::WaitUntilMended)
        , m_thread([this](std::stop_token stop) { run(std::move(stop)); })
    {
    }
    void waitForMore()
    {
        const std::size_t before = m_acknowledged;
        std::unique_lock lock(m_mutex);
        EXPECT_TRUE(m_changed.wait_for(lock, std::chrono::seconds(60), [&] { return m_acknowledged > before + 5; }));
    }
    void waitForRefusal()
    {
        const std::size_t before = m_refused;
        std::unique_lock lock(m_mutex);
        EXPECT_TRUE(m_changed.wait_for(lock, std::chrono::seconds(60), [&] { return m_refused > before; }));
    }
    /// What was refused is tried again.
    void mended()
    {
        const std::scoped_lock lock(m_mutex);
        m_isMended = true;
        m_changed.notify_all();
    }
    void stop()
    {
        m_thread.request_stop();
        m_thread.join();
    }
    std::size_t acknowledged() const { return m_acknowledged; } ///< appends, after stop() the last version too

private:
    void run(std::stop_token stop)
    {
        for (std::size_t n = 0; !stop.stop_requested(); ++n) {
            std::vector<std::string> ids;
            for (std::size_t i = 0; i < kEachAppend; ++i)
                ids.push_back("id-" + std::to_string(n) + "-" + std::to_string(i));
            const auto events = newEvents(ids);
            const auto expected = core::ExpectedVersion::exactly({static_cast<std::int64_t>(n * kEachAppend)});
            for (;;) {
                const auto done = m_store->append("busy-1", expected, events);
                if (done) {
                    EXPECT_EQ(done->lastVersion.value, static_cast<std::int64_t>((n + 1) * kEachAppend));
                    break;
                }
                const core::ErrorCode code = done.error().code;
                EXPECT_TRUE(code == core::ErrorCode::Unreachable || code == core::ErrorCode::Timeout
                    || code == core::ErrorCode::InDoubt)
                    << done.error().message;
                note(m_refused);
                std::unique_lock lock(m_mutex);
                if (m_waits)
                    m_changed.wait(lock, stop, [this] { return std::exchange(m_isMended, false); });
            }
            note(m_acknowledged);
        }
    }
    void note(std::atomic<std::size_t>& count)
    {
        const std::scoped_lock lock(m_mutex);
        ++count;
        m_changed.notify_all();
    }

    std::shared_ptr<PostgresEventStore> m_store;
    const bool m_waits;
    bool m_isMended = false;
    std::mutex m_mutex;
    std::condition_variable_any m_changed;
    std::atomic<std::size_t> m_acknowledged = 0, m_refused = 0;
    std::jthread m_thread;
};

/// Each event that was answered for once, and nothing else.
void expectWhole(const postgres::PgLogin& login, const Appender& appender)
{
    Stage stage(login);
    const std::string expected = std::to_string(appender.acknowledged() * kEachAppend);
    EXPECT_EQ(stage.value("SELECT count(*) FROM events"), expected);
    EXPECT_EQ(stage.value("SELECT max(version) FROM events"), expected);
    EXPECT_EQ(stage.value("SELECT count(DISTINCT event_id) FROM events"), expected);
}

} // namespace

TEST(PostgresBulkFaults, AServerKilledOrPausedInTheMiddleOfABulkReadIsSaidAndReadAgain)
{
    OwnServer server;
    const postgres::PgLogin login = impatient(server.login());
    storeOf(login);
    fill(server.login());
    readThrough(
        login, core::ErrorCode::Unreachable, [&] { server.run("kill"); }, [&] { server.run("again"); });
    readThrough(
        login, core::ErrorCode::Timeout, [&] { server.run("pause"); }, [&] { server.run("resume"); });
}

TEST(PostgresBulkFaults, ANetworkThatStallsTruncatesOrResetsABulkReadIsSaidAndReadAgain)
{
    TestDatabase database;
    postgres::PgLogin direct = testLogin();
    direct.database = database.name();
    storeOf(direct);
    fill(direct);
    TcpProxy proxy(direct.hosts.front().port);
    postgres::PgLogin login = impatient(direct);
    login.hosts = {{"127.0.0.1", proxy.port()}};
    login.options = {{"sslmode", "disable"}};
    readThrough(
        login, core::ErrorCode::Timeout, [&] { proxy.stall(); }, [&] { proxy.goOn(); });
    readThrough(
        login, core::ErrorCode::Unreachable, [&] { proxy.cutAfter(5000); }, [] {});
    readThrough(
        login, core::ErrorCode::Unreachable, [&] { proxy.resetAll(); }, [] {});
}

TEST(PostgresBulkFaults, AServerKilledAndPausedUnderAWriterLosesAndDoublesNothing)
{
    OwnServer server;
    const postgres::PgLogin login = impatient(server.login());
    Appender appender(storeOf(login), Appender::AfterRefusal::WaitUntilMended);
    appender.waitForMore();
    server.run("kill");
    appender.waitForRefusal();
    server.run("again");
    appender.mended();
    appender.waitForMore();
    server.run("pause");
    appender.waitForRefusal();
    server.run("resume");
    appender.mended();
    appender.waitForMore();
    appender.stop();
    expectWhole(server.login(), appender);
}

TEST(PostgresBulkFaults, ANetworkThatStallsTruncatesOrResetsUnderAWriterLosesAndDoublesNothing)
{
    TestDatabase database;
    postgres::PgLogin direct = testLogin();
    direct.database = database.name();
    TcpProxy proxy(direct.hosts.front().port);
    postgres::PgLogin login = impatient(direct);
    login.hosts = {{"127.0.0.1", proxy.port()}};
    login.options = {{"sslmode", "disable"}};
    Appender appender(storeOf(login), Appender::AfterRefusal::RetryAtOnce);
    for (std::size_t bytes = 1; bytes < 400; bytes += 37) {
        appender.waitForMore();
        proxy.cutAfter(bytes);
        appender.waitForMore();
        proxy.resetAll();
    }
    appender.waitForMore();
    proxy.stall();
    appender.waitForRefusal();
    proxy.goOn();
    appender.waitForMore();
    appender.stop();
    expectWhole(direct, appender);
}

} // namespace eventscope::test
