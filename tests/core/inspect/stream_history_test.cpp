// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/stream_history.h"

#include "inspect/event_log.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

using namespace eventscope::core;

namespace {

SourceEvent eventOf(std::string_view stream, std::int64_t version, std::string_view payload = "{}")
{
    SourceEvent event;
    event.source = "demo";
    event.stream = stream;
    event.version = version;
    event.type = "T";
    event.payload = payload;
    return event;
}

} // namespace

TEST(StreamHistory, KeepsCopiesOfEverything)
{
    StreamHistory history("order-1");
    {
        std::string id = "e-1", type = "OrderPlaced", payload = "{\"a\": 1}", name = "tenant", value = "t", flow = "f",
                    cause = "c";
        const HeaderView headers[] = {{name, value}, {name, value}};
        SourceEvent event = eventOf("order-1", 1);
        event.id = id;
        event.type = type;
        event.payload = payload;
        event.correlationId = flow;
        event.causationId = cause;
        event.headers = headers;
        ASSERT_TRUE(history.append(event));
        for (std::string* text : {&id, &type, &payload, &name, &value, &flow, &cause})
            std::fill(text->begin(), text->end(), '#');
    }
    const SourceEvent& kept = history.at(0);
    EXPECT_EQ(kept.id, "e-1");
    EXPECT_EQ(kept.type, "OrderPlaced");
    EXPECT_EQ(kept.payload, "{\"a\": 1}");
    EXPECT_EQ(kept.correlationId, "f");
    EXPECT_EQ(kept.causationId, "c");
    ASSERT_EQ(kept.headers.size(), 2u);
    EXPECT_EQ(kept.headers[1].name, "tenant");
    EXPECT_EQ(kept.headers[1].value, "t");
    EXPECT_TRUE(history.payloadAt(0).isJson);
    EXPECT_GE(history.payloadAt(0).readable, kept.payload.size() + 64);
}

TEST(StreamHistory, TakesEachVersionOnceAndInOrder)
{
    StreamHistory history("order-1");
    EXPECT_TRUE(history.append(eventOf("order-1", 3)));
    EXPECT_FALSE(history.append(eventOf("order-1", 3)));
    EXPECT_FALSE(history.append(eventOf("order-1", 2)));
    EXPECT_FALSE(history.append(eventOf("order-2", 4)));
    EXPECT_TRUE(history.append(eventOf("order-1", 7)));
    EXPECT_EQ(history.size(), 2u);
    EXPECT_EQ(history.indexOf(7), 1u);
    EXPECT_EQ(history.indexOf(4), std::nullopt);
    EXPECT_EQ(history.versionAt(0), 3);
}

TEST(StreamHistory, GoesByPositionWhereThereAreNoVersions)
{
    StreamHistory history("key-9");
    SourceEvent event = eventOf("key-9", SourceEvent::kNone);
    event.position = 100;
    EXPECT_TRUE(history.append(event));
    EXPECT_FALSE(history.append(event));
    event.position = 200;
    EXPECT_TRUE(history.append(event));
    EXPECT_EQ(history.indexOf(200), 1u);

    StreamHistory neither("x");
    EXPECT_TRUE(neither.append(eventOf("x", SourceEvent::kNone)));
    EXPECT_TRUE(neither.append(eventOf("x", SourceEvent::kNone)));
    EXPECT_EQ(neither.indexOf(2), 1u);
}

TEST(StreamHistory, KnowsWhichPayloadsAreJson)
{
    StreamHistory history("s");
    std::int64_t version = 0;
    for (const std::string_view payload : {"{}", "text", "", "01"})
        ASSERT_TRUE(history.append(eventOf("s", ++version, payload)));
    SourceEvent nothing = eventOf("s", ++version, "");
    nothing.payloadIsNull = true;
    ASSERT_TRUE(history.append(nothing));
    EXPECT_TRUE(history.payloadAt(0).isJson);
    for (std::size_t i = 1; i < history.size(); ++i)
        EXPECT_FALSE(history.payloadAt(i).isJson) << i;
}

TEST(StreamHistory, TakesAStreamFromTheLogInTheOrderOfItsVersions)
{
    EventLog log;
    const std::string large(300'000, 'x');
    const SourceEvent events[] = {eventOf("order-1", 2, "[2]"), eventOf("order-2", 1, "[0]"),
        eventOf("order-1", 1, large), eventOf("order-1", 2, "[22]")};
    log.append(events);
    SourceEvent other = eventOf("order-1", 3, "[3]");
    other.source = "elsewhere";
    log.append({&other, 1});
    const auto history = StreamHistory::fromLog(log, "order-1", "demo");
    ASSERT_EQ(history->size(), 2u);
    EXPECT_EQ(history->at(0).payload, large);
    EXPECT_EQ(history->at(1).payload, "[2]");
    EXPECT_EQ(StreamHistory::fromLog(log, "order-1", "")->size(), 3u);
    EXPECT_EQ(StreamHistory::fromLog(log, "order-9", "")->size(), 0u);
}
