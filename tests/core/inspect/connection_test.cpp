// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/connection.h"

#include "inspect/problem_log.h"
#include "scripted_source.h"

#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <vector>

using namespace eventscope::core;
using namespace std::chrono_literals;
using eventscope::test::ChangeWaiter;
using eventscope::test::ScriptedServer;

namespace {

class ConnectionTest : public testing::Test {
protected:
    std::unique_ptr<Connection> connect(bool fromBeginning = true)
    {
        ConnectionSpec spec{
            .name = "orders", .url = "test:", .open = m_server.factory(), .fromBeginning = fromBeginning};
        const IngestSink sink = [this](std::span<const SourceEvent> batch) {
            const std::scoped_lock lock(m_mutex);
            for (const SourceEvent& event : batch) {
                m_positions.push_back(event.position);
            }
            m_changed.notify();
        };
        auto connection = std::make_unique<Connection>(std::move(spec), sink, m_clock, m_problems);
        m_bell = connection->onChanged([this] { m_changed.notify(); });
        m_changed.notify();
        return connection;
    }

    std::vector<std::int64_t> positions()
    {
        const std::scoped_lock lock(m_mutex);
        return m_positions;
    }

    void waitForState(const Connection& connection, ConnectionState state)
    {
        m_changed.wait([&] { return connection.status().state == state; });
    }

    void waitForEvents(std::size_t count)
    {
        m_changed.wait([&] { return positions().size() >= count; });
    }

    ManualClock m_clock{Timestamp{1h}};
    ProblemLog m_problems{m_clock};
    ScriptedServer m_server;
    ChangeWaiter m_changed;
    std::mutex m_mutex;
    std::vector<std::int64_t> m_positions;
    std::shared_ptr<void> m_bell;
};

} // namespace

TEST_F(ConnectionTest, DeliversWhatIsThereAndWhatComes)
{
    m_server.add(3);
    const auto connection = connect();
    waitForEvents(3);
    m_server.add(2);
    waitForEvents(5);
    EXPECT_EQ(positions(), (std::vector<std::int64_t>{0, 1, 2, 3, 4}));
    EXPECT_EQ(connection->counters().events, 5u);
    EXPECT_EQ(connection->status().state, ConnectionState::Live);
    EXPECT_TRUE(connection->capabilities().follow);
}

TEST_F(ConnectionTest, StartsAtTheEndWhenAskedTo)
{
    m_server.add(3);
    const auto connection = connect(false);
    m_server.waitForFollowers(1);
    m_server.add(1);
    waitForEvents(1);
    EXPECT_EQ(positions(), (std::vector<std::int64_t>{3}));
}

TEST_F(ConnectionTest, GoesOnWhereItWasAfterALoss)
{
    m_server.add(3);
    const auto connection = connect();
    waitForEvents(3);
    m_server.breakDown({ErrorCode::Unreachable, "The broker went away."});
    waitForState(*connection, ConnectionState::Reconnecting);
    EXPECT_EQ(connection->status().sentence, "The broker went away. Trying again in 250 ms.");
    m_server.repair();
    m_server.add(2);
    m_clock.waitForSleepers(1);
    m_clock.advance(250ms);
    waitForEvents(5);
    EXPECT_EQ(positions(), (std::vector<std::int64_t>{0, 1, 2, 3, 4}));
    waitForState(*connection, ConnectionState::Live);
    EXPECT_EQ(connection->counters().reconnects, 1u);
    EXPECT_EQ(m_server.startCursor(), "behind 3");
}

TEST_F(ConnectionTest, WaitsTwiceAsLongAfterEachFailure)
{
    m_server.breakDown({ErrorCode::Unreachable, "Nobody listens on port 9092."});
    const auto connection = connect();
    for (const auto delay : {250ms, 500ms, 1000ms, 2000ms, 4000ms, 8000ms, 16000ms, 30000ms, 30000ms}) {
        m_clock.waitForSleepers(1);
        EXPECT_EQ(m_clock.nextWakeUp(), m_clock.now() + delay);
        m_clock.advance(delay);
    }
    m_clock.waitForSleepers(1);
    EXPECT_EQ(connection->status().attempts, 10);
    // One sentence for the whole outage, not one an attempt.
    EXPECT_EQ(m_problems.problemCount(), 1u);
}

TEST_F(ConnectionTest, FailsForGoodWhenTryingAgainWouldNotHelp)
{
    m_server.breakDown({ErrorCode::NotAStore, "story.db is no event store."});
    const auto connection = connect();
    waitForState(*connection, ConnectionState::Failed);
    EXPECT_EQ(connection->status().sentence, "story.db is no event store.");
    m_server.repair();
    m_server.add(1);
    connection->retry();
    waitForEvents(1);
    waitForState(*connection, ConnectionState::Live);
}

TEST_F(ConnectionTest, RetriesAtOnceWhenAsked)
{
    m_server.breakDown({ErrorCode::Unreachable, "Nobody there."});
    const auto connection = connect();
    waitForState(*connection, ConnectionState::Reconnecting);
    m_server.repair();
    connection->retry();
    waitForState(*connection, ConnectionState::Live);
}

TEST_F(ConnectionTest, RefreshesItsCatalogNowAndThen)
{
    const auto connection = connect();
    waitForState(*connection, ConnectionState::Live);
    EXPECT_EQ(connection->catalog()->at(0).count, 0);
    m_server.add(3);
    waitForEvents(3);
    EXPECT_EQ(connection->catalog()->at(0).count, 0);
    m_clock.advance(3s);
    m_changed.wait([&] { return connection->catalog()->at(0).count == 3; });
    EXPECT_EQ(connection->probe()->lastPosition, 2);
    m_server.add(1);
    connection->refresh();
    m_changed.wait([&] { return connection->catalog()->at(0).count == 4; });
}

TEST_F(ConnectionTest, RunsJobsOnItsOwnThreadWithTheLiveSource)
{
    const auto connection = connect();
    waitForState(*connection, ConnectionState::Live);
    std::atomic<bool> done{false};
    ASSERT_TRUE(connection->post([&](Source& source, std::stop_token) {
        EXPECT_EQ(source.name(), "scripted");
        EXPECT_EQ(std::this_thread::get_id(), m_server.followerThread());
        done = true;
        m_changed.notify();
    }));
    m_changed.wait([&] { return done.load(); });
}

TEST_F(ConnectionTest, TakesNoJobsWhileItIsDown)
{
    m_server.breakDown({ErrorCode::Unreachable, "Nobody there."});
    const auto connection = connect();
    waitForState(*connection, ConnectionState::Reconnecting);
    EXPECT_FALSE(connection->post([](Source&, std::stop_token) { FAIL(); }));
}

TEST_F(ConnectionTest, StartsLockedAndNotesWhenItIsUnlocked)
{
    const auto connection = connect();
    waitForState(*connection, ConnectionState::Live);
    EXPECT_FALSE(connection->isUnlocked());
    connection->setUnlocked(true);
    EXPECT_TRUE(connection->isUnlocked());
    EXPECT_EQ(m_problems.entries().back().sentence, "Unlocked: writing through this connection is possible now.");
    EXPECT_EQ(m_problems.problemCount(), 0u);
}

TEST_F(ConnectionTest, StopsInTheMiddleOfWhateverItDoes)
{
    m_server.add(1);
    auto live = connect();
    waitForEvents(1);
    live->stop();
    EXPECT_EQ(live->status().state, ConnectionState::Stopped);
    EXPECT_EQ(m_server.openSources(), 0);

    m_server.breakDown({ErrorCode::Unreachable, "Nobody there."});
    auto waiting = connect();
    m_clock.waitForSleepers(1);
    waiting.reset();

    m_server.breakDown({ErrorCode::NotAStore, "No."});
    auto failed = connect();
    waitForState(*failed, ConnectionState::Failed);
    failed.reset();
}

TEST_F(ConnectionTest, TurnsAnExceptionOfASourceIntoASentence)
{
    ConnectionSpec spec{.name = "orders", .url = "test:", .open = []() -> Result<std::unique_ptr<Source>> {
                            throw std::runtime_error("unexpected frame");
                        }};
    Connection connection(
        std::move(spec), [](auto) {}, m_clock, m_problems);
    m_clock.waitForSleepers(1);
    EXPECT_EQ(connection.status().sentence, "The source failed: unexpected frame. Trying again in 250 ms.");
}

TEST_F(ConnectionTest, ReadsOnceWhatCannotBeFollowed)
{
    m_server.add(2);
    m_server.setCanFollow(false);
    const auto connection = connect();
    waitForEvents(2);
    m_clock.waitForSleepers(1);
    EXPECT_EQ(positions(), (std::vector<std::int64_t>{0, 1}));
    EXPECT_EQ(connection->status().state, ConnectionState::Live);
}
