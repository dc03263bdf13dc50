// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/output.h"
#include "javascript_worker.h"
#include "window/run_window.h"

#include <fmt/format.h>

#include <cstdio>
#include <cstring>
#include <variant>

using namespace eventscope::app;

int main(int argc, char** argv)
{
    occupyStandardStreams();
    if (argc == 2 && std::strcmp(argv[1], eventscope::javascript::kWorkerWord) == 0) {
        return eventscope::javascript::runWorker(argc, argv);
    }
    const auto arguments = parseArguments(argc, argv);
    if (!arguments) {
        const NothingToRun& nothing = arguments.error();
        std::fputs(nothing.text.c_str(), nothing.code == ExitCode::Done ? stdout : stderr);
        return toInt(nothing.code);
    }
    if (const auto* window = std::get_if<WindowArguments>(&*arguments)) {
        return runWindow(*window, argc, argv);
    }
    return runCommandLine(*arguments);
}
