// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "postgres_event_store.h"
#include "postgres_source.h"

#include "collecting_sink.h"
#include "new_events.h"
#include "test_server.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <set>
#include <span>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

namespace eventscope::test {

namespace {

using postgres::PostgresEventStore;
using postgres::PostgresSource;

/// Passes on what is delivered, and tells when the follower has come to its end for the first time.
class BegunSink final : public core::EventSink {
public:
    explicit BegunSink(core::EventSink& next) : m_next(next) { }

    bool deliver(std::span<const core::SourceEvent> batch) override { return m_next.deliver(batch); }
    bool tick() override
    {
        m_begun = true;
        m_begun.notify_all();
        return m_next.tick();
    }
    void waitUntilBegun() { m_begun.wait(false); }

private:
    core::EventSink& m_next;
    std::atomic<bool> m_begun = false;
};

/// A table of events, a follower of it, and sessions that write as other services do.
class Tail : public ::testing::Test {
protected:
    Tail()
    {
        auto opened = PostgresEventStore::open(
            testLogin(), {.access = postgres::PgAccess::Write, .createTable = true, .schema = m_schema.name()});
        EXPECT_TRUE(opened);
        m_store = *opened;
    }
    ~Tail() override { stop(); }

    std::string insert(const std::string& stream, int version, const std::string& position = "DEFAULT")
    {
        return "INSERT INTO " + m_schema.table("events")
            + " (id, event_id, stream_id, event_type, version, data) VALUES (" + position + ", gen_random_uuid(), '"
            + stream + "', 'T', " + std::to_string(version) + ", '{}')";
    }
    std::string nextval() { return m_writer.value("SELECT nextval('" + m_schema.name() + ".events_id_seq')"); }
    void follow(const core::FollowStart& start = {core::Source::kBeginning})
    {
        auto opened = PostgresSource::open("pg", testLogin(),
            {.table = m_schema.name() + ".events",
                .mapping = {},
                .firstPoll = std::chrono::milliseconds(20),
                .lastPoll = std::chrono::milliseconds(20)});
        ASSERT_TRUE(opened) << opened.error().message;
        m_source = std::move(*opened);
        m_thread = std::jthread([this, start](std::stop_token stop) {
            const core::Status ended = m_source->follow(start, m_begun, stop);
            EXPECT_TRUE(ended) << ended.error().message;
        });
    }
    void stop()
    {
        m_thread.request_stop();
        if (m_thread.joinable())
            m_thread.join();
    }
    /// "order-1/1 order-2/1*": in the order they were shown, the late ones marked.
    std::string shown()
    {
        std::string text;
        for (const core::SourceEvent& event : m_sink.events())
            text += (text.empty() ? "" : " ") + std::string(event.stream) + '/' + std::to_string(event.version)
                + (event.isLate ? "*" : "");
        return text;
    }
    /// The gaps that the follower still waits for.
    bool watches() { return m_source->cursor().back() != ';'; }

    TestSchema m_schema;
    std::shared_ptr<PostgresEventStore> m_store;
    Stage m_writer, m_other;
    std::unique_ptr<PostgresSource> m_source;
    CollectingSink m_sink;
    BegunSink m_begun{m_sink};
    std::jthread m_thread;
};

} // namespace

TEST_F(Tail, ShowsAtOnceWhatIsCommittedAndFillsTheGapWhenItsTransactionCommitsLate)
{
    follow();
    m_writer.run("BEGIN");
    m_writer.run(insert("slow-1", 1));
    m_other.run(insert("quick-1", 1));
    m_sink.waitFor(1);
    m_other.run(insert("quick-1", 2));
    m_sink.waitFor(2);
    m_writer.run("COMMIT");
    m_sink.waitFor(3);
    stop();
    EXPECT_EQ(shown(), "quick-1/1 quick-1/2 slow-1/1*");
}

TEST_F(Tail, WaitsForATransactionThatTookItsNumberBeforeItWroteAnything)
{
    follow();
    m_writer.run("BEGIN");
    const std::string number = nextval(); // it has no transaction id yet
    m_other.run(insert("quick-1", 1));
    m_sink.waitFor(1);
    m_other.run(insert("quick-1", 2)); // several looks pass
    m_sink.waitFor(2);
    m_writer.run(insert("slow-1", 1, number));
    m_writer.run("COMMIT");
    m_sink.waitFor(3);
    stop();
    EXPECT_EQ(shown(), "quick-1/1 quick-1/2 slow-1/1*");
}

TEST_F(Tail, DeclaresANumberDeadOnlyWhenItsTransactionIsGone)
{
    follow();
    m_writer.run("BEGIN");
    m_writer.run(insert("gone-1", 1));
    m_other.run(insert("quick-1", 1));
    m_sink.waitFor(1);
    EXPECT_EQ(m_store->lastPosition(), core::GlobalPosition{0}) << "a projection must not pass the gap yet";
    m_writer.run("ROLLBACK");
    EXPECT_EQ(m_store->lastPosition(), core::GlobalPosition{2});
    m_other.run(insert("quick-1", 2));
    m_sink.waitFor(2);
    stop();
    EXPECT_EQ(shown(), "quick-1/1 quick-1/2");
}

TEST_F(Tail, GoesOnWatchingItsGapsAfterALoss)
{
    follow();
    m_writer.run("BEGIN");
    m_writer.run(insert("slow-1", 1));
    m_other.run(insert("quick-1", 1));
    m_sink.waitFor(1);
    stop();
    EXPECT_TRUE(watches());
    core::FollowStart start(2);
    start.cursor = m_source->cursor();
    m_other.run(insert("quick-1", 2));
    follow(start);
    m_sink.waitFor(2);
    m_writer.run("COMMIT");
    m_sink.waitFor(3);
    stop();
    EXPECT_EQ(shown(), "quick-1/1 quick-1/2 slow-1/1*");
}

TEST_F(Tail, FromNowOnShowsWhatWasUnderWayAlready)
{
    m_writer.run("BEGIN");
    m_writer.run(insert("slow-1", 1));
    m_other.run(insert("quick-1", 1));
    follow({core::SourceEvent::kNone});
    m_begun.waitUntilBegun();
    m_writer.run("COMMIT");
    m_sink.waitFor(1);
    m_other.run(insert("quick-1", 2));
    m_sink.waitFor(2);
    stop();
    EXPECT_EQ(shown(), "slow-1/1* quick-1/2");
}

TEST_F(Tail, ShowsOneStreamAlone)
{
    m_other.run(insert("a-1", 1));
    m_other.run(insert("b-1", 1));
    core::FollowStart start(core::Source::kBeginning);
    start.stream = "b-1";
    follow(start);
    m_sink.waitFor(1);
    m_other.run(insert("a-1", 2));
    m_other.run(insert("b-1", 2));
    m_sink.waitFor(2);
    stop();
    EXPECT_EQ(shown(), "b-1/1 b-1/2");
}

TEST_F(Tail, ShowsEveryCommittedEventExactlyOnceWhileManyWriteAndSomeGiveUp)
{
    constexpr int kWriters = 8, kEach = 40;
    follow();
    {
        std::vector<std::jthread> writers;
        for (int w = 0; w < kWriters; ++w) {
            writers.emplace_back([&, w] {
                Stage session;
                int version = 0;
                for (int i = 0; i < kEach; ++i) {
                    const std::string stream = "w-" + std::to_string(w);
                    session.run("BEGIN");
                    session.run(insert(stream, ++version));
                    if (i % 3 == 0)
                        session.run("SELECT pg_sleep(0.002)");
                    if (i % 4 == w % 4) {
                        session.run("ROLLBACK");
                        --version;
                    } else {
                        session.run("COMMIT");
                    }
                }
            });
        }
    }
    const auto count
        = static_cast<std::size_t>(std::stoul(m_other.value("SELECT count(*) FROM " + m_schema.table("events"))));
    m_sink.waitFor(count);
    stop();
    ASSERT_EQ(m_sink.events().size(), count);
    std::set<std::int64_t> positions;
    for (const core::SourceEvent& event : m_sink.events())
        positions.insert(event.position);
    EXPECT_EQ(positions.size(), count);
}

TEST_F(Tail, GivesProjectionsSettledPositionsOnly)
{
    constexpr int kWriters = 4, kEach = 60;
    std::vector<std::string> seen;
    std::jthread reader([&](std::stop_token stop) {
        core::ReadAllOptions options{.limit = 50};
        for (bool last = false; !last;) {
            last = stop.stop_requested();
            const auto end = m_store->visitAll(options, [&](const core::EventView& event) {
                seen.emplace_back(event.id);
                return true;
            });
            ASSERT_TRUE(end) << end.error().message;
            if (end->count > 0)
                options.from = end->last.next();
            last = last && end->endReached && end->count == 0;
        }
    });
    {
        std::vector<std::jthread> writers;
        for (int w = 0; w < kWriters; ++w) {
            writers.emplace_back([&, w] {
                Stage session;
                for (int i = 0, version = 0; i < kEach; ++i) {
                    session.run("BEGIN");
                    session.run(insert("w-" + std::to_string(w), ++version));
                    if (i % 5 == 0) {
                        session.run("ROLLBACK");
                        --version;
                    } else {
                        session.run("COMMIT");
                    }
                }
            });
        }
    }
    reader.request_stop();
    reader.join();
    std::vector<std::string> all;
    const auto events = m_store->readAll({.limit = core::kNoLimit});
    for (const core::RecordedEvent& event : *events)
        all.push_back(event.id);
    EXPECT_EQ(all.size(), static_cast<std::size_t>(kWriters * (kEach - kEach / 5)));
    EXPECT_EQ(seen, all);
}

} // namespace eventscope::test
