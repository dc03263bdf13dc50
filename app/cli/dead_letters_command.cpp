// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/command.h"
#include "cli/letter_filter.h"
#include "cli/opened_source.h"
#include "inspect/dead_letter_json.h"
#include "inspect/parked_letters.h"

#include <fmt/format.h>

namespace eventscope::app {

ExitCode runCommand(const DeadLettersArguments& arguments, CommandContext& context)
{
    auto opened = openSource(arguments.source, DemoPace::Told, context.stop);
    if (!opened) {
        say(opened.error().message);
        return exitCodeOfOpening(opened.error());
    }
    if (!opened->deadLetters) {
        say(fmt::format("{} has no dead letters that can be listed.", arguments.source.display()));
        return ExitCode::Refused;
    }
    const auto letters = opened->deadLetters->list(arguments.queue);
    if (!letters) {
        say(letters.error().message);
        return exitCodeOf(letters.error());
    }
    for (const core::ParkedEvent& parked : *letters) {
        const core::DeadLetter letter = core::toDeadLetter(parked);
        if (arguments.filter && matchLetter(*arguments.filter, letter) != core::FilterMatch::Yes) {
            continue;
        }
        std::string line;
        core::appendDeadLetterJson(line, letter);
        if (!context.out.line(line)) {
            break;
        }
    }
    return ExitCode::Done;
}

} // namespace eventscope::app
