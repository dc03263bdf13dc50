// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sourcing/upcaster.h"

#include "sourcing/order_state.h"

#include <gtest/gtest.h>

using namespace eventscope::core;

namespace {

Upcast adding(std::string member)
{
    return [member](Json data) {
        data.set(member, true);
        return data;
    };
}

std::string orderPlaced(int schemaVersion, std::string_view data)
{
    const Result<Json> json = orderUpcasters().upcast("OrderPlaced", schemaVersion, data);
    return json ? json->dump() : json.error().message;
}

} // namespace

TEST(UpcasterChain, GoesThroughEveryLinkUpToTheNewestVersion)
{
    UpcasterChain chain;
    chain.add("T", 1, 2, adding("two")).add("T", 2, 4, adding("four")).add("T", 3, 4, adding("fromThree"));
    EXPECT_EQ(chain.newestVersion("T"), 4);
    EXPECT_EQ(chain.upcast("T", 1, "{}")->dump(), R"({"two":true,"four":true})");
    EXPECT_EQ(chain.upcast("T", 2, "{}")->dump(), R"({"four":true})");
    EXPECT_EQ(chain.upcast("T", 3, "{}")->dump(), R"({"fromThree":true})");
    EXPECT_EQ(chain.upcast("T", 4, "{}")->dump(), "{}");
}

TEST(UpcasterChain, LetsTypesItDoesNotKnowPass)
{
    EXPECT_EQ(UpcasterChain().upcast("Other", 7, "[1.50]")->dump(), "[1.50]");
    EXPECT_FALSE(UpcasterChain().knows("Other"));
    EXPECT_EQ(UpcasterChain().newestVersion("Other"), 0);
}

TEST(UpcasterChain, SaysWhichLinkIsMissing)
{
    UpcasterChain chain;
    chain.add("T", 1, 2, adding("a")).add("T", 3, 4, adding("b"));
    const auto result = chain.upcast("T", 1, "{}");
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, ErrorCode::UnsupportedVersion);
    EXPECT_EQ(result.error().message, "T has schema version 2, and no upcaster leads from there to 4; register one");
}

TEST(UpcasterChain, RefusesAVersionFromTheFuture)
{
    const auto result = orderUpcasters().upcast("OrderPlaced", 3, "{}");
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, ErrorCode::UnsupportedVersion);
    EXPECT_EQ(
        result.error().message, "OrderPlaced has schema version 3, this program knows it up to 2; use a newer program");
}

TEST(UpcasterChain, RefusesDataThatIsNoJson)
{
    const auto result = orderUpcasters().upcast("OrderPlaced", 1, "{");
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, ErrorCode::Unparsable);
    EXPECT_NE(result.error().message.find("OrderPlaced"), std::string::npos);
}

TEST(UpcasterChain, ChangesDataAndSchemaVersionOfAnEventAndNothingElse)
{
    RecordedEvent event;
    event.id = "e";
    event.type = "OrderPlaced";
    event.data = R"({"orderId":"1","customerId":"c","amount":10.50})";
    event.stream = "order-1";
    event.version = {1};
    const auto upcast = orderUpcasters().upcast(event);
    ASSERT_TRUE(upcast);
    RecordedEvent expected = event;
    expected.schemaVersion = 2;
    expected.data = R"({"orderId":"1","customerId":"c","items":[],"totalAmount":10.50,"currency":"USD"})";
    EXPECT_EQ(*upcast, expected);
}

TEST(UpcasterChain, LeavesCurrentEventsByteForByte)
{
    RecordedEvent event;
    event.type = "OrderPlaced";
    event.schemaVersion = 2;
    event.data = "{ \"totalAmount\" : 1.0 }";
    EXPECT_EQ(orderUpcasters().upcast(event), event);
    event.type = "Unknown";
    event.data = "not even json";
    EXPECT_EQ(orderUpcasters().upcast(event), event);
}

TEST(UpcasterChain, HasAFingerprintOfItsLinks)
{
    EXPECT_EQ(orderUpcasters().fingerprint(), "OrderPlaced:1>2;");
    EXPECT_NE(UpcasterChain().add("T", 1, 2, adding("a")).fingerprint(), UpcasterChain().fingerprint());
}

TEST(OrderUpcaster, TurnsVersion1IntoVersion2)
{
    EXPECT_EQ(orderPlaced(1, R"({"orderId":"o-1","customerId":"c-1","amount":99.90})"),
        R"({"orderId":"o-1","customerId":"c-1","items":[],"totalAmount":99.90,"currency":"USD"})");
}

TEST(OrderUpcaster, KeepsWhatVersion1DidNotSpeakOf)
{
    EXPECT_EQ(orderPlaced(1, R"({"orderId":"o","amount":1,"note":"n","currency":"EUR"})"),
        R"({"orderId":"o","note":"n","currency":"EUR","items":[],"totalAmount":1})");
}

TEST(OrderUpcaster, LeavesVersion2LabelledAs1Unharmed)
{
    for (const std::string_view data : {R"({"orderId":"o","customerId":"c","items":[{"sku":"a"}],"totalAmount":5})",
             R"({"totalAmount":5,"amount":4})", R"({"note":"neither"})", "[]", "null", "7"}) {
        EXPECT_EQ(orderPlaced(1, data), data);
    }
}
