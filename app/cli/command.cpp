// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/command.h"

#include "cli/interrupt.h"

#include <cassert>
#include <type_traits>
#include <unistd.h>

namespace eventscope::app {

namespace {

ExitCode dispatch(const Arguments& arguments, CommandContext& context)
{
    return std::visit(
        [&](const auto& command) {
            if constexpr (std::is_same_v<std::decay_t<decltype(command)>, WindowArguments>) {
                assert(false && "the window is no command");
                return ExitCode::Usage;
            } else {
                return runCommand(command, context);
            }
        },
        arguments);
}

} // namespace

int runCommandLine(const Arguments& arguments)
{
    Interrupt interrupt;
    Output out(STDOUT_FILENO, interrupt.token());
    CommandContext context{.out = out, .stop = interrupt.token()};
    ExitCode code = dispatch(arguments, context);
    out.flush();
    if (interrupt.happened()) {
        return toInt(ExitCode::Interrupted);
    }
    if (!out.failure().empty()) {
        say(out.failure());
        return toInt(ExitCode::Refused);
    }
    return toInt(code);
}

} // namespace eventscope::app
