// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "event/message.h"

#include <gtest/gtest.h>

using namespace eventscope::core;
using namespace std::chrono_literals;

namespace {

const Timestamp kTime{1'700'000'000'000'000us};

} // namespace

TEST(Message, WrapsACommand)
{
    const Command command{.id = "cmd-1",
        .type = "PlaceOrder",
        .time = kTime,
        .metadata = {.correlationId = "flow", .causationId = {}, .userId = "ada", .headers = {}},
        .data = R"({"orderId":"1"})"};
    EXPECT_EQ(messageToJson(toMessage(command)),
        R"({"messageId":"cmd-1","messageType":"PlaceOrder","timestamp":"2023-11-14T22:13:20.000000Z",)"
        R"("payload":{"orderId":"1"},"metadata":{"correlationId":"flow","causationId":null,"userId":"ada"}})");
}

TEST(Message, WrapsAnEventAndReadsBackTheSame)
{
    RecordedEvent event;
    event.id = "e-1";
    event.type = "OrderPlaced";
    event.schemaVersion = 2;
    event.time = kTime;
    event.data = "{\"totalAmount\": 38.00}";
    event.metadata
        = {.correlationId = "flow", .causationId = "cmd-1", .userId = {}, .headers = {{"a", "1"}, {"a", "2"}}};
    const Message message = toMessage(event);
    EXPECT_EQ(message.id, "e-1");
    EXPECT_EQ(message.payload, event.data);
    EXPECT_EQ(messageFromJson(messageToJson(message)), message);
}

TEST(Message, RefusesWhatIsNone)
{
    for (const std::string_view text : {"", "1", "{}", R"({"messageId":"m"})", R"({"messageId":"m","messageType":"T"})",
             R"({"messageId":"m","messageType":"T","timestamp":"x"})"}) {
        const auto message = messageFromJson(text);
        ASSERT_FALSE(message) << text;
        EXPECT_EQ(message.error().code, ErrorCode::Unparsable);
    }
}
