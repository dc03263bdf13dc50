// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/command.h"
#include "cli/letter_desk.h"
#include "cli/letter_filter.h"
#include "event/json.h"
#include "inspect/requeue.h"

#include <fmt/format.h>

#include <algorithm>
#include <expected>
#include <fstream>
#include <iterator>
#include <memory>
#include <optional>

namespace eventscope::app {

using core::DeadLetter;
using core::ErrorCode;
using core::Result;

namespace {

Result<std::optional<core::JsonPatch>> readPatch(const std::string& file)
{
    if (file.empty()) {
        return std::nullopt;
    }
    std::ifstream in(file, std::ios::binary);
    if (!in) {
        return fail(ErrorCode::InvalidArgument, fmt::format("The patch {} cannot be read.", file));
    }
    const std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    const auto json = core::Json::parse(text);
    auto patch = json ? core::patchFromJson(*json) : std::unexpected(json.error());
    if (!patch) {
        return fail(ErrorCode::InvalidArgument,
            fmt::format("{} is no JSON Patch (RFC 6902): {}.", file, patch.error().message));
    }
    return std::move(*patch);
}

/// Prints each outcome, and remembers whether all went well.
class Outcomes {
public:
    explicit Outcomes(CommandContext& context) : m_context(context) { }

    void operator()(const core::LetterOutcome& outcome)
    {
        std::string line;
        core::appendOutcomeJson(line, outcome);
        m_context.out.line(line);
        m_context.out.flush(); // whoever watches sees it while the next one is sent
        m_failed = m_failed || outcome.outcome == core::RequeueOutcome::Failed
            || outcome.outcome == core::RequeueOutcome::InDoubt;
    }
    ExitCode code() const { return m_failed ? ExitCode::Refused : ExitCode::Done; }

private:
    CommandContext& m_context;
    bool m_failed = false;
};

/// Those of the given ids, in the order of the list; an id that is not there is a failed one.
std::vector<DeadLetter> chooseByIds(
    const std::vector<DeadLetter>& letters, const std::vector<std::string>& ids, Outcomes& outcomes)
{
    std::vector<DeadLetter> chosen;
    std::ranges::copy_if(letters, std::back_inserter(chosen),
        [&](const DeadLetter& letter) { return std::ranges::find(ids, letter.id) != ids.end(); });
    for (const std::string& id : ids) {
        if (std::ranges::find(chosen, id, &DeadLetter::id) == chosen.end()) {
            outcomes({id, core::RequeueOutcome::Failed, "there is no dead letter of this id"});
        }
    }
    return chosen;
}

Result<core::RequeueRequest> requestOf(
    const RequeueArguments& arguments, core::DeadLetterQueue& queue, CommandContext& context, Outcomes& outcomes)
{
    auto patch = readPatch(arguments.edit);
    if (!patch) {
        return std::unexpected(patch.error());
    }
    auto listed = queue.list(arguments.queue, context.stop);
    if (!listed) {
        return std::unexpected(listed.error());
    }
    sayNotices(queue.notices());
    if (arguments.filter) {
        std::erase_if(*listed,
            [&](const DeadLetter& letter) { return matchLetter(*arguments.filter, letter) != core::FilterMatch::Yes; });
    }
    core::RequeueRequest request;
    request.source = journalNameOf(arguments.source);
    request.target = arguments.to;
    request.letters = arguments.ids.empty() ? std::move(*listed) : chooseByIds(*listed, arguments.ids, outcomes);
    request.edit = std::move(*patch);
    request.rate.perSecond = arguments.rate;
    // Whoever names a letter means it, whatever became of it before.
    request.resendDone = request.resendDoubts = !arguments.ids.empty();
    return request;
}

void printDryRun(const core::RequeuePlan& plan, const core::DeadLetterQueue& queue, CommandContext& context)
{
    for (const core::LeftOut& left : plan.leftOut) {
        std::string line;
        core::appendOutcomeJson(line, {left.id, core::RequeueOutcome::Skipped, left.reason});
        context.out.line(line);
    }
    for (const core::PlannedLetter& planned : plan.letters) {
        core::Json json;
        const std::string target = plan.target.empty() ? queue.returnsTo(planned.letter) : plan.target;
        json.set("id", planned.letter.id);
        json.set("outcome", "skipped");
        json.set("reason", fmt::format("dry run: would go to {}{}", target, planned.edited ? ", edited" : ""));
        context.out.line(json.dump());
    }
}

ExitCode failed(const core::Error& error)
{
    say(error.message);
    return error.code == ErrorCode::InvalidArgument ? ExitCode::Usage : exitCodeOf(error);
}

/// The letters of a source, the journal, and who writes to both.
struct LetterWork {
    /// Or the command's exit code, after a sentence about what could not be opened.
    static std::expected<std::unique_ptr<LetterWork>, ExitCode> open(
        const SourceUrl& source, LetterAccess access, CommandContext& context);

    core::SystemClock clock;
    std::shared_ptr<core::DeadLetterQueue> queue;
    std::unique_ptr<core::Journal> journal;
    core::UuidV7Generator ids{clock};
    std::optional<core::RequeueRunner> runner;
};

std::expected<std::unique_ptr<LetterWork>, ExitCode> LetterWork::open(
    const SourceUrl& source, LetterAccess access, CommandContext& context)
{
    auto work = std::make_unique<LetterWork>();
    auto queue = openLetters(source, access, context.stop);
    if (!queue) {
        say(queue.error().message);
        return std::unexpected(exitCodeOfOpening(queue.error()));
    }
    work->queue = std::move(*queue);
    auto journal = core::Journal::open(core::Journal::defaultFile(), work->clock);
    if (!journal) {
        say(journal.error().message);
        return std::unexpected(ExitCode::Refused);
    }
    work->journal = std::move(*journal);
    work->runner.emplace(*work->queue, *work->journal, work->clock, work->ids);
    return work;
}

} // namespace

ExitCode runCommand(const RequeueArguments& arguments, CommandContext& context)
{
    if (!arguments.unlock && !arguments.dryRun) {
        say(fmt::format("{} is locked: nothing was sent; add --unlock to allow it, or --dry-run to see what would go.",
            arguments.source.display()));
        return ExitCode::Refused;
    }
    const auto work
        = LetterWork::open(arguments.source, arguments.dryRun ? LetterAccess::Look : LetterAccess::Write, context);
    if (!work) {
        return work.error();
    }
    LetterWork& letters = **work;
    Outcomes outcomes(context);
    const auto report = [&](const core::LetterOutcome& outcome) { outcomes(outcome); };
    if (!arguments.dryRun) {
        if (const auto recovered = letters.runner->recover(journalNameOf(arguments.source), report); !recovered) {
            return failed(recovered.error());
        }
    }
    auto request = requestOf(arguments, *letters.queue, context, outcomes);
    if (!request) {
        return failed(request.error());
    }
    const auto plan = core::makeRequeuePlan(*request, *letters.queue, *letters.journal, letters.clock);
    if (!plan) {
        return failed(plan.error());
    }
    for (const std::string& warning : plan->warnings) {
        say(warning);
    }
    if (arguments.dryRun) {
        printDryRun(*plan, *letters.queue, context);
        return outcomes.code();
    }
    if (const auto done = letters.runner->run(*plan, report, context.stop); !done) {
        return failed(done.error());
    }
    return outcomes.code();
}

namespace {

/// The latest discard of that letter that was not undone since.
std::optional<core::JournalEntry> discardOf(
    const std::vector<core::JournalEntry>& entries, std::string_view source, std::string_view id)
{
    std::optional<core::JournalEntry> found;
    for (const core::JournalEntry& entry : entries) {
        if (entry.source != source || entry.letterId != id || entry.state != core::WriteState::Done) {
            continue;
        }
        if (entry.kind == core::WriteKind::Discard) {
            found = entry;
        } else if (entry.kind == core::WriteKind::Restore) {
            found.reset();
        }
    }
    return found;
}

ExitCode undoDiscard(const DiscardArguments& arguments, LetterWork& work, Outcomes& outcomes)
{
    const auto entries = work.journal->entries();
    if (!entries) {
        return failed(entries.error());
    }
    const auto report = [&](const core::LetterOutcome& outcome) { outcomes(outcome); };
    for (const std::string& id : arguments.ids) {
        const auto discarded = discardOf(*entries, journalNameOf(arguments.source), id);
        if (!discarded) {
            outcomes({id, core::RequeueOutcome::Failed,
                "the journal has no letter of this id that was discarded here and not put back"});
            continue;
        }
        if (const auto done = work.runner->restore(*discarded, report); !done) {
            if (!work.queue->capabilities().restore) {
                return failed(done.error());
            }
            const bool isDoubtful = done.error().code == ErrorCode::InDoubt;
            outcomes(
                {id, isDoubtful ? core::RequeueOutcome::InDoubt : core::RequeueOutcome::Failed, done.error().message});
        }
    }
    return outcomes.code();
}

} // namespace

ExitCode runCommand(const DiscardArguments& arguments, CommandContext& context)
{
    if (!arguments.unlock) {
        say(fmt::format("{} is locked: nothing was {}; add --unlock to allow it.", arguments.source.display(),
            arguments.undo ? "put back" : "discarded"));
        return ExitCode::Refused;
    }
    const auto work = LetterWork::open(arguments.source, LetterAccess::Write, context);
    if (!work) {
        return work.error();
    }
    Outcomes outcomes(context);
    if (arguments.undo) {
        return undoDiscard(arguments, **work, outcomes);
    }
    const auto report = [&](const core::LetterOutcome& outcome) { outcomes(outcome); };
    const auto listed = (*work)->queue->list({}, context.stop);
    if (!listed) {
        return failed(listed.error());
    }
    const auto letters = chooseByIds(*listed, arguments.ids, outcomes);
    if (const auto done = (*work)->runner->discard(journalNameOf(arguments.source), letters, report); !done) {
        return failed(done.error());
    }
    return outcomes.code();
}

} // namespace eventscope::app
