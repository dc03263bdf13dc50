// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "javascript_reducer.h"

#include "temp_dir.h"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

using namespace eventscope;
using namespace std::chrono_literals;
using javascript::JavaScriptReducer;

namespace {

class JavaScriptReducerTest : public testing::Test {
protected:
    core::Result<std::unique_ptr<JavaScriptReducer>> open(std::string_view script)
    {
        test::writeFile(m_folder / "r.js", script);
        return JavaScriptReducer::open(m_folder / "r.js", {.timeLimit = m_limit, .program = EVENTSCOPE_PROGRAM});
    }

    static core::Status apply(
        JavaScriptReducer& reducer, core::Json& state, std::string_view type, std::string_view data)
    {
        const core::UpcasterChain upcasters;
        const core::SourceEvent event{.stream = "order-1", .position = 7, .version = 3, .type = type, .payload = data};
        return reducer.apply(state, core::ReducerEvent(event, upcasters, {}));
    }

    /// The state after one event, or the failure's sentence.
    std::string after(std::string_view script, std::string_view type, std::string_view data)
    {
        auto reducer = open(script);
        if (!reducer) {
            return reducer.error().message;
        }
        core::Json state = (*reducer)->initialState();
        const core::Status applied = apply(**reducer, state, type, data);
        return applied ? state.dump() : applied.error().message;
    }

    std::chrono::milliseconds m_limit{20s};
    test::TempDir m_folder;
};

} // namespace

TEST_F(JavaScriptReducerTest, RunsKurrentDbsProjections)
{
    constexpr std::string_view kScript
        = "fromCategory('order').foreachStream().when({$init: () => ({n: 1}), A(s, e) { s.n += e.data.by; },"
          "$any(s, e) { return {other: e.type}; }}).outputState()";
    EXPECT_EQ(after(kScript, "A", R"({"by":2})"), R"({"n":3})");
    EXPECT_EQ(after(kScript, "B", "{}"), R"({"other":"B"})");
}

TEST_F(JavaScriptReducerTest, RunsTheOtherUsualForms)
{
    EXPECT_EQ(
        after("function reduce(state, event) { state.last = event.type; return state; }", "A", "1"), R"({"last":"A"})");
    EXPECT_EQ(after("module.exports = (state, event) => ({v: event.sequenceNumber})", "A", "1"), R"({"v":3})");
    EXPECT_EQ(after("({$init() { return {n: 0}; }, A(s) { s.n++; }})", "A", "1"), R"({"n":1})");
    EXPECT_EQ(after("({$init() { return {n: 0}; }, A(s) { s.n++; }})", "toString", "1"), R"({"n":0})");
}

TEST_F(JavaScriptReducerTest, HandsLongNumbersOverWithAllTheirDigits)
{
    EXPECT_EQ(after("function reduce(s, e) { return {d: e.data, p: e.position}; }", "A",
                  R"({"a":9007199254740993,"b":[0.1234567890123456789],"c":99.5})"),
        R"({"d":{"a":"9007199254740993","b":["0.1234567890123456789"],"c":99.5},"p":"7"})");
}

TEST_F(JavaScriptReducerTest, SaysInWhichLineItFailed)
{
    EXPECT_NE(after("// fine\nfunction reduce( {", "A", "1").find("r.js:2: SyntaxError: "), std::string::npos);
    EXPECT_NE(after("function reduce(s, e) {\n return e.data.x.y; }", "A", "{}").find("r.js:2: TypeError: "),
        std::string::npos);
    EXPECT_NE(after("function reduce(s) { return {...s}; }", "A", "{}").find("Object.assign"), std::string::npos);
    EXPECT_NE(after("var x = 1;", "A", "{}").find("there is no reducer in it"), std::string::npos);
    EXPECT_EQ(JavaScriptReducer::open(m_folder / "none.js").error().code, core::ErrorCode::NotFound);
}

TEST_F(JavaScriptReducerTest, LeavesTheStateAloneWhenAnEventFails)
{
    auto reducer = open("function reduce(s, e) { s.n = 1; if (e.type === 'B') { throw new Error('no'); } }");
    ASSERT_TRUE(reducer);
    core::Json state = (*reducer)->initialState();
    EXPECT_FALSE(apply(**reducer, state, "B", "1"));
    EXPECT_EQ(state.dump(), "{}");
    EXPECT_TRUE(apply(**reducer, state, "A", "1"));
    EXPECT_EQ(state.dump(), R"({"n":1})");
}

TEST_F(JavaScriptReducerTest, EndsWhatTakesTooLongOrTooMuchAndGoesOn)
{
    m_limit = 300ms;
    for (const std::string_view bad : {"while (true) {}", "('a'.repeat(50000)).replace(/a*a*a*b/g, '')",
             "'x'.repeat(2**30) + 'y'", "new Array(2**32 - 1).fill(0)"}) {
        auto reducer = open("function reduce(s, e) { if (e.type === 'Bad') { " + std::string(bad)
            + " ; return {grown: true}; } return {n: 1}; }");
        ASSERT_TRUE(reducer) << reducer.error().message;
        core::Json state = (*reducer)->initialState();
        EXPECT_FALSE(apply(**reducer, state, "Bad", "1")) << bad;
        EXPECT_EQ(state.dump(), "{}");
    }
}

TEST_F(JavaScriptReducerTest, ReachesNothingOutside)
{
    EXPECT_EQ(after("function reduce(s) { return [typeof require, typeof XMLHttpRequest, typeof Qt, typeof console,"
                    " typeof process]; }",
                  "A", "1"),
        R"(["undefined","undefined","undefined","undefined","undefined"])");
}
