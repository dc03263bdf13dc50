// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/command.h"
#include "event/clock.h"
#include "inspect/journal.h"

#include <filesystem>

namespace eventscope::app {

ExitCode runCommand(const JournalArguments& arguments, CommandContext& context)
{
    const std::filesystem::path file = core::Journal::defaultFile();
    std::error_code error;
    if (!std::filesystem::exists(file, error)) {
        return ExitCode::Done; // nothing was ever written
    }
    core::SystemClock clock;
    const auto journal = core::Journal::open(file, clock);
    if (!journal) {
        say(journal.error().message);
        return exitCodeOfOpening(journal.error());
    }
    const auto entries = (*journal)->entries(arguments.since);
    if (!entries) {
        say(entries.error().message);
        return exitCodeOf(entries.error());
    }
    for (const core::JournalEntry& entry : *entries) {
        std::string line;
        core::appendJournalJson(line, entry);
        if (!context.out.line(line)) {
            break;
        }
    }
    return ExitCode::Done;
}

} // namespace eventscope::app
