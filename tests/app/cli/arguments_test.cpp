// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/arguments.h"

#include <gtest/gtest.h>

using namespace eventscope;
using namespace eventscope::app;

namespace {

std::expected<Arguments, NothingToRun> parse(std::vector<const char*> words)
{
    words.insert(words.begin(), "eventscope");
    return parseArguments(static_cast<int>(words.size()), words.data());
}

template <class T>
T parsedAs(std::vector<const char*> words)
{
    auto arguments = parse(words);
    if (!arguments) {
        ADD_FAILURE() << arguments.error().text;
        return {};
    }
    if (!std::holds_alternative<T>(*arguments)) {
        ADD_FAILURE() << "another command was chosen";
        return {};
    }
    return std::get<T>(*arguments);
}

std::string misuse(std::vector<const char*> words)
{
    const auto arguments = parse(words);
    EXPECT_FALSE(arguments);
    if (arguments) {
        return {};
    }
    EXPECT_EQ(arguments.error().code, ExitCode::Usage);
    return arguments.error().text;
}

} // namespace

TEST(Arguments, OpenTheWindowWithoutACommand)
{
    EXPECT_TRUE(parsedAs<WindowArguments>({}).sources.empty());
    const auto window = parsedAs<WindowArguments>({"sqlite:a.db", "demo:", "--theme", "dark"});
    ASSERT_EQ(window.sources.size(), 2U);
    EXPECT_EQ(window.sources[0].path, "a.db");
    EXPECT_EQ(window.theme, "dark");
    const auto shots = parsedAs<WindowArguments>({"--screenshots", "x", "--seconds", "2.5"});
    EXPECT_EQ(shots.screenshots, "x");
    EXPECT_EQ(shots.seconds, 2.5);
}

TEST(Arguments, HoldEveryOptionOfRead)
{
    const auto read = parsedAs<ReadArguments>({"read", "sqlite:a.db", "--stream", "order-1", "--from", "12", "--to",
        "2026-11-23T09:14:02Z", "--limit", "5", "--follow"});
    EXPECT_EQ(read.source.path, "a.db");
    EXPECT_EQ(read.selection.stream, "order-1");
    EXPECT_EQ(read.selection.from.position, 12);
    EXPECT_FALSE(read.selection.from.time);
    EXPECT_FALSE(read.selection.to.position);
    EXPECT_EQ(read.selection.to.time, core::parseTimestamp("2026-11-23T09:14:02Z").value());
    EXPECT_EQ(read.selection.limit, 5U);
    EXPECT_TRUE(read.follow);
}

TEST(Arguments, TakeOptionsBeforeTheSource)
{
    const auto read = parsedAs<ReadArguments>({"read", "--limit", "010", "demo:"});
    EXPECT_EQ(read.selection.limit, 10U) << "decimal, whatever it begins with";
    EXPECT_EQ(read.source.scheme, SourceScheme::Demo);
}

TEST(Arguments, HoldEveryOptionOfReplay)
{
    const auto replay = parsedAs<ReplayArguments>({"replay", "demo:", "order-1", "--reducer", "merge", "--at", "3",
        "--steps", "--skip", "2", "4", "--skip", "5,6"});
    EXPECT_EQ(replay.stream, "order-1");
    EXPECT_EQ(replay.reducer, "merge");
    EXPECT_EQ(replay.at, 3);
    EXPECT_TRUE(replay.steps);
    EXPECT_EQ(replay.skip, (std::vector<std::int64_t>{2, 4, 5, 6}));
}

TEST(Arguments, HoldAnyExpressionOfEval)
{
    const auto eval = parsedAs<EvalArguments>({"eval", "type = 'a'", "--event", "event.json"});
    EXPECT_EQ(eval.expression, "type = 'a'");
    EXPECT_EQ(eval.event, "event.json");
    EXPECT_EQ(parsedAs<EvalArguments>({"eval", "--event=-", "1"}).event, "-");
    EXPECT_EQ(parsedAs<EvalArguments>({"eval", "--event", "-", "--", "--event"}).expression, "--event");
    // Nothing that an expression may begin with is taken for an option.
    for (const char* expression :
        {"-1", "--10", "-'10'", "--'10'", "-TRUE", "-hop", "-e", "--hop = 1", "", "'-'", "\"a\""}) {
        EXPECT_EQ(parsedAs<EvalArguments>({"eval", expression}).expression, expression);
        EXPECT_EQ(parsedAs<EvalArguments>({"eval", expression, "--event", "-"}).expression, expression);
        EXPECT_EQ(parsedAs<EvalArguments>({"eval", "--event", "-", expression}).expression, expression);
        EXPECT_EQ(parsedAs<EvalArguments>({"eval", "--", expression}).expression, expression);
    }
}

TEST(Arguments, RefuseEvalWithoutOneExpression)
{
    EXPECT_NE(misuse({"eval"}).find("EXPR"), std::string::npos);
    EXPECT_FALSE(misuse({"eval", "a", "b"}).empty());
    EXPECT_FALSE(misuse({"eval", "a", "--event"}).empty());
    EXPECT_FALSE(misuse({"eval", "a", "--event", ""}).empty());
    const auto help = parse({"eval", "--help"});
    ASSERT_FALSE(help);
    EXPECT_EQ(help.error().code, ExitCode::Done);
    EXPECT_NE(help.error().text.find("--event"), std::string::npos);
}

TEST(Arguments, HoldEveryOptionOfTheDemo)
{
    const auto demo = parsedAs<DemoArguments>({"demo", "--seconds", "5", "--rate", "20", "--failures", "0.5", "--seed",
        "7", "--views", "--to", "sqlite:s.db", "--unlock"});
    EXPECT_EQ(demo.seconds, 5);
    EXPECT_EQ(demo.rate, 20);
    EXPECT_EQ(demo.failures, 0.5);
    EXPECT_EQ(demo.seed, 7U);
    EXPECT_TRUE(demo.views);
    ASSERT_TRUE(demo.to);
    EXPECT_EQ(demo.to->path, "s.db");
    EXPECT_TRUE(demo.unlock);
}

TEST(Arguments, RefuseWrongUsageInOneSentence)
{
    EXPECT_NE(misuse({"frobnicate"}).find("neither a command nor a source"), std::string::npos);
    EXPECT_NE(misuse({"mysql:x"}).find("is no source"), std::string::npos);
    EXPECT_NE(misuse({"read"}).find("SOURCE is required"), std::string::npos);
    EXPECT_NE(misuse({"replay", "demo:"}).find("STREAM is required"), std::string::npos);
    EXPECT_NE(misuse({"read", "demo:", "--limit", "-1"}).find("--limit"), std::string::npos);
    EXPECT_NE(misuse({"read", "demo:", "--limit", "1e3"}).find("--limit"), std::string::npos);
    EXPECT_NE(misuse({"read", "demo:", "--limit"}).find("--limit"), std::string::npos);
    EXPECT_NE(misuse({"read", "demo:", "--from", "yesterday"}).find("neither a position"), std::string::npos);
    EXPECT_NE(misuse({"read", "demo:", "--from", "99999999999999999999"}).find("64 bits"), std::string::npos);
    EXPECT_NE(misuse({"read", "demo:", "--stream", ""}).find("empty name"), std::string::npos);
    EXPECT_NE(misuse({"read", "demo:", "--nonsense"}).find("--nonsense"), std::string::npos);
    EXPECT_NE(misuse({"replay", "demo:", "s", "--skip", "0"}).find("--skip"), std::string::npos);
    EXPECT_NE(misuse({"replay", "demo:", "s", "--reducer", "sum"}).find("--reducer"), std::string::npos);
    EXPECT_NE(misuse({"sagas", "demo:", "--status", "happy"}).find("--status"), std::string::npos);
    EXPECT_NE(misuse({"demo", "--failures", "2"}).find("--failures"), std::string::npos);
    EXPECT_NE(misuse({"demo", "--rate", "nan"}).find("--rate"), std::string::npos);
    EXPECT_NE(misuse({"demo", "--seconds", "-3"}).find("--seconds"), std::string::npos);
}

TEST(Arguments, RefuseWithoutRepeatingAPassword)
{
    for (const auto& words : std::vector<std::vector<const char*>>{
             {"streams", "demo:", "postgres://u:canary@h/db"},
             {"streams", "pg://u:canary@h/db"},
             {"streams", "--from", "postgres://u:canary@h/db"},
             {"read", "demo:", "--limit", "postgres://u:canary@h/db"},
         }) {
        EXPECT_EQ(misuse(words).find("canary"), std::string::npos);
    }
}

TEST(Arguments, ExplainThemselves)
{
    for (const auto& words : std::vector<std::vector<const char*>>{{"--help"}, {"read", "--help"}, {"demo", "-h"}}) {
        const auto help = parse(words);
        ASSERT_FALSE(help);
        EXPECT_EQ(help.error().code, ExitCode::Done);
        EXPECT_NE(help.error().text.find("Usage: eventscope"), std::string::npos) << help.error().text;
    }
    const auto version = parse({"--version"});
    ASSERT_FALSE(version);
    EXPECT_EQ(version.error().code, ExitCode::Done);
    EXPECT_TRUE(version.error().text.starts_with("eventscope ")) << version.error().text;
}
