// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sourcing/order_fold.h"

#include "order_stories.h"
#include "sourcing/order_state.h"

#include <gtest/gtest.h>

using namespace eventscope::core;
using namespace eventscope::test;

namespace {

void expectSameFold(const std::vector<StoryEvent>& story)
{
    Json state = Json::Object();
    FoldedOrder folded;
    OrderFolder folder;
    for (const StoryEvent& event : story) {
        const Result<Json> data = Json::parse(event.data);
        if (!data)
            continue; // the folder expects valid JSON
        const Status expected = applyOrderEvent(state, event.type, *data);
        const Status actual = folder.apply(folded, event.type, event.data);
        ASSERT_EQ(actual, expected) << event.type << " " << event.data;
        ASSERT_EQ(toJson(folded), state) << event.type << " " << event.data << "\n"
                                         << toJson(folded).dump() << "\n"
                                         << state.dump();
    }
    EXPECT_EQ(toJson(foldedOrderFrom(state)), state);
}

} // namespace

TEST(OrderFolder, FoldsLawfulHistoriesAsTheAggregateDoes)
{
    OrderStories stories(1);
    for (int i = 0; i < 100; ++i)
        expectSameFold(stories.lawful());
}

TEST(OrderFolder, FoldsAnythingAsTheAggregateDoes)
{
    OrderStories stories(2);
    for (int i = 0; i < 300; ++i)
        expectSameFold(stories.wild(20));
}

TEST(OrderFolder, ReadsInPlaceWhereThereIsRoomBehindTheData)
{
    const std::string data = R"({"orderId":"1","totalAmount":38.00,"items":[{"sku":"a"}]})";
    const std::string padded = data + std::string(64, '!');
    OrderFolder folder;
    FoldedOrder order;
    ASSERT_TRUE(folder.apply(order, "OrderPlaced", std::string_view(padded).substr(0, data.size()), padded.size()));
    EXPECT_EQ(order.totalAmount, "38.00");
    EXPECT_EQ(order.items, R"([{"sku":"a"}])");
    EXPECT_EQ(order.orderId, "\"1\"");
}

TEST(OrderFolder, PassesOverTypesItDoesNotKnow)
{
    OrderFolder folder;
    FoldedOrder order;
    EXPECT_TRUE(folder.apply(order, "Other", "whatever"));
    EXPECT_EQ(toJson(order), Json(Json::Object()));
    EXPECT_FALSE(OrderFolder::knows("Other"));
    EXPECT_TRUE(OrderFolder::knows("OrderShipped"));
}
