// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "event/message_context.h"

#include <gtest/gtest.h>

#include <thread>

using namespace eventscope::core;

TEST(MessageContext, IsAbsentOutsideOfAnyHandler)
{
    EXPECT_EQ(currentMessageContext(), nullptr);
    Metadata metadata;
    stampMetadata(metadata, "m-1");
    EXPECT_EQ(metadata, (Metadata{.correlationId = "m-1", .causationId = {}, .userId = {}, .headers = {}}));
}

TEST(MessageContext, StampsWhatIsAbsentAndKeepsWhatIsSet)
{
    const MessageScope scope({.messageId = "cmd-1", .correlationId = "flow-1", .userId = "ada"});
    Metadata fresh;
    stampMetadata(fresh, "e-1");
    EXPECT_EQ(fresh.correlationId, "flow-1");
    EXPECT_EQ(fresh.causationId, "cmd-1");
    EXPECT_EQ(fresh.userId, "ada");

    Metadata set{.correlationId = "other", .causationId = "cause", .userId = "bob", .headers = {}};
    const Metadata before = set;
    stampMetadata(set, "e-2");
    EXPECT_EQ(set, before);
}

TEST(MessageContext, NestsAndUnwinds)
{
    const MessageScope outer({.messageId = "a", .correlationId = "flow", .userId = {}});
    {
        const MessageScope inner({.messageId = "b", .correlationId = "flow", .userId = {}});
        ASSERT_NE(currentMessageContext(), nullptr);
        EXPECT_EQ(currentMessageContext()->messageId, "b");
    }
    ASSERT_NE(currentMessageContext(), nullptr);
    EXPECT_EQ(currentMessageContext()->messageId, "a");
}

TEST(MessageContext, BelongsToOneThread)
{
    const MessageScope scope({.messageId = "a", .correlationId = "flow", .userId = {}});
    const MessageContext* seen = currentMessageContext();
    std::jthread([&] { seen = currentMessageContext(); }).join();
    EXPECT_EQ(seen, nullptr);
}

TEST(MessageContext, OfAMessageWithoutAFlowIsNamedByItsId)
{
    EXPECT_EQ(contextOf("m-1", {}).correlationId, "m-1");
    const MessageContext context
        = contextOf("m-1", {.correlationId = "flow", .causationId = "x", .userId = "ada", .headers = {}});
    EXPECT_EQ(context.messageId, "m-1");
    EXPECT_EQ(context.correlationId, "flow");
    EXPECT_EQ(context.userId, "ada");
}
