// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "event/json_range.h"

#include <gtest/gtest.h>

#include <string>

using namespace eventscope::core;

namespace {

std::string at(std::string_view json, std::string_view pointer)
{
    const auto range = rangeOfPointer(json, pointer);
    return range ? std::string(json.substr(range->begin, range->end - range->begin)) : "nothing";
}

} // namespace

TEST(JsonRange, FindsTheBytesOfAValue)
{
    const std::string_view json = R"( {"a" : {"b": [1, 2.50 , {"c/d": "x\"y", "~": null}]}, "a": 9} )";
    EXPECT_EQ(at(json, "/a/b/1"), "2.50");
    EXPECT_EQ(at(json, "/a/b/2/c~1d"), R"("x\"y")");
    EXPECT_EQ(at(json, "/a/b/2/~0"), "null");
    EXPECT_EQ(at(json, "/a/b/2"), R"({"c/d": "x\"y", "~": null})");
    EXPECT_EQ(at("[true]", "/0"), "true");
    EXPECT_EQ(at("17", ""), "17");
    EXPECT_EQ(at(R"({"":1})", "/"), "1");
}

TEST(JsonRange, SaysThatThereIsNothing)
{
    EXPECT_EQ(at(R"({"a":1})", "/b"), "nothing");
    EXPECT_EQ(at(R"({"a":1})", "/a/b"), "nothing");
    EXPECT_EQ(at("[1,2]", "/2"), "nothing");
    EXPECT_EQ(at("[1,2]", "/x"), "nothing");
    EXPECT_EQ(at("[1,2]", "0"), "nothing");
    EXPECT_EQ(at("", ""), "nothing");
    EXPECT_EQ(at("{", "/a"), "nothing");
}

TEST(JsonRange, ReadsOnlyTheWayThere)
{
    EXPECT_EQ(at(R"({"a":[1,2], this is no json)", "/a/1"), "2");
    EXPECT_EQ(at(R"({"a":[1,2,3)", "/a"), "[1,2,3") << "a value that is cut reaches to the end";
}
