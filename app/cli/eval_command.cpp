// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/command.h"

#include "inspect/filter/filter_json.h"

#include <fmt/format.h>

#include <array>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>

namespace eventscope::app {

namespace {

struct CloseFile {
    void operator()(std::FILE* file) const { std::fclose(file); }
};

/// Nothing when it cannot be read to its end.
std::optional<std::string> readAll(std::FILE* file)
{
    std::string content;
    std::array<char, 65536> buffer{};
    while (const std::size_t count = std::fread(buffer.data(), 1, buffer.size(), file)) {
        content.append(buffer.data(), count);
    }
    if (std::ferror(file) != 0) {
        return std::nullopt;
    }
    return content;
}

std::optional<std::string> readEvent(const std::string& path)
{
    if (path == "-") {
        return readAll(stdin);
    }
    const std::unique_ptr<std::FILE, CloseFile> file(std::fopen(path.c_str(), "rbe"));
    return file ? readAll(file.get()) : std::nullopt;
}

} // namespace

ExitCode runCommand(const EvalArguments& arguments, CommandContext& context)
{
    std::optional<std::string> event;
    if (!arguments.event.empty()) {
        event = readEvent(arguments.event);
        if (!event) {
            say(fmt::format("The event in '{}' cannot be read.", arguments.event));
            return ExitCode::Unreachable;
        }
    }
    const core::EvaluationReport report = core::evaluateToJson(arguments.expression, event);
    context.out.line(report.json);
    if (!report.message.empty()) {
        say(report.message);
    }
    // An error of the expression is a result like any other; an event that is none is not.
    return report.error == core::FilterErrorKind::Generic ? ExitCode::Refused : ExitCode::Done;
}

} // namespace eventscope::app
