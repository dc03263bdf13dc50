// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/command.h"

#include "temp_dir.h"

#include <gtest/gtest.h>

#include <array>
#include <fstream>
#include <string>
#include <unistd.h>

using namespace eventscope;
using namespace eventscope::app;

namespace {

struct Printed {
    ExitCode code = ExitCode::Done;
    std::string output;
};

Printed eval(const EvalArguments& arguments)
{
    std::array<int, 2> ends{};
    EXPECT_EQ(pipe(ends.data()), 0);
    Printed printed;
    {
        Output out(ends[1], {});
        CommandContext context{.out = out, .stop = {}};
        printed.code = runCommand(arguments, context);
        EXPECT_TRUE(out.flush());
    }
    close(ends[1]);
    std::array<char, 4096> buffer{};
    const ssize_t count = read(ends[0], buffer.data(), buffer.size());
    printed.output.assign(buffer.data(), static_cast<std::size_t>(count));
    close(ends[0]);
    return printed;
}

} // namespace

TEST(EvalCommand, PrintsTheResultAndTheErrorOnOneLine)
{
    EXPECT_EQ(eval({.expression = "1 + 2", .event = {}}).output, "{\"result\":3,\"error\":null}\n");
    EXPECT_EQ(eval({.expression = "'a'", .event = {}}).output, "{\"result\":\"a\",\"error\":null}\n");
    const Printed error = eval({.expression = "5 / 0", .event = {}});
    EXPECT_EQ(error.output, "{\"result\":0,\"error\":\"math\"}\n");
    EXPECT_EQ(error.code, ExitCode::Done);
    const Printed unreadable = eval({.expression = "ABC(", .event = {}});
    EXPECT_EQ(unreadable.output, "{\"result\":false,\"error\":\"parse\"}\n");
    EXPECT_EQ(unreadable.code, ExitCode::Done);
}

TEST(EvalCommand, ReadsTheEventFromAFile)
{
    const test::TempDir dir;
    const std::string path = dir.path() / "event.json";
    std::ofstream(path) << R"({"specversion":"1.0","id":"1","source":"s","type":"t","data":{"total":99.50}})";
    EXPECT_EQ(eval({.expression = "type = 't' AND data.total = 99.5", .event = path}).output,
        "{\"result\":true,\"error\":null}\n");
    std::ofstream(path) << "no event";
    const Printed broken = eval({.expression = "TRUE", .event = path});
    EXPECT_EQ(broken.output, "{\"result\":false,\"error\":\"generic\"}\n");
    EXPECT_EQ(broken.code, ExitCode::Refused);
}

TEST(EvalCommand, SaysThatAnEventCannotBeRead)
{
    const test::TempDir dir;
    for (const std::string& path : {std::string(dir.path() / "missing.json"), std::string(dir.path())}) {
        const Printed printed = eval({.expression = "TRUE", .event = path});
        EXPECT_EQ(printed.output, "");
        EXPECT_EQ(printed.code, ExitCode::Unreachable);
    }
}
