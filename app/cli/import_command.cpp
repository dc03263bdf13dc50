// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/command.h"
#include "cli/import_target.h"
#include "cli/journalled_write.h"
#include "cli/opened_source.h"
#include "event/clock.h"
#include "event/json.h"
#include "sources/file_source_opener.h"

#include <fmt/format.h>

namespace eventscope::app {

namespace {

ExitCode refuse(std::string_view sentence, ExitCode code = ExitCode::Refused)
{
    say(sentence);
    return code;
}

std::string summaryOf(const ImportTarget::Figures& figures)
{
    core::Json json;
    json.set("imported", static_cast<std::int64_t>(figures.written));
    json.set("alreadyThere", static_cast<std::int64_t>(figures.alreadyThere));
    json.set("idsMade", static_cast<std::int64_t>(figures.idsMade));
    json.set("timesMade", static_cast<std::int64_t>(figures.timesMade));
    return json.dump();
}

/// Takes everything from the file; the failure that ended it, if one did.
core::Status importAll(core::Source& source, ImportTarget& target, const std::stop_token& stop)
{
    const auto receipt = source.read({}, target.sink(), stop);
    if (const core::Status finished = target.finish(); !finished) {
        return finished;
    }
    if (!receipt) {
        return std::unexpected(receipt.error());
    }
    if (stop.stop_requested()) {
        return core::fail(core::ErrorCode::Cancelled, "it was interrupted.");
    }
    return receipt->complete ? core::Status() : core::fail(core::ErrorCode::Unparsable, receipt->stoppedBecause + '.');
}

} // namespace

ExitCode runCommand(const ImportArguments& arguments, CommandContext& context)
{
    if (!arguments.unlock) {
        return refuse(
            fmt::format("{} is locked: nothing was written; add --unlock to allow it.", arguments.target.display()));
    }
    core::SystemClock clock;
    SourceUrl from;
    from.scheme = SourceScheme::File;
    from.path = arguments.file;
    const auto source = openFileSource(from, nameOf(from), FileUse::Command, clock);
    if (!source) {
        return refuse(source.error().message, exitCodeOfOpening(source.error()));
    }
    const auto target = openImportTarget(arguments.target,
        arguments.renumber ? core::EventImport::Versions::Given : core::EventImport::Versions::Kept, clock);
    if (!target) {
        const core::Error& error = target.error();
        return refuse(
            error.message, error.code == core::ErrorCode::Unsupported ? ExitCode::Refused : exitCodeOfOpening(error));
    }
    auto write = JournalledWrite::begin(
        core::WriteKind::Import, arguments.target, from.display(), "events of " + from.display(), clock);
    if (!write) {
        return refuse("nothing was written, because the journal cannot take note of it: " + write.error().message);
    }
    const core::Status done = importAll(**source, **target, context.stop);
    const std::string figures = fmt::format("{} events", (*target)->figures().written);
    context.out.line(summaryOf((*target)->figures()));
    if (done) {
        write->end(core::WriteState::Done, figures);
        return ExitCode::Done;
    }
    // What was written stays; the journal tells how much that is.
    const bool isInDoubt = done.error().code == core::ErrorCode::InDoubt;
    write->end(isInDoubt ? core::WriteState::InDoubt : core::WriteState::Failed,
        fmt::format("{} were written, then: {}", figures, done.error().message));
    say(done.error().message);
    say(fmt::format("{} were imported before that; {}", figures,
        (*target)->knowsWhatIsThere()
            ? "run it again when it is mended: what is there already is recognised."
            : "a topic takes them a second time when it is run again: leave them out of the file then."));
    return exitCodeOf(done.error());
}

} // namespace eventscope::app
