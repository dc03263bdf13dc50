// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/command.h"
#include "cli/letter_desk.h"
#include "cli/letter_filter.h"
#include "inspect/dead_letter_json.h"

namespace eventscope::app {

ExitCode runCommand(const DeadLettersArguments& arguments, CommandContext& context)
{
    const auto queue = openLetters(arguments.source, LetterAccess::Look, context.stop);
    if (!queue) {
        say(queue.error().message);
        return exitCodeOfOpening(queue.error());
    }
    const auto letters = (*queue)->list(arguments.queue, context.stop);
    if (!letters) {
        say(letters.error().message);
        return exitCodeOf(letters.error());
    }
    sayNotices((*queue)->notices());
    for (const core::DeadLetter& letter : *letters) {
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
