// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "event/json.h"
#include "inspect/filter/event_attributes.h"
#include "inspect/filter/filter_expression.h"
#include "inspect/filter/filter_printer.h"
#include "postgres_event_store.h"
#include "postgres_source.h"

#include "collecting_sink.h"
#include "test_server.h"

#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace eventscope::test {

namespace {

using core::FilterExpression;
using postgres::PostgresSource;

/// Texts that mean something to SQL, to LIKE, to JSON or to a cast.
constexpr std::array<std::string_view, 22> kTexts{"A", "B", "a_b", "a%b", "axb", "5", "5.0", "99.50", "true", "FALSE",
    "", "ä€", "it's", "'; DROP TABLE events; --", "back\\slash", "quo\"te", "$1", "{}", "{\"x\": 1}", "null", "2026",
    "two\nlines"};
constexpr std::array<std::string_view, 14> kNumbers{
    "0", "5", "5.0", "-5", "99.5", "99.50", "1e2", "100", "12345678901234567890", "0.1", "2147483648", "-0", "1", "2"};

class Dice {
public:
    explicit Dice(unsigned seed) : m_engine(seed) { }
    std::size_t below(std::size_t count) { return m_engine() % count; }
    bool chance(std::size_t oneIn) { return below(oneIn) == 0; }
    template <std::size_t N>
    std::string_view of(const std::array<std::string_view, N>& all)
    {
        return all[below(N)];
    }

private:
    std::mt19937 m_engine;
};

std::string jsonText(std::string_view text)
{
    std::string out;
    core::appendJsonString(out, text);
    return out;
}

std::string randomJson(Dice& dice, int depth)
{
    switch (dice.below(depth > 0 ? 8 : 5)) {
    case 0:
    case 1: return jsonText(dice.of(kTexts));
    case 2:
    case 3: return std::string(dice.of(kNumbers));
    case 4: return dice.chance(3) ? "null" : dice.chance(2) ? "true" : "false";
    case 5: return "[" + randomJson(dice, depth - 1) + ", " + randomJson(dice, depth - 1) + "]";
    default: break;
    }
    std::string object = "{";
    for (const std::string_view name : {"a", "b", "2", "it's"}) {
        if (dice.chance(2))
            object += (object.size() > 1 ? "," : "") + jsonText(name) + ":" + randomJson(dice, depth - 1);
    }
    return object + "}";
}

std::string literal(Dice& dice)
{
    switch (dice.below(4)) {
    case 0: return dice.chance(2) ? "99.5" : "100";
    case 1: return dice.chance(2) ? "TRUE" : std::to_string(dice.below(7));
    default: return core::filterLiteral(dice.of(kTexts));
    }
}

std::string operand(Dice& dice)
{
    static constexpr std::array<std::string_view, 18> kOperands{"type", "subject", "id", "source", "version",
        "position", "time", "correlationid", "causationid", "data.a", "data.b", "data.a.b", "data.a[1]", "data.a.2",
        "data.b.a", "data['it\\'s']", "userid", "data"};
    return std::string(dice.of(kOperands));
}

std::string leaf(Dice& dice)
{
    static constexpr std::array<std::string_view, 7> kOperators{"=", "!=", "<>", "<", "<=", ">", ">="};
    static constexpr std::array<std::string_view, 7> kPatterns{"%", "a%", "%b", "a\\\\_b", "_", "a\\%b", "%s\\slash%"};
    static constexpr std::array<std::string_view, 4> kTimes{
        "2026-11-23T09:00:00Z", "2026-11-23T09:00:03.000000Z", "2026-11-23T10:00:05+01:00", "5"};
    static constexpr std::array<std::string_view, 3> kCorrelations{"c-1", "c-2", "none"};
    const std::string no = dice.chance(3) ? " NOT" : "";
    switch (dice.below(9)) {
    case 0: return operand(dice) + no + " LIKE '" + std::string(dice.of(kPatterns)) + "'";
    case 1: return operand(dice) + no + " CONTAINS " + core::filterLiteral(dice.of(kTexts));
    case 2: return operand(dice) + no + " IN (" + literal(dice) + ", " + literal(dice) + ")";
    case 3: return "EXISTS " + operand(dice);
    case 4: return "time " + std::string(dice.of(kOperators)) + " '" + std::string(dice.of(kTimes)) + "'";
    case 5: return "correlationid = '" + std::string(dice.of(kCorrelations)) + "'";
    case 6: return literal(dice) + " " + std::string(dice.of(kOperators)) + " " + operand(dice);
    default: return operand(dice) + " " + std::string(dice.of(kOperators)) + " " + literal(dice);
    }
}

std::string expression(Dice& dice, int depth)
{
    static constexpr std::array<std::string_view, 4> kLogic{" AND ", " OR ", " XOR ", " AND "};
    if (depth == 0 || dice.chance(3))
        return leaf(dice);
    if (dice.chance(4))
        return "NOT (" + expression(dice, depth - 1) + ")";
    return "(" + expression(dice, depth - 1) + std::string(dice.of(kLogic)) + "(" + expression(dice, depth - 1) + "))";
}

class PushDown : public ::testing::Test {
protected:
    PushDown()
    {
        m_login.database = m_database.name();
        m_stage = std::make_unique<Stage>(m_login);
    }
    void open()
    {
        auto opened = PostgresSource::open("pg", m_login, {.table = {}, .mapping = {}});
        ASSERT_TRUE(opened) << opened.error().message;
        m_source = std::move(*opened);
    }

    struct Outcome {
        std::vector<std::int64_t> matched;
        std::uint64_t scanned = 0;
        std::string pushed;
    };
    Outcome read(const FilterExpression& filter, bool pushDown, const std::string& stream = {})
    {
        core::ReadRange range;
        range.stream = stream;
        range.filter = pushDown ? &filter : nullptr;
        CollectingSink sink;
        const auto receipt = m_source->read(range, sink, {});
        EXPECT_TRUE(receipt) << receipt.error().message << " for " << filter.text();
        Outcome outcome;
        if (!receipt)
            return outcome;
        EXPECT_TRUE(receipt->complete);
        outcome.scanned = receipt->scanned;
        outcome.pushed = receipt->pushed;
        core::SourceEventAttributes attributes;
        for (const core::SourceEvent& event : sink.events()) {
            attributes.setEvent(event);
            if (filter.matches(attributes))
                outcome.matched.push_back(event.position);
        }
        return outcome;
    }
    Outcome pushed(std::string_view text)
    {
        const auto filter = FilterExpression::compile(text);
        EXPECT_TRUE(filter) << text;
        const Outcome with = read(*filter, true), without = read(*filter, false);
        EXPECT_EQ(with.matched, without.matched) << text;
        return with;
    }

    /// Random filters over what is there: with and without the server's help, the same events.
    void compare(unsigned seed, int filters)
    {
        Dice dice(seed);
        int helped = 0;
        for (int i = 0; i < filters; ++i) {
            const std::string text = dice.chance(8) ? core::filterLiteral(dice.of(kTexts))
                                                    : expression(dice, 1 + static_cast<int>(dice.below(3)));
            const auto filter = FilterExpression::compile(text);
            ASSERT_TRUE(filter) << text << ": " << filter.error().message;
            const Outcome with = read(*filter, true), without = read(*filter, false);
            ASSERT_EQ(with.matched, without.matched) << text << " pushed: " << with.pushed;
            ASSERT_LE(with.scanned, without.scanned);
            helped += with.scanned < without.scanned ? 1 : 0;
        }
        EXPECT_GT(helped, filters / 4);
    }

    TestDatabase m_database;
    postgres::PgLogin m_login = testLogin();
    std::unique_ptr<Stage> m_stage;
    std::unique_ptr<PostgresSource> m_source;
};

} // namespace

TEST_F(PushDown, FindsInOurTableWhatFilteringHereFinds)
{
    const auto store
        = postgres::PostgresEventStore::open(m_login, {.access = postgres::PgAccess::Write, .createTable = true});
    ASSERT_TRUE(store) << store.error().message;
    Dice dice(7);
    for (int i = 0; i < 120; ++i) {
        core::NewEvent event;
        // Half of them as jsonb and uuid would give them back, half of them not.
        event.id = dice.chance(2) ? "0190b6f0-7c1a-7000-8000-000000000" + std::to_string(100 + i)
                                  : "id " + std::to_string(i);
        event.type = dice.of(kTexts);
        if (event.type.empty())
            event.type = "A";
        event.time = core::Timestamp(std::chrono::seconds(1'795'424'400 + i)); // 2026-11-23T09:00:00Z and on
        event.data = randomJson(dice, 3);
        if (dice.chance(2))
            event.metadata.correlationId = dice.chance(2) ? "c-1" : "c-2";
        if (dice.chance(3))
            event.metadata.causationId = "c-1";
        if (dice.chance(3))
            event.metadata.headers.push_back({"a header", std::string(dice.of(kTexts))});
        if (dice.chance(4))
            event.metadata.userId = "A";
        const auto done
            = (*store)->append("s-" + std::to_string(dice.below(5)), core::ExpectedVersion::any(), std::array{event});
        ASSERT_TRUE(done) << done.error().message << event.data;
    }
    open();
    compare(11, 400);
}

TEST_F(PushDown, FindsInSomebodyElsesTableWhatFilteringHereFinds)
{
    m_stage->run("CREATE TABLE messages (global_position bigserial PRIMARY KEY, position bigint, time timestamp, "
                 "stream_name text, type text, data jsonb, metadata jsonb, id uuid)");
    Dice dice(8);
    const auto quoted = [&](std::string_view text) { return postgres::quotedLiteral(text); };
    for (int i = 0; i < 120; ++i) {
        const std::string data = dice.chance(9) ? "NULL" : quoted(randomJson(dice, 3)) + "::jsonb";
        const std::string metadata = dice.chance(3)
            ? "NULL"
            : quoted(dice.chance(5) ? "[1, \"c-1\"]"
                                    : R"({"correlationId": ")" + std::string(dice.chance(2) ? "c-1" : "c-2")
                          + R"(", "note": )" + jsonText(dice.of(kTexts)) + R"(, "more": {"deep": ["x", 5]}})")
                + "::jsonb";
        const std::string type = dice.chance(9) ? "NULL" : quoted(dice.of(kTexts));
        const std::string stream = dice.chance(9) ? "NULL" : quoted(dice.of(kTexts));
        const std::string time = dice.chance(9) ? "NULL"
            : dice.chance(9)                    ? "'infinity'"
                             : "timestamp '2026-11-23 09:00:00' + " + std::to_string(i) + " * interval '1 second'";
        m_stage->run("INSERT INTO messages (position, time, stream_name, type, data, metadata, id) VALUES ("
            + (dice.chance(9) ? std::string("NULL") : std::to_string(i % 9)) + ", " + time + ", " + stream + ", " + type
            + ", " + data + ", " + metadata + ", " + (dice.chance(9) ? "NULL" : "gen_random_uuid()") + ")");
    }
    open();
    compare(12, 400);
}

TEST_F(PushDown, AsksTheServerForNoMoreThanMatches)
{
    m_stage->run("CREATE TABLE messages (global_position bigserial PRIMARY KEY, position bigint, time timestamp, "
                 "stream_name text, type text, data jsonb, metadata jsonb, id uuid)");
    m_stage->run(
        "INSERT INTO messages (position, time, stream_name, type, data, metadata, id) SELECT i, "
        "timestamp '2026-01-01' + i * interval '1 minute', 'order-' || i % 100, CASE WHEN i % 2 = 0 THEN 'Placed' "
        "ELSE 'Paid' END, jsonb_build_object('total', i, 'sku', 'SKU-' || i % 10, 'items', "
        "jsonb_build_array(jsonb_build_object('n', i % 3))), jsonb_build_object('correlationId', 'c-' || i % 50), "
        "gen_random_uuid() FROM generate_series(1, 1000) i");
    open();
    EXPECT_EQ(pushed("type = 'Placed'").scanned, 500U);
    EXPECT_EQ(pushed("type = 'Placed' AND data.total > 990").scanned, 5U);
    EXPECT_EQ(pushed("subject IN ('order-1', 'order-2')").scanned, 20U);
    EXPECT_EQ(pushed("position >= 990").scanned, 11U);
    EXPECT_EQ(pushed("990 <= position").scanned, 11U);
    EXPECT_EQ(pushed("time < '2026-01-01T00:10:00Z'").scanned, 9U);
    EXPECT_EQ(pushed("data.sku = 'SKU-3'").scanned, 100U);
    EXPECT_EQ(pushed("data.items[0].n = 2").scanned, 333U);
    EXPECT_EQ(pushed("correlationid = 'c-7'").scanned, 20U);
    EXPECT_EQ(pushed("'SKU-4'").scanned, 100U) << "anywhere in the event";
    EXPECT_EQ(pushed("NOT (type LIKE 'Pl%' OR data.sku = 'SKU-1')").scanned, 400U);
    // What SQL cannot say is looked at here.
    const Outcome mixed = pushed("type = 'Paid' AND data.sku MATCHES 'SKU-[12]'");
    EXPECT_EQ(mixed.scanned, 500U);
    EXPECT_EQ(mixed.matched.size(), 100U);
    EXPECT_EQ(mixed.pushed, "type = 'Paid'");
    EXPECT_EQ(pushed("data.sku MATCHES 'SKU-[12]'").scanned, 1000U);
    EXPECT_EQ(pushed("type = 'Paid' OR data.sku MATCHES 'SKU-[12]'").scanned, 1000U);
    // One stream alone.
    const auto filter = FilterExpression::compile("type = 'Placed'");
    EXPECT_EQ(read(*filter, true, "order-2").scanned, 10U);
    EXPECT_EQ(read(*filter, true, "order-3").scanned, 0U);
}

TEST_F(PushDown, IsExplained)
{
    m_stage->run("CREATE TABLE messages (global_position bigserial PRIMARY KEY, position bigint, time timestamp, "
                 "stream_name text, type text, data jsonb, metadata jsonb, id uuid)");
    open();
    const auto wanted = FilterExpression::compile(R"(type = "it's; --" AND data.x = 5 AND type MATCHES 'a+')");
    ASSERT_TRUE(wanted) << wanted.error().message;
    core::ReadRange range;
    range.filter = &*wanted;
    const auto plan = m_source->plan(range, {});
    ASSERT_TRUE(plan) << plan.error().message;
    EXPECT_EQ(plan->statement.find("it's"), std::string::npos) << "literals are parameters: " << plan->statement;
    ASSERT_FALSE(plan->parameters.empty());
    EXPECT_EQ(plan->parameters.front(), "it's; --");
    EXPECT_NE(plan->pushed.find("data.x = 5"), std::string::npos);
    EXPECT_EQ(plan->here, "data.x = 5 AND type MATCHES 'a+'") << "a text may be a number to a filter";
    EXPECT_FALSE(plan->steps.empty());
    EXPECT_EQ(m_source->plan({}, {})->pushed, "");
}

TEST_F(PushDown, OfAFilterThatTheServerDoesNotTakeIsDoneWithout)
{
    // A type of its own, of which the server cannot tell whether it equals a text.
    m_stage->run("CREATE TABLE messages (global_position bigserial PRIMARY KEY, position bigint, time timestamp, "
                 "stream_name text, type json, data jsonb, metadata jsonb, id uuid)");
    m_stage->run("INSERT INTO messages (position, stream_name, type, data) VALUES (1, 's', '\"T\"', '{}')");
    open();
    EXPECT_EQ(pushed("type = '\"T\"'").matched.size(), 1U);
}

} // namespace eventscope::test
