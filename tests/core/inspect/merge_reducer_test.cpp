// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/merge_reducer.h"

#include <gtest/gtest.h>

using namespace eventscope::core;

namespace {

std::string merged(std::string_view target, std::string_view patch)
{
    Json value = Json::parse(target).value();
    mergeJson(value, Json::parse(patch).value());
    return value.dump();
}

Status apply(Json& state, std::string_view payload, bool isNull = false)
{
    SourceEvent event;
    event.type = "T";
    event.payload = payload;
    event.payloadIsNull = isNull;
    const UpcasterChain chain;
    return MergeReducer().apply(state, ReducerEvent(event, chain, {}));
}

} // namespace

TEST(MergeJson, FollowsTheExamplesOfTheRfc)
{
    // RFC 7396, appendix A
    const struct {
        std::string_view target, patch, result;
    } rows[] = {
        {R"({"a":"b"})", R"({"a":"c"})", R"({"a":"c"})"},
        {R"({"a":"b"})", R"({"b":"c"})", R"({"a":"b","b":"c"})"},
        {R"({"a":"b"})", R"({"a":null})", "{}"},
        {R"({"a":"b","b":"c"})", R"({"a":null})", R"({"b":"c"})"},
        {R"({"a":["b"]})", R"({"a":"c"})", R"({"a":"c"})"},
        {R"({"a":"c"})", R"({"a":["b"]})", R"({"a":["b"]})"},
        {R"({"a":{"b":"c"}})", R"({"a":{"b":"d","c":null}})", R"({"a":{"b":"d"}})"},
        {R"({"a":[{"b":"c"}]})", R"({"a":[1]})", R"({"a":[1]})"},
        {R"(["a","b"])", R"(["c","d"])", R"(["c","d"])"},
        {R"({"a":"b"})", R"(["c"])", R"(["c"])"},
        {R"({"a":"foo"})", "null", "null"},
        {R"({"a":"foo"})", R"("bar")", R"("bar")"},
        {R"({"e":null})", R"({"a":1})", R"({"e":null,"a":1})"},
        {"[1,2]", R"({"a":"b","c":null})", R"({"a":"b"})"},
        {"{}", R"({"a":{"bb":{"ccc":null}}})", R"({"a":{"bb":{}}})"},
    };
    for (const auto& row : rows)
        EXPECT_EQ(merged(row.target, row.patch), row.result) << row.target << " " << row.patch;
}

TEST(MergeReducer, FoldsEventsIntoOneObject)
{
    Json state = MergeReducer().initialState();
    ASSERT_TRUE(apply(state, R"({"orderId":"1","total":38.00,"address":{"city":"a"}})"));
    ASSERT_TRUE(apply(state, R"({"address":{"street":"s"},"total":null})"));
    ASSERT_TRUE(apply(state, "", true));
    EXPECT_EQ(state.dump(), R"({"orderId":"1","address":{"city":"a","street":"s"}})");
}

TEST(MergeReducer, RefusesWhatHasNoMembers)
{
    Json state = Json::parse(R"({"a":1})").value();
    for (const std::string_view payload : {"[1]", "7", "\"x\"", "", "{", "plain text"}) {
        const Status status = apply(state, payload);
        ASSERT_FALSE(status) << payload;
        EXPECT_EQ(status.error().code, ErrorCode::Unparsable);
        EXPECT_EQ(state.dump(), R"({"a":1})");
    }
}
