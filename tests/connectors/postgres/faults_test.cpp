// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/connection.h"
#include "inspect/problem_log.h"
#include "postgres_event_store.h"
#include "postgres_source.h"

#include "new_events.h"
#include "own_server.h"
#include "tcp_proxy.h"
#include "test_server.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <thread>
#include <vector>

namespace eventscope::test {

namespace {

using postgres::PgAccess;
using postgres::PostgresEventStore;
using postgres::PostgresSource;

/// What a connection delivers, by position.
class Collected {
public:
    core::IngestSink sink()
    {
        return [this](std::span<const core::SourceEvent> batch) {
            const std::scoped_lock lock(m_mutex);
            for (const core::SourceEvent& event : batch)
                ++m_times[event.position];
            m_changed.notify_all();
        };
    }
    bool waitFor(std::size_t count)
    {
        std::unique_lock lock(m_mutex);
        return m_changed.wait_for(lock, std::chrono::seconds(60), [&] { return m_times.size() >= count; });
    }
    bool eachOnce() const
    {
        const std::scoped_lock lock(m_mutex);
        return std::ranges::all_of(m_times, [](const auto& entry) { return entry.second == 1; });
    }

private:
    mutable std::mutex m_mutex;
    std::condition_variable m_changed;
    std::map<std::int64_t, int> m_times;
};

class Follows {
public:
    explicit Follows(postgres::PgLogin login, std::string table = {})
        : m_connection({.name = "pg",
                           .url = "postgres://",
                           .open = [login, table]() -> core::Result<std::unique_ptr<core::Source>> {
                               auto source = PostgresSource::open("pg", login,
                                   {.table = table,
                                       .mapping = {},
                                       .firstPoll = std::chrono::milliseconds(20),
                                       .lastPoll = std::chrono::milliseconds(20)});
                               if (!source)
                                   return std::unexpected(source.error());
                               return std::move(*source);
                           }},
            collected.sink(), m_clock, m_problems,
            {.firstRetry = std::chrono::milliseconds(20), .lastRetry = std::chrono::milliseconds(200)})
        , m_handle(m_connection.onChanged([this] {
            const std::scoped_lock lock(m_mutex);
            m_changed.notify_all();
        }))
    {
    }
    /// The sentence of the first state of that kind.
    std::string waitFor(core::ConnectionState state)
    {
        std::unique_lock lock(m_mutex);
        std::string sentence;
        m_changed.wait_for(lock, std::chrono::seconds(60), [&] {
            const core::ConnectionStatus status = m_connection.status();
            sentence = status.sentence;
            return status.state == state;
        });
        return sentence;
    }

    Collected collected;

private:
    core::SystemClock m_clock;
    core::ProblemLog m_problems{m_clock};
    std::mutex m_mutex;
    std::condition_variable m_changed;
    core::Connection m_connection;
    std::shared_ptr<void> m_handle;
};

std::shared_ptr<PostgresEventStore> writer(const postgres::PgLogin& login, const std::string& schema = {})
{
    auto store = PostgresEventStore::open(login, {.access = PgAccess::Write, .createTable = true, .schema = schema});
    EXPECT_TRUE(store) << store.error().message;
    return store.value_or(nullptr);
}

postgres::PgLogin through(const TcpProxy& proxy, postgres::PgLogin login = testLogin())
{
    login.hosts = {{"127.0.0.1", proxy.port()}};
    login.options = {{"sslmode", "disable"}}; // what passes is to be read
    login.connectTimeout = std::chrono::seconds(2);
    return login;
}

constexpr std::string_view kCommit{"COMMIT\0", 7};

class InDoubt : public ::testing::TestWithParam<TcpProxy::Verdict> { };

} // namespace

TEST_P(InDoubt, AnAppendWhoseCommitIsCutOffIsStoredOnceAndAnsweredForItself)
{
    TestSchema schema;
    TcpProxy proxy(testLogin().hosts.front().port);
    const auto store = writer(through(proxy), schema.name());
    ASSERT_TRUE(store->append("order-1", core::ExpectedVersion::noStream(), newEvents({"a"})));
    std::atomic<int> cuts = 0;
    proxy.inspect([&](std::string_view bytes) {
        if (bytes.find(kCommit) == std::string_view::npos || ++cuts > 1)
            return TcpProxy::Verdict::Pass;
        return GetParam();
    });
    const auto result = store->append("order-1", core::ExpectedVersion::exactly({1}), newEvents({"b", "c"}));
    ASSERT_TRUE(result) << result.error().message;
    EXPECT_GE(cuts, 1);
    EXPECT_EQ(result->lastVersion, core::StreamVersion{3});
    EXPECT_FALSE(result->alreadyStored);
    EXPECT_EQ(joinedIds(store->readStream("order-1").value()), "a b c");
}

INSTANTIATE_TEST_SUITE_P(Commit, InDoubt, ::testing::Values(TcpProxy::Verdict::CutBefore, TcpProxy::Verdict::CutAfter),
    [](const auto& each) {
        return each.param == TcpProxy::Verdict::CutBefore ? "BeforeTheServer" : "BehindTheServer";
    });

TEST(PostgresFaults, ADoubtThatCannotBeSettledIsSaidAndSettledByTheSameAppend)
{
    TestSchema schema;
    TcpProxy proxy(testLogin().hosts.front().port);
    const auto store = writer(through(proxy), schema.name());
    ASSERT_TRUE(store->append("order-1", core::ExpectedVersion::noStream(), newEvents({"a"})));
    proxy.inspect([&](std::string_view bytes) {
        if (bytes.find(kCommit) == std::string_view::npos)
            return TcpProxy::Verdict::Pass;
        return TcpProxy::Verdict::CutAfter;
    });
    const auto doubt = store->append("order-1", core::ExpectedVersion::exactly({1}), newEvents({"b"}));
    // Each attempt to settle it commits as well, and is cut off as well, until the store gives up, unless a
    // look at the ids already answered.
    if (!doubt) {
        EXPECT_EQ(doubt.error().code, core::ErrorCode::InDoubt);
    }
    proxy.inspect({});
    const auto settled = store->append("order-1", core::ExpectedVersion::exactly({1}), newEvents({"b"}));
    ASSERT_TRUE(settled) << settled.error().message;
    EXPECT_EQ(settled->lastVersion, core::StreamVersion{2});
    EXPECT_EQ(joinedIds(store->readStream("order-1").value()), "a b");
}

TEST(PostgresFaults, AnIdleConnectionThatWasResetCostsNoAppendAndNoRead)
{
    TestSchema schema;
    TcpProxy proxy(testLogin().hosts.front().port);
    const auto store = writer(through(proxy), schema.name());
    ASSERT_TRUE(store->append("order-1", core::ExpectedVersion::any(), newEvents({"a"})));
    ASSERT_TRUE(store->readAll());
    proxy.resetAll();
    const auto again = store->append("order-1", core::ExpectedVersion::any(), newEvents({"b"}));
    ASSERT_TRUE(again) << again.error().message;
    EXPECT_EQ(joinedIds(store->readAll().value()), "a b");
}

TEST(PostgresFaults, AServerThatFallsSilentIsGivenUpInTime)
{
    TestSchema schema;
    TcpProxy proxy(testLogin().hosts.front().port);
    postgres::PgLogin login = through(proxy);
    login.patience = std::chrono::milliseconds(300);
    const auto store = writer(login, schema.name());
    ASSERT_TRUE(store->append("order-1", core::ExpectedVersion::any(), newEvents({"a"})));
    proxy.stall();
    const auto read = store->readStream("order-1");
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().code, core::ErrorCode::Timeout);
    const auto appended = store->append("order-1", core::ExpectedVersion::any(), newEvents({"b"}));
    ASSERT_FALSE(appended);
    EXPECT_EQ(appended.error().code, core::ErrorCode::Timeout) << appended.error().message;
    proxy.goOn();
    EXPECT_TRUE(store->append("order-1", core::ExpectedVersion::any(), newEvents({"b"})));
    EXPECT_EQ(joinedIds(store->readStream("order-1").value()), "a b");
}

TEST(PostgresFaults, AFollowerComesBackByItselfAfterResetsCutsAndStalls)
{
    TestSchema schema;
    TcpProxy proxy(testLogin().hosts.front().port);
    const auto direct = writer(testLogin(), schema.name());
    ASSERT_TRUE(direct->append("order-1", core::ExpectedVersion::any(), newEvents({"a", "b"})));
    postgres::PgLogin login = through(proxy);
    login.patience = std::chrono::milliseconds(500);
    Follows follows(login, schema.name() + ".events");
    ASSERT_TRUE(follows.collected.waitFor(2));
    proxy.resetAll();
    ASSERT_TRUE(direct->append("order-1", core::ExpectedVersion::any(), newEvents({"c"})));
    ASSERT_TRUE(follows.collected.waitFor(3));
    proxy.cutAfter(100);
    ASSERT_TRUE(direct->append("order-1", core::ExpectedVersion::any(), newEvents({"d"})));
    ASSERT_TRUE(follows.collected.waitFor(4));
    proxy.stall();
    EXPECT_NE(follows.waitFor(core::ConnectionState::Reconnecting).find("did not answer in time"), std::string::npos);
    ASSERT_TRUE(direct->append("order-1", core::ExpectedVersion::any(), newEvents({"e"})));
    proxy.goOn();
    ASSERT_TRUE(follows.collected.waitFor(5));
    EXPECT_TRUE(follows.collected.eachOnce());
}

TEST(PostgresFaults, AServerThatIsKilledOrPausedLosesAndDoublesNothing)
{
    OwnServer server;
    postgres::PgLogin login = server.login();
    login.connectTimeout = std::chrono::seconds(2);
    login.patience = std::chrono::milliseconds(500);
    const auto store = writer(login);
    ASSERT_TRUE(store->append("order-1", core::ExpectedVersion::any(), newEvents({"a", "b"})));
    Follows follows(login);
    ASSERT_TRUE(follows.collected.waitFor(2));

    server.run("kill");
    const std::string said = follows.waitFor(core::ConnectionState::Reconnecting);
    EXPECT_NE(said, "");
    const auto refused = store->append("order-1", core::ExpectedVersion::any(), newEvents({"c"}));
    EXPECT_FALSE(refused);
    server.run("again");
    follows.waitFor(core::ConnectionState::Live);
    ASSERT_TRUE(store->append("order-1", core::ExpectedVersion::any(), newEvents({"c"})));
    ASSERT_TRUE(follows.collected.waitFor(3));

    server.run("pause");
    follows.waitFor(core::ConnectionState::Reconnecting);
    const auto late = store->readStream("order-1");
    ASSERT_FALSE(late);
    EXPECT_EQ(late.error().code, core::ErrorCode::Timeout);
    server.run("resume");
    follows.waitFor(core::ConnectionState::Live);
    ASSERT_TRUE(store->append("order-1", core::ExpectedVersion::any(), newEvents({"d"})));
    ASSERT_TRUE(follows.collected.waitFor(4));
    EXPECT_TRUE(follows.collected.eachOnce());
    EXPECT_EQ(joinedIds(store->readStream("order-1").value()), "a b c d");
}

} // namespace eventscope::test
