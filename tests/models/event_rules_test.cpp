// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "event_rules.h"

#include <gtest/gtest.h>

using namespace eventscope::models;

TEST(EventRules, KnowsTheUsualNamesOfFailures)
{
    const EventRules rules = EventRules::usual();
    for (const char* type :
        {"PaymentDeclined", "ReservationFailed", "EventHandlerFailed", "order.rejected", "SHIPMENT_TIMEOUT"}) {
        EXPECT_EQ(rules.toneOf(type), EventTone::Failure) << type;
    }
    EXPECT_EQ(rules.toneOf("OrderCancelled"), EventTone::Warning);
    EXPECT_EQ(rules.toneOf("OrderPlaced"), EventTone::Plain);
    EXPECT_EQ(rules.toneOf(""), EventTone::Plain);
}

TEST(EventRules, TakesPatternsOfItsUser)
{
    EventRules rules;
    rules.setFailures({QStringLiteral(" Order_laced "), QString()});
    EXPECT_EQ(rules.toneOf("OrderPlaced"), EventTone::Failure);
    EXPECT_EQ(rules.toneOf("OrderPlacedTwice"), EventTone::Plain);
    EXPECT_EQ(rules.toneOf("PaymentDeclined"), EventTone::Plain);
}

TEST(EventRules, MatchesLikeTheFilterLanguage)
{
    EXPECT_TRUE(matchesLike("abc", "a%"));
    EXPECT_TRUE(matchesLike("", "%"));
    EXPECT_TRUE(matchesLike("a%c", "a\\%c"));
    EXPECT_FALSE(matchesLike("abc", "a\\%c"));
    EXPECT_TRUE(matchesLike("aXbXc", "%X_"));
    EXPECT_FALSE(matchesLike("abc", "ab"));
    EXPECT_TRUE(matchesLike("mississippi", "%iss%pi"));
}

TEST(EventTones, RemembersTheToneOfAType)
{
    EventTones tones;
    int asked = 0;
    const auto textOf = [&asked](std::uint32_t) {
        ++asked;
        return std::string_view("PaymentDeclined");
    };
    EXPECT_EQ(tones.toneOf(70, textOf), EventTone::Failure);
    EXPECT_EQ(tones.toneOf(70, textOf), EventTone::Failure);
    EXPECT_EQ(asked, 1);
    tones.setRules(EventRules{});
    EXPECT_EQ(tones.toneOf(70, textOf), EventTone::Plain);
}
