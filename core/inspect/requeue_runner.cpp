// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/requeue.h"

#include "event/json.h"

#include <fmt/format.h>

#include <utility>

namespace eventscope::core {

namespace {

constexpr std::string_view kOnlyHidden
    = "hidden on this machine only: this technology cannot delete it, it stays where it is until its retention ends";
constexpr std::string_view kPerhapsBack = "interrupted while it was being put back: it may be there or not; look";
constexpr std::string_view kNotReached = "not sent: the run ended before its turn";

/// A failure that will meet the next letter as well.
bool endsTheRun(ErrorCode code)
{
    return code == ErrorCode::Unreachable || code == ErrorCode::Refused || code == ErrorCode::InDoubt
        || code == ErrorCode::DiskFull || code == ErrorCode::ReadOnly;
}

} // namespace

std::string_view toString(RequeueOutcome outcome)
{
    switch (outcome) {
    case RequeueOutcome::Requeued: return "requeued";
    case RequeueOutcome::Skipped: return "skipped";
    case RequeueOutcome::Failed: return "failed";
    case RequeueOutcome::InDoubt: return "in-doubt";
    case RequeueOutcome::Discarded: return "discarded";
    case RequeueOutcome::Restored: return "restored";
    }
    return "failed";
}

void appendOutcomeJson(std::string& out, const LetterOutcome& outcome)
{
    Json json;
    json.set("id", outcome.id);
    json.set("outcome", toString(outcome.outcome));
    if (!outcome.reason.empty())
        json.set("reason", outcome.reason);
    json.dumpTo(out);
}

RequeueRunner::RequeueRunner(DeadLetterQueue& queue, Journal& journal, Clock& clock, IdGenerator& ids)
    : m_queue(queue), m_journal(journal), m_clock(clock), m_ids(ids)
{
}

Status RequeueRunner::recover(std::string_view source, const OutcomeHandler& report)
{
    const auto lock = m_journal.lockRuns(source);
    if (!lock)
        return std::unexpected(lock.error());
    const auto open = m_journal.unfinished(source);
    if (!open)
        return std::unexpected(open.error());
    for (const JournalEntry& entry : *open) {
        if (Status done = recoverOne(entry, report); !done)
            return done;
    }
    return {};
}

Status RequeueRunner::recoverOne(const JournalEntry& entry, const OutcomeHandler& report)
{
    if (entry.state == WriteState::Planned)
        return m_journal.record(entry.id, WriteState::Skipped, kNotReached);
    if (entry.kind == WriteKind::Append || entry.kind == WriteKind::Import || entry.kind == WriteKind::SagaRetry)
        return m_journal.record(entry.id, WriteState::InDoubt, "the program ended while this was being written");
    const Result<DeadLetter> letter = m_journal.letterOf(entry.id);
    if (!letter)
        return std::unexpected(letter.error());
    if (entry.kind != WriteKind::Requeue)
        return finishRemoval(entry, *letter, report);
    if (entry.state == WriteState::Sent)
        return acknowledge(*letter, entry.id, "sent before the interruption", report);
    return settleOne(entry, *letter, report);
}

Status RequeueRunner::settleOne(const JournalEntry& entry, const DeadLetter& letter, const OutcomeHandler& report)
{
    const Result<SendState> fate = m_queue.settleAt(entry.target, entry.sendId, letter);
    if (!fate)
        return std::unexpected(fate.error());
    const bool wasInDoubt = entry.state == WriteState::InDoubt;
    switch (*fate) {
    case SendState::Arrived:
        if (Status noted = m_journal.record(entry.id, WriteState::Sent, "found at its target"); !noted)
            return noted;
        return acknowledge(letter, entry.id, "found at its target after an interruption", report);
    case SendState::NotArrived:
        if (wasInDoubt)
            report({letter.id, RequeueOutcome::Skipped, "it has not arrived, and can be sent again"});
        return m_journal.record(entry.id, WriteState::Skipped, "not sent: interrupted before it left");
    case SendState::Unknown: break;
    }
    const std::string reason = wasInDoubt ? entry.reason : "interrupted while it was being sent: it may have arrived";
    if (!wasInDoubt) {
        if (Status noted = m_journal.record(entry.id, WriteState::InDoubt, reason); !noted)
            return noted;
    }
    report({letter.id, RequeueOutcome::InDoubt, reason});
    return {};
}

Status RequeueRunner::settleDoubts(std::string_view source, const OutcomeHandler& report)
{
    const auto lock = m_journal.lockRuns(source);
    if (!lock)
        return std::unexpected(lock.error());
    const auto doubts = m_journal.inDoubt(source);
    if (!doubts)
        return std::unexpected(doubts.error());
    for (const JournalEntry& entry : *doubts) {
        if (entry.kind != WriteKind::Requeue)
            continue;
        const Result<DeadLetter> letter = m_journal.letterOf(entry.id);
        if (!letter)
            return std::unexpected(letter.error());
        if (Status settled = settleOne(entry, *letter, report); !settled)
            return settled;
    }
    return {};
}

/// A discard or a restore that was cut off: doing it once more is harmless, or left to people.
Status RequeueRunner::finishRemoval(const JournalEntry& entry, const DeadLetter& letter, const OutcomeHandler& report)
{
    const bool discarding = entry.kind == WriteKind::Discard;
    if (!discarding && !m_queue.capabilities().restoreTwice) {
        report({letter.id, RequeueOutcome::InDoubt, std::string(kPerhapsBack)});
        return m_journal.record(entry.id, WriteState::InDoubt, kPerhapsBack);
    }
    const Status done = discarding ? m_queue.discard(letter) : m_queue.restore(letter);
    if (!done && !(discarding && done.error().code == ErrorCode::NotFound))
        return done;
    report({letter.id, discarding ? RequeueOutcome::Discarded : RequeueOutcome::Restored,
        "finished after an interruption"});
    return m_journal.record(entry.id, WriteState::Done);
}

Status RequeueRunner::run(const RequeuePlan& plan, const OutcomeHandler& report, std::stop_token stop)
{
    const auto lock = m_journal.lockRuns(plan.source);
    if (!lock)
        return std::unexpected(lock.error());
    std::vector<std::string> sendIds;
    std::vector<Journal::Item> items;
    sendIds.reserve(plan.letters.size());
    for (const PlannedLetter& planned : plan.letters) {
        sendIds.push_back(m_ids.next());
        items.push_back({planned.letter.id, planned.letter.queue, sendIds.back(), &planned.letter});
    }
    const auto entries = m_journal.plan({WriteKind::Requeue, plan.source, plan.target, {}}, items);
    if (!entries)
        return std::unexpected(entries.error());
    for (const LeftOut& left : plan.leftOut)
        report({left.id, RequeueOutcome::Skipped, left.reason});

    const Timestamp start = m_clock.now();
    std::size_t next = 0;
    Status result;
    for (; next < plan.letters.size(); ++next) {
        if (!waitForTurn(plan.rate.dueAfter(next), start, stop))
            break;
        const PlannedLetter& planned = plan.letters[next];
        const Requeue requeue{sendIds[next], planned.letter, plan.target, planned.data, planned.resendsDoubt};
        result = sendOne(requeue, (*entries)[next], report);
        if (!result) {
            ++next;
            break;
        }
    }
    const std::string why = result ? std::string(kNotReached) : "not sent: the run ended, " + result.error().message;
    for (; next < plan.letters.size(); ++next) {
        if (Status noted = m_journal.record((*entries)[next], WriteState::Skipped, why); !noted)
            return noted;
        report({plan.letters[next].letter.id, RequeueOutcome::Skipped, why});
    }
    return result;
}

/// An error is one that ends the run; a letter that is merely refused is reported and no error.
Status RequeueRunner::sendOne(const Requeue& requeue, std::int64_t entry, const OutcomeHandler& report)
{
    if (Status noted = m_journal.record(entry, WriteState::Sending); !noted)
        return noted; // without its entry nothing is sent
    const Status sent = m_queue.send(requeue);
    if (sent) {
        if (Status noted = m_journal.record(entry, WriteState::Sent); !noted)
            return noted;
        return acknowledge(requeue.letter, entry, {}, report);
    }
    const bool doubt = sent.error().code == ErrorCode::InDoubt;
    if (Status noted = m_journal.record(entry, doubt ? WriteState::InDoubt : WriteState::Failed, sent.error().message);
        !noted)
        return noted;
    report({requeue.letter.id, doubt ? RequeueOutcome::InDoubt : RequeueOutcome::Failed, sent.error().message});
    return endsTheRun(sent.error().code) ? sent : Status();
}

Status RequeueRunner::acknowledge(
    const DeadLetter& letter, std::int64_t entry, std::string_view sentReason, const OutcomeHandler& report)
{
    if (!m_queue.capabilities().acknowledge) {
        report({letter.id, RequeueOutcome::Requeued, std::string(sentReason)});
        return m_journal.record(entry, WriteState::Done, "sent; this technology keeps the dead letter where it is");
    }
    const Status removed = m_queue.acknowledge(letter);
    if (removed || removed.error().code == ErrorCode::NotFound) {
        if (Status noted = m_journal.record(entry, WriteState::Done, sentReason); !noted)
            return noted;
        report({letter.id, RequeueOutcome::Requeued, std::string(sentReason)});
        return {};
    }
    const std::string reason = "sent, but its dead letter could not be removed: " + removed.error().message;
    report({letter.id, RequeueOutcome::Requeued, reason});
    if (Status noted = m_journal.record(entry, WriteState::Sent, reason); !noted)
        return noted;
    return endsTheRun(removed.error().code) ? removed : Status();
}

Status RequeueRunner::discard(
    std::string_view source, const std::vector<DeadLetter>& letters, const OutcomeHandler& report)
{
    if (!m_queue.capabilities().discard)
        return fail(ErrorCode::Unsupported, fmt::format("{} cannot delete a single dead letter.", source));
    const auto lock = m_journal.lockRuns(source);
    if (!lock)
        return std::unexpected(lock.error());
    std::vector<DeadLetter> kept(letters);
    std::vector<Status> keeping;
    std::vector<Journal::Item> items;
    for (DeadLetter& letter : kept) {
        Result<std::string> keepsake = m_queue.keepsake(letter);
        if (!keepsake && keepsake.error().code == ErrorCode::Unreachable)
            return std::unexpected(keepsake.error()); // nothing was removed
        keeping.push_back(keepsake ? Status() : std::unexpected(keepsake.error()));
        letter.keepsake = std::move(keepsake).value_or(std::string());
        items.push_back({letter.id, letter.queue, {}, &letter});
    }
    const auto entries = m_journal.plan({WriteKind::Discard, std::string(source), {}, {}}, items);
    if (!entries)
        return std::unexpected(entries.error());
    for (std::size_t i = 0; i < kept.size(); ++i) {
        if (Status noted = m_journal.record((*entries)[i], WriteState::Sending); !noted)
            return noted;
        const Status removed = keeping[i] ? m_queue.discard(kept[i]) : keeping[i];
        const std::string reason = removed ? std::string() : removed.error().message;
        if (Status noted = m_journal.record((*entries)[i], removed ? WriteState::Done : WriteState::Failed, reason);
            !noted)
            return noted;
        const bool isHidden = removed && m_queue.capabilities().discardHides;
        report({kept[i].id, removed ? RequeueOutcome::Discarded : RequeueOutcome::Failed,
            isHidden ? std::string(kOnlyHidden) : reason});
    }
    return {};
}

Status RequeueRunner::restore(const JournalEntry& discarded, const OutcomeHandler& report)
{
    if (!m_queue.capabilities().restore)
        return fail(ErrorCode::Unsupported, fmt::format("{} cannot put a dead letter back.", discarded.source));
    const Result<DeadLetter> letter = m_journal.letterOf(discarded.id);
    if (!letter)
        return std::unexpected(letter.error());
    const auto lock = m_journal.lockRuns(discarded.source);
    if (!lock)
        return std::unexpected(lock.error());
    const Journal::Item item{letter->id, letter->queue, {}, &*letter};
    const auto entries = m_journal.plan({WriteKind::Restore, discarded.source, {}, {}}, std::span(&item, 1));
    if (!entries)
        return std::unexpected(entries.error());
    if (Status noted = m_journal.record(entries->front(), WriteState::Sending); !noted)
        return noted;
    if (Status put = m_queue.restore(*letter); !put) {
        const bool isDoubtful = put.error().code == ErrorCode::InDoubt;
        const WriteState state = isDoubtful ? WriteState::InDoubt : WriteState::Failed;
        if (Status noted = m_journal.record(entries->front(), state, put.error().message); !noted)
            return noted;
        return put;
    }
    report({letter->id, RequeueOutcome::Restored, {}});
    return m_journal.record(entries->front(), WriteState::Done);
}

bool RequeueRunner::waitForTurn(std::chrono::microseconds due, Timestamp start, std::stop_token stop)
{
    constexpr std::chrono::milliseconds pauseCheck{50};
    while (m_paused && !stop.stop_requested())
        m_clock.sleepFor(pauseCheck, stop);
    if (stop.stop_requested())
        return false;
    return due.count() == 0 || m_clock.sleepUntil(start + due, stop);
}

} // namespace eventscope::core
