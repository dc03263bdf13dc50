// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "postgres_event_store.h"
#include "postgres_source.h"

#include "collecting_sink.h"
#include "new_events.h"
#include "own_server.h"
#include "test_server.h"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <mutex>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace eventscope::test {

namespace {

using postgres::PgAccess;
using postgres::PostgresEventStore;
using postgres::PostgresSource;

/// Keeps the notices, too.
class NoticingSink final : public core::EventSink {
public:
    bool deliver(std::span<const core::SourceEvent> batch) override { return events.deliver(batch); }
    void notice(std::string_view sentence) override
    {
        const std::scoped_lock lock(m_mutex);
        m_notices.emplace_back(sentence);
    }
    std::vector<std::string> notices() const
    {
        const std::scoped_lock lock(m_mutex);
        return m_notices;
    }

    CollectingSink events;

private:
    mutable std::mutex m_mutex;
    std::vector<std::string> m_notices;
};

std::string insert(std::string_view stream, int version, std::string_view position = "DEFAULT")
{
    return "INSERT INTO events (id, event_id, stream_id, event_type, version, data) VALUES (" + std::string(position)
        + ", gen_random_uuid(), '" + std::string(stream) + "', 'T', " + std::to_string(version) + ", '{}')";
}

} // namespace

TEST(Standby, ShowsLateCommitsAndCallsNothingSettledUntilItIsThePrimary)
{
    OwnServer server;
    const auto primary = PostgresEventStore::open(server.login(), {.access = PgAccess::Write, .createTable = true});
    ASSERT_TRUE(primary) << primary.error().message;
    ASSERT_TRUE((*primary)->append("order-1", core::ExpectedVersion::any(), newEvents({"a", "b"}))); // 1, 2
    server.run("standby");
    const postgres::PgLogin login = server.standbyLogin();

    auto source = PostgresSource::open("pg", login,
        {.table = {},
            .mapping = {},
            .firstPoll = std::chrono::milliseconds(20),
            .lastPoll = std::chrono::milliseconds(20)});
    ASSERT_TRUE(source) << source.error().message;
    ASSERT_EQ((*source)->notices().size(), 1U);
    EXPECT_NE((*source)->notices().front().find("is a standby"), std::string::npos);
    NoticingSink sink;
    std::jthread follower([&](std::stop_token stop) {
        const core::Status ended = (*source)->follow({core::Source::kBeginning}, sink, stop);
        EXPECT_TRUE(ended) << ended.error().message;
    });
    sink.events.waitFor(2);

    Stage slow(server.login()), quick(server.login());
    slow.run("BEGIN");
    const std::string number = slow.value("SELECT nextval('events_id_seq')"); // 3: no lock of it is seen at the standby
    quick.run(insert("quick-1", 1));                                          // 4
    sink.events.waitFor(3);
    quick.run(insert("quick-1", 2)); // 5
    sink.events.waitFor(4);
    slow.run(insert("slow-1", 1, number));
    slow.run("COMMIT");
    sink.events.waitFor(5);
    EXPECT_EQ(sink.notices().size(), 1U);

    // A projection is refused what cannot be known; what is asked by name is answered.
    const auto standby = PostgresEventStore::open(login, {});
    ASSERT_TRUE(standby) << standby.error().message;
    const auto all = (*standby)->readAll();
    ASSERT_FALSE(all);
    EXPECT_EQ(all.error().code, core::ErrorCode::Unsupported);
    EXPECT_NE(
        all.error().message.find("is a standby, which cannot tell which positions are settled"), std::string::npos);
    EXPECT_FALSE((*standby)->lastPosition());
    EXPECT_EQ(joinedIds((*standby)->readStream("order-1").value()), "a b");
    const auto writer = PostgresEventStore::open(login, {.access = PgAccess::Write, .createTable = true});
    ASSERT_FALSE(writer);
    EXPECT_EQ(writer.error().code, core::ErrorCode::ReadOnly);
    EXPECT_NE(writer.error().message.find("takes no writes"), std::string::npos);

    // From the moment it is the primary itself it knows.
    slow.run("BEGIN");
    slow.run(insert("gone-1", 1));   // 6
    quick.run(insert("quick-1", 3)); // 7
    sink.events.waitFor(6);
    Stage promoted(login);
    EXPECT_EQ(promoted.value("SELECT pg_promote()"), "t");
    const auto settled = PostgresEventStore::open(login, {});
    ASSERT_TRUE(settled) << settled.error().message;
    EXPECT_EQ((*settled)->lastPosition(), core::GlobalPosition{7});
    follower.request_stop();
    follower.join();
    std::string shown;
    for (const core::SourceEvent& event : sink.events.events())
        shown += std::string(event.stream) + (event.isLate ? "* " : " ");
    EXPECT_EQ(shown, "order-1 order-1 quick-1 quick-1 slow-1* quick-1 ");
}

} // namespace eventscope::test
