// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/json_patch.h"

#include <gtest/gtest.h>

#include <random>

using namespace eventscope::core;

namespace {

Json json(std::string_view text)
{
    const Result<Json> value = Json::parse(text);
    EXPECT_TRUE(value) << text;
    return value.value_or(Json());
}

std::string diff(std::string_view before, std::string_view after)
{
    return patchToJson(diffJson(json(before), json(after))).dump();
}

/// What the patch makes of a value, or the code of its error.
std::string patched(std::string_view value, std::string_view patch)
{
    const Result<JsonPatch> operations = patchFromJson(json(patch));
    if (!operations)
        return std::string(toString(operations.error().code));
    Json target = json(value);
    const Json before = target;
    const Result<JsonPatch> inverse = invertPatch(*operations, before);
    const Status applied = applyPatch(target, *operations);
    EXPECT_EQ(applied.has_value(), inverse.has_value());
    if (!applied) {
        EXPECT_EQ(target, before) << "a patch that fails must change nothing";
        return std::string(toString(applied.error().code));
    }
    Json restored = target;
    EXPECT_TRUE(applyPatch(restored, *inverse)) << patchToJson(*inverse).dump();
    EXPECT_EQ(restored, before);
    return target.dump();
}

class RandomJson {
public:
    explicit RandomJson(std::uint64_t seed) : m_random(seed) { }

    Json value(int depth = 0)
    {
        switch (below(depth < 4 ? 8 : 5)) {
        case 0: return Json();
        case 1: return Json(below(2) == 0);
        case 2: return Json(static_cast<std::int64_t>(below(4)));
        case 3: return Json(Json::Number{below(2) == 0 ? "1.0" : "1.00"});
        case 4: return Json(std::string(1, static_cast<char>('a' + below(4))));
        case 5: {
            Json::Array array;
            for (std::size_t i = 0, count = below(6); i < count; ++i)
                array.push_back(value(depth + 1));
            return array;
        }
        default: {
            Json object = Json::Object();
            static constexpr std::string_view kNames[] = {"a", "b", "", "a/b", "m~n", "0", "-"};
            for (std::size_t i = 0, count = below(6); i < count; ++i) {
                const std::string_view name = kNames[below(std::size(kNames))];
                if (below(40) == 0)
                    object.asObject().emplace_back(std::string(name), value(depth + 1)); // doubled, perhaps
                else
                    object.set(name, value(depth + 1));
            }
            return object;
        }
        }
    }

    /// The same with a few changes somewhere.
    Json changed(const Json& original, int depth = 0)
    {
        if (below(6) == 0)
            return value(depth);
        Json copy = original;
        if (copy.isArray()) {
            if (!copy.asArray().empty() && below(3) == 0)
                copy.asArray().erase(
                    copy.asArray().begin() + static_cast<std::ptrdiff_t>(below(copy.asArray().size())));
            if (below(3) == 0)
                copy.asArray().insert(
                    copy.asArray().begin() + static_cast<std::ptrdiff_t>(below(copy.asArray().size() + 1)),
                    value(depth + 1));
            for (Json& element : copy.asArray()) {
                if (below(3) == 0)
                    element = changed(element, depth + 1);
            }
        } else if (copy.isObject()) {
            for (auto& [name, member] : copy.asObject()) {
                if (below(3) == 0)
                    member = changed(member, depth + 1);
            }
            if (!copy.asObject().empty() && below(3) == 0)
                copy.asObject().erase(copy.asObject().begin());
            if (below(3) == 0)
                copy.set("new", value(depth + 1));
        }
        return copy;
    }

private:
    std::size_t below(std::size_t bound) { return m_random() % bound; }
    std::mt19937_64 m_random;
};

} // namespace

TEST(JsonDiff, NamesEachChangeByItsPath)
{
    EXPECT_EQ(diff(R"({"status":"paid","reservation":"r","total":38.00})",
                  R"({"status":"shipped","total":38.00,"tracking":"T"})"),
        R"([{"op":"remove","path":"/reservation"},{"op":"replace","path":"/status","value":"shipped"},)"
        R"({"op":"add","path":"/tracking","value":"T"}])");
    EXPECT_EQ(diff(R"({"a":{"b~/c":1}})", R"({"a":{"b~/c":2}})"), R"([{"op":"replace","path":"/a/b~0~1c","value":2}])");
    EXPECT_EQ(diff("1", "2"), R"([{"op":"replace","path":"","value":2}])");
    EXPECT_EQ(diff(R"({"a":1,"b":2})", R"({"b":2,"a":1})"), "[]");
    EXPECT_EQ(diff(R"({"a":null})", "{}"), R"([{"op":"remove","path":"/a"}])");
}

TEST(JsonDiff, KeepsNumbersExact)
{
    EXPECT_EQ(diff(R"({"n":1})", R"({"n":1.0})"), R"([{"op":"replace","path":"/n","value":1.0}])");
    EXPECT_EQ(diff("9007199254740993", "9007199254740992"), R"([{"op":"replace","path":"","value":9007199254740992}])");
}

TEST(JsonDiff, TouchesOnlyTheChangedPartOfAList)
{
    EXPECT_EQ(diff("[1,2,3,4]", "[1,2,9,3,4]"), R"([{"op":"add","path":"/2","value":9}])");
    EXPECT_EQ(diff("[1,2,3,4]", "[1,4]"), R"([{"op":"remove","path":"/2"},{"op":"remove","path":"/1"}])");
    EXPECT_EQ(diff("[]", "[1,2]"), R"([{"op":"add","path":"/0","value":1},{"op":"add","path":"/1","value":2}])");
    EXPECT_EQ(diff(R"([{"a":1},{"a":2}])", R"([{"a":1},{"a":3}])"), R"([{"op":"replace","path":"/1/a","value":3}])");
}

TEST(JsonDiff, ReplacesAnObjectWithADoubledName)
{
    EXPECT_EQ(diff(R"({"x":{"a":1,"a":2}})", R"({"x":{"a":1,"a":3}})"),
        R"([{"op":"replace","path":"/x","value":{"a":1,"a":3}}])");
}

TEST(JsonPatch, FollowsTheExamplesOfTheRfc)
{
    // RFC 6902, appendix A
    EXPECT_EQ(
        patched(R"({"foo":"bar"})", R"([{"op":"add","path":"/baz","value":"qux"}])"), R"({"foo":"bar","baz":"qux"})");
    EXPECT_EQ(patched(R"({"foo":["bar","baz"]})", R"([{"op":"add","path":"/foo/1","value":"qux"}])"),
        R"({"foo":["bar","qux","baz"]})");
    EXPECT_EQ(patched(R"({"baz":"qux","foo":"bar"})", R"([{"op":"remove","path":"/baz"}])"), R"({"foo":"bar"})");
    EXPECT_EQ(
        patched(R"({"foo":["bar","qux","baz"]})", R"([{"op":"remove","path":"/foo/1"}])"), R"({"foo":["bar","baz"]})");
    EXPECT_EQ(patched(R"({"baz":"qux"})", R"([{"op":"replace","path":"/baz","value":"boo"}])"), R"({"baz":"boo"})");
    EXPECT_EQ(patched(R"({"foo":{"bar":"baz","waldo":"fred"},"qux":{"corge":"grault"}})",
                  R"([{"op":"move","from":"/foo/waldo","path":"/qux/thud"}])"),
        R"({"foo":{"bar":"baz"},"qux":{"corge":"grault","thud":"fred"}})");
    EXPECT_EQ(patched(R"({"foo":["all","grass","cows","eat"]})", R"([{"op":"move","from":"/foo/1","path":"/foo/3"}])"),
        R"({"foo":["all","cows","eat","grass"]})");
    EXPECT_EQ(patched(R"({"baz":"qux","foo":["a",2,"c"]})",
                  R"([{"op":"test","path":"/baz","value":"qux"},{"op":"test","path":"/foo/1","value":2}])"),
        R"({"baz":"qux","foo":["a",2,"c"]})");
    EXPECT_EQ(patched(R"({"baz":"qux"})", R"([{"op":"test","path":"/baz","value":"bar"}])"), "Refused");
    EXPECT_EQ(patched(R"({"foo":"bar"})", R"([{"op":"add","path":"/child","value":{"grandchild":{}}}])"),
        R"({"foo":"bar","child":{"grandchild":{}}})");
    EXPECT_EQ(patched(R"({"foo":"bar"})", R"([{"op":"add","path":"/baz","value":"qux","xyz":123}])"),
        R"({"foo":"bar","baz":"qux"})");
    EXPECT_EQ(patched(R"({"foo":"bar"})", R"([{"op":"add","path":"/baz/bat","value":"qux"}])"), "NotFound");
    EXPECT_EQ(patched(R"({"/":9,"~1":10})", R"([{"op":"test","path":"/~01","value":10}])"), R"({"/":9,"~1":10})");
    EXPECT_EQ(patched(R"({"/":9,"~1":10})", R"([{"op":"test","path":"/~01","value":"10"}])"), "Refused");
    EXPECT_EQ(patched(R"({"foo":["bar"]})", R"([{"op":"add","path":"/foo/-","value":["abc","def"]}])"),
        R"({"foo":["bar",["abc","def"]]})");
}

TEST(JsonPatch, CopiesMovesAndTestsByValue)
{
    EXPECT_EQ(
        patched(R"({"a":{"b":1}})", R"([{"op":"copy","from":"/a","path":"/c"}])"), R"({"a":{"b":1},"c":{"b":1}})");
    EXPECT_EQ(patched(R"({"a":1,"b":2})", R"([{"op":"move","from":"/a","path":"/b"}])"), R"({"b":1})");
    EXPECT_EQ(patched(R"({"a":[1,2]})", R"([{"op":"copy","from":"/a/0","path":"/a/-"},{"op":"remove","path":"/a/0"}])"),
        R"({"a":[2,1]})");
    EXPECT_EQ(patched(R"({"n":1.0})", R"([{"op":"test","path":"/n","value":1}])"), R"({"n":1.0})");
    EXPECT_EQ(patched(R"({"n":[{"a":10,"b":1e1}]})", R"([{"op":"test","path":"/n","value":[{"b":10,"a":1e1}]}])"),
        R"({"n":[{"a":10,"b":1e1}]})");
    EXPECT_EQ(
        patched("5",
            R"([{"op":"replace","path":"","value":[1]},{"op":"add","path":"/0","value":0},{"op":"add","path":"","value":7}])"),
        "7");
    EXPECT_EQ(patched("{}", R"([{"op":"remove","path":""}])"), "null");
}

TEST(JsonPatch, ChangesNothingWhenAnOperationFails)
{
    const std::string_view value = R"({"a":[1,2],"b":{}})";
    for (const std::string_view last : {R"({"op":"remove","path":"/z"})", R"({"op":"remove","path":"/a/3"})",
             R"({"op":"replace","path":"/a/-","value":1})", R"({"op":"add","path":"/a/4","value":1})",
             R"({"op":"add","path":"/z/y","value":1})", R"({"op":"copy","from":"/z","path":"/y"})",
             R"({"op":"replace","path":"/b/c","value":1})"}) {
        EXPECT_EQ(
            patched(value,
                R"([{"op":"add","path":"/a/0","value":0},{"op":"remove","path":"/b"},)" + std::string(last) + "]"),
            "NotFound")
            << last;
    }
    for (const std::string_view last : {R"({"op":"add","path":"a","value":1})",
             R"({"op":"add","path":"/a/01","value":1})", R"({"op":"add","path":"/a/x","value":1})",
             R"({"op":"move","from":"/b","path":"/b/c"})", R"({"op":"add","path":"/x~2","value":1})"}) {
        EXPECT_EQ(
            patched(value, R"([{"op":"add","path":"/a/0","value":0},)" + std::string(last) + "]"), "InvalidArgument")
            << last;
    }
}

TEST(JsonPatch, IsReadFromJsonStrictly)
{
    for (const std::string_view text : {"{}", "[1]", R"([{"op":"put","path":""}])", R"([{"op":"add","path":"/a"}])",
             R"([{"op":"remove"}])", R"([{"op":"move","path":"/a"}])", R"([{"path":"/a","value":1}])",
             R"([{"op":"test","path":1,"value":1}])"}) {
        EXPECT_FALSE(patchFromJson(json(text))) << text;
    }
    const std::string_view all
        = R"([{"op":"add","path":"/a","value":1},{"op":"remove","path":"/a"},{"op":"replace","path":"","value":null},)"
          R"({"op":"move","from":"/a","path":"/b"},{"op":"copy","from":"/a","path":"/b"},{"op":"test","path":"/a","value":[]}])";
    EXPECT_EQ(patchToJson(patchFromJson(json(all)).value()).dump(), all);
}

TEST(JsonPatch, LeadsFromAnyValueToAnyOtherAndBack)
{
    RandomJson random(7);
    for (int i = 0; i < 3000; ++i) {
        const Json before = random.value();
        const Json after = random.changed(before);
        const JsonPatch patch = diffJson(before, after);
        EXPECT_EQ(patch.empty(), before == after);
        Json value = before;
        ASSERT_TRUE(applyPatch(value, patch))
            << before.dump() << " " << after.dump() << " " << patchToJson(patch).dump();
        ASSERT_EQ(value, after) << before.dump() << " " << patchToJson(patch).dump();
        const Result<JsonPatch> inverse = invertPatch(patch, before);
        ASSERT_TRUE(inverse);
        ASSERT_TRUE(applyPatch(value, *inverse));
        ASSERT_EQ(value, before);
    }
}
