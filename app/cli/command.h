// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/arguments.h"
#include "cli/output.h"

#include <stop_token>

namespace eventscope::app {

/// What a command works with.
struct CommandContext {
    Output& out;          ///< standard output: NDJSON
    std::stop_token stop; ///< requested by SIGINT or SIGTERM
};

// One function a command, each in a file of its own (<name>_command.cpp). They say what went wrong
// themselves, and end with a code; an interruption shows in the stop token.
ExitCode runCommand(const StreamsArguments& arguments, CommandContext& context);
ExitCode runCommand(const ReadArguments& arguments, CommandContext& context);
ExitCode runCommand(const ReplayArguments& arguments, CommandContext& context);
ExitCode runCommand(const FindStepArguments& arguments, CommandContext& context);
ExitCode runCommand(const FlowArguments& arguments, CommandContext& context);
ExitCode runCommand(const ExportArguments& arguments, CommandContext& context);
ExitCode runCommand(const ImportArguments& arguments, CommandContext& context);
ExitCode runCommand(const SagasArguments& arguments, CommandContext& context);
ExitCode runCommand(const DeadLettersArguments& arguments, CommandContext& context);
ExitCode runCommand(const EvalArguments& arguments, CommandContext& context);
ExitCode runCommand(const RequeueArguments& arguments, CommandContext& context);
ExitCode runCommand(const DiscardArguments& arguments, CommandContext& context); // with requeue
ExitCode runCommand(const JournalArguments& arguments, CommandContext& context);
ExitCode runCommand(const DemoArguments& arguments, CommandContext& context);

/// Runs the subcommand with its signals, its output and its end. Not for WindowArguments.
int runCommandLine(const Arguments& arguments);

} // namespace eventscope::app
