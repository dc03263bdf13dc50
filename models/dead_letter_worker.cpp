// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dead_letter_worker.h"

#include <algorithm>
#include <set>
#include <utility>

#include <fmt/format.h>

namespace eventscope::models {

using core::ErrorCode;
using core::Result;
using core::Status;

namespace {

bool isUnlocked(const DeadLetterDesk& desk)
{
    return desk.isUnlocked && desk.isUnlocked();
}

bool sameDesk(const DeadLettersSeen::Desk& a, const DeadLettersSeen::Desk& b)
{
    return a.source == b.source && a.problem == b.problem && a.doubts == b.doubts && a.unfinished == b.unfinished
        && a.letters == b.letters;
}

bool same(const DeadLettersSeen& a, const DeadLettersSeen& b)
{
    return a.journalProblem == b.journalProblem && std::ranges::equal(a.desks, b.desks, sameDesk)
        && std::ranges::equal(
            a.groups, b.groups, {}, [](const auto& group) { return group.cause.trend; },
            [](const auto& group) { return group.cause.trend; });
}

std::string seconds(std::chrono::microseconds time)
{
    return fmt::format("+{:.1f} s", static_cast<double>(time.count()) / 1e6);
}

} // namespace

DeadLetterWorker::DeadLetterWorker(core::Clock& clock, OpenJournal openJournal)
    : m_clock(clock), m_openJournal(std::move(openJournal)), m_ids(clock)
{
}

void DeadLetterWorker::setDesks(std::vector<DeadLetterDesk> desks)
{
    std::vector<Open> next;
    for (DeadLetterDesk& desk : desks) {
        const auto before = std::ranges::find(m_desks, desk.source, [](const Open& o) { return o.desk.source; });
        Open open;
        if (before != m_desks.end()) {
            open.queue = before->queue;
            open.recovered = before->recovered;
            open.writable = before->writable;
        }
        open.desk = std::move(desk);
        next.push_back(std::move(open));
    }
    m_desks = std::move(next);
}

Status DeadLetterWorker::ensureJournal()
{
    if (m_journal)
        return {};
    Result<std::shared_ptr<core::Journal>> journal = m_openJournal();
    if (!journal)
        return std::unexpected(journal.error());
    m_journal = std::move(*journal);
    return {};
}

Status DeadLetterWorker::ensureOpen(Open& open)
{
    // A source that was locked or unlocked since is opened anew: nothing is held for writing that must not be.
    const bool unlocked = isUnlocked(open.desk);
    if (open.queue && open.writable == unlocked)
        return {};
    open.queue.reset();
    open.writable = unlocked;
    Result<std::shared_ptr<core::DeadLetterQueue>> queue = open.desk.open();
    if (!queue)
        return std::unexpected(queue.error());
    open.queue = std::move(*queue);
    return {};
}

Result<DeadLetterWorker::Open*> DeadLetterWorker::ready(const std::string& source)
{
    if (Status journal = ensureJournal(); !journal)
        return std::unexpected(journal.error());
    const auto found = std::ranges::find(m_desks, source, [](const Open& open) { return open.desk.source; });
    if (found == m_desks.end())
        return core::fail(ErrorCode::NotFound, fmt::format("{} is no longer open. Open it again.", source));
    if (Status open = ensureOpen(*found); !open)
        return std::unexpected(open.error());
    return &*found;
}

Result<DeadLetterWorker::Open*> DeadLetterWorker::readyToWrite(const std::string& source)
{
    Result<Open*> open = ready(source);
    if (open && !isUnlocked((*open)->desk))
        return core::fail(ErrorCode::Refused, fmt::format("{} is read-only. Unlock it first.", source));
    if (open)
        recover(**open);
    return open;
}

void DeadLetterWorker::recover(Open& open)
{
    if (open.recovered || !isUnlocked(open.desk))
        return;
    core::RequeueRunner runner(*open.queue, *m_journal, m_clock, m_ids);
    // What stays in doubt is read from the journal at each look; a lock held by another program's run
    // is no failure: its letters are not ours to recover yet.
    open.recovered = runner.recover(open.desk.source, [](const core::LetterOutcome&) {}).has_value();
}

void DeadLetterWorker::lookAt(Open& open, DeadLettersSeen::Desk& desk, std::stop_token stop)
{
    desk.source = open.desk.source;
    if (Status opened = ensureOpen(open); !opened) {
        desk.problem = opened.error().message;
        return;
    }
    desk.capabilities = open.queue->capabilities();
    if (m_journal) {
        recover(open);
        if (const auto doubts = m_journal->inDoubt(desk.source)) {
            for (const core::JournalEntry& entry : *doubts)
                desk.doubts[entry.letterId] = entry.changedAt;
        }
        if (const auto unfinished = m_journal->unfinished(desk.source))
            desk.unfinished = unfinished->size();
    }
    Result<std::vector<core::DeadLetter>> letters = open.queue->list({}, stop);
    if (letters) {
        desk.letters = std::move(*letters);
        return;
    }
    desk.problem = letters.error().message;
    if (letters.error().code == ErrorCode::Unreachable)
        open.queue.reset(); // opened anew at the next look
}

void DeadLetterWorker::group(DeadLettersSeen& seen) const
{
    const core::Timestamp now = m_clock.now();
    for (std::size_t i = 0; i < seen.desks.size(); ++i) {
        for (core::DeadLetterGroup& cause : core::groupByCause(seen.desks[i].letters, now))
            seen.groups.push_back({i, std::move(cause)});
    }
    std::ranges::stable_sort(seen.groups, std::greater{}, [](const auto& group) { return group.cause.letters.size(); });
}

DeadLettersSeenPtr DeadLetterWorker::look(std::stop_token stop)
{
    auto seen = std::make_shared<DeadLettersSeen>();
    if (Status journal = ensureJournal(); !journal)
        seen->journalProblem = journal.error().message;
    seen->desks.resize(m_desks.size());
    for (std::size_t i = 0; i < m_desks.size() && !stop.stop_requested(); ++i)
        lookAt(m_desks[i], seen->desks[i], stop);
    if (stop.stop_requested())
        return nullptr;
    group(*seen);
    if (m_last && same(*m_last, *seen))
        return nullptr;
    m_last = std::move(seen);
    return m_last;
}

Result<LetterPasts> DeadLetterWorker::pasts(
    const std::string& source, const std::vector<core::DeadLetter>& letters, std::stop_token stop)
{
    const Result<Open*> open = ready(source);
    if (!open)
        return std::unexpected(open.error());
    LetterPasts pasts;
    for (const core::DeadLetter& letter : letters) {
        if (stop.stop_requested())
            break;
        LetterPast past;
        if (const auto newer = (*open)->queue->newerOfSameKey(letter))
            past.newerOfSameKey = *newer;
        if (const auto earlier = m_journal->earlierRequeues(source, letter); earlier && !earlier->empty())
            past.requeuedBefore = earlier->front().changedAt;
        pasts.emplace(letter.id, past);
    }
    return pasts;
}

Result<core::RequeuePlan> DeadLetterWorker::plan(const core::RequeueRequest& request)
{
    const Result<Open*> open = ready(request.source);
    if (!open)
        return std::unexpected(open.error());
    return core::makeRequeuePlan(request, *(*open)->queue, *m_journal, m_clock);
}

Status DeadLetterWorker::dryRun(const FrozenPlan& frozen, const core::OutcomeHandler& report, std::stop_token stop)
{
    const Result<Open*> open = ready(frozen.plan.source);
    if (!open)
        return std::unexpected(open.error());
    const auto there = (*open)->queue->list({}, stop);
    if (!there)
        return std::unexpected(there.error());
    std::set<std::string_view> ids;
    for (const core::DeadLetter& letter : *there)
        ids.insert(letter.id);
    core::RequeueRequest request = frozen.request;
    request.letters.clear();
    for (const core::DeadLetter& letter : frozen.request.letters) {
        if (ids.contains(letter.id))
            request.letters.push_back(letter);
        else
            report({letter.id, core::RequeueOutcome::Failed, "it is no longer there"});
    }
    const Result<core::RequeuePlan> plan = core::makeRequeuePlan(request, *(*open)->queue, *m_journal, m_clock);
    if (!plan)
        return std::unexpected(plan.error());
    for (const core::LeftOut& left : plan->leftOut)
        report({left.id, core::RequeueOutcome::Skipped, left.reason});
    for (std::size_t i = 0; i < plan->letters.size(); ++i) {
        const core::DeadLetter& letter = plan->letters[i].letter;
        const std::string& target = frozen.plan.target.empty() ? homeOf(letter) : frozen.plan.target;
        report({letter.id, core::RequeueOutcome::Requeued,
            fmt::format("to {} at {}", target, seconds(frozen.plan.rate.dueAfter(i)))});
    }
    return {};
}

Status DeadLetterWorker::requeue(const core::RequeuePlan& plan, const core::OutcomeHandler& report,
    const std::function<void(core::RequeueRunner*)>& runner, std::stop_token stop)
{
    const Result<Open*> open = readyToWrite(plan.source);
    if (!open)
        return std::unexpected(open.error());
    const std::shared_ptr<core::DeadLetterQueue> queue = (*open)->queue;
    core::RequeueRunner running(*queue, *m_journal, m_clock, m_ids);
    runner(&running);
    Status done = running.run(plan, report, stop);
    runner(nullptr);
    return done;
}

Status DeadLetterWorker::discard(const std::string& source, const std::vector<core::DeadLetter>& letters,
    const core::OutcomeHandler& report, std::vector<core::JournalEntry>& discarded)
{
    const Result<Open*> open = readyToWrite(source);
    if (!open)
        return std::unexpected(open.error());
    const core::Timestamp start = m_clock.now();
    core::RequeueRunner runner(*(*open)->queue, *m_journal, m_clock, m_ids);
    std::set<std::string, std::less<>> gone;
    Status done = runner.discard(source, letters, [&](const core::LetterOutcome& outcome) {
        if (outcome.outcome == core::RequeueOutcome::Discarded)
            gone.insert(outcome.id);
        report(outcome);
    });
    if (!(*open)->queue->capabilities().restore)
        return done;
    const auto entries = m_journal->entries(start);
    if (!entries)
        return done ? std::unexpected(entries.error()) : done;
    std::ranges::copy_if(*entries, std::back_inserter(discarded), [&](const core::JournalEntry& entry) {
        return entry.kind == core::WriteKind::Discard && entry.state == core::WriteState::Done && entry.source == source
            && gone.contains(entry.letterId);
    });
    return done;
}

Status DeadLetterWorker::settle(const std::string& source, const core::OutcomeHandler& report)
{
    const Result<Open*> open = readyToWrite(source); // what is found is acknowledged
    if (!open)
        return std::unexpected(open.error());
    core::RequeueRunner runner(*(*open)->queue, *m_journal, m_clock, m_ids);
    return runner.settleDoubts(source, report);
}

Status DeadLetterWorker::restore(const std::vector<core::JournalEntry>& discarded, const core::OutcomeHandler& report)
{
    for (const core::JournalEntry& entry : discarded) {
        const Result<Open*> open = readyToWrite(entry.source);
        if (!open)
            return std::unexpected(open.error());
        core::RequeueRunner runner(*(*open)->queue, *m_journal, m_clock, m_ids);
        if (Status done = runner.restore(entry, report); !done)
            return done;
    }
    return {};
}

} // namespace eventscope::models
