// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dead_letter_session.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace eventscope::models {

using namespace std::chrono_literals;

namespace {

constexpr auto kWatched = 1000ms;
constexpr auto kUnwatched = 5000ms;
/// How often a run looks between two letters.
constexpr auto kLookDuringRun = 1s;

} // namespace

DeadLetterSession::DeadLetterSession(core::Clock& clock, OpenJournal openJournal, QObject* parent)
    : QObject(parent)
    , m_clock(clock)
    , m_worker(clock, std::move(openJournal))
    , m_bell(33ms)
    , m_thread([this](std::stop_token stop) { work(stop); })
{
    connect(&m_bell, &FrameBell::rang, this, &DeadLetterSession::takeOutcomes);
    connect(&m_timer, &QTimer::timeout, this, &DeadLetterSession::look);
    m_timer.start(kUnwatched);
}

DeadLetterSession::~DeadLetterSession()
{
    m_runStop.request_stop();
    m_thread.request_stop();
    m_thread.join();
}

void DeadLetterSession::post(Task task)
{
    const std::scoped_lock lock(m_mutex);
    m_tasks.push_back(std::move(task));
    m_wake.notify_one();
}

void DeadLetterSession::work(std::stop_token stop)
{
    while (true) {
        Task task;
        {
            std::unique_lock lock(m_mutex);
            if (!m_wake.wait(lock, stop, [this] { return !m_tasks.empty(); }))
                break;
            task = std::move(m_tasks.front());
            m_tasks.pop_front();
        }
        if (stop.stop_requested())
            break;
        task(stop);
    }
    m_worker.setDesks({}); // queues are let go where they were used
}

void DeadLetterSession::onGui(std::function<void()> task)
{
    QMetaObject::invokeMethod(this, std::move(task), Qt::QueuedConnection);
}

void DeadLetterSession::setDesks(std::vector<DeadLetterDesk> desks)
{
    m_desks = desks;
    Q_EMIT desksChanged();
    post([this, desks = std::move(desks)](std::stop_token) mutable { m_worker.setDesks(std::move(desks)); });
    look();
}

bool DeadLetterSession::isUnlocked(std::string_view source) const
{
    const auto desk = std::ranges::find(m_desks, source, &DeadLetterDesk::source);
    return desk != m_desks.end() && desk->isUnlocked && desk->isUnlocked();
}

void DeadLetterSession::noteLockChanged()
{
    Q_EMIT lockChanged();
    look();
}

void DeadLetterSession::look()
{
    if (m_lookWaits.exchange(true))
        return;
    post([this](std::stop_token stop) {
        m_lookWaits = false;
        lookNow(stop);
    });
}

void DeadLetterSession::lookNow(std::stop_token stop)
{
    DeadLettersSeenPtr seen = m_worker.look(stop);
    if (!seen)
        return;
    m_workersSeen = seen;
    onGui([this, seen = std::move(seen)] {
        m_seen = seen;
        Q_EMIT seenChanged();
    });
}

void DeadLetterSession::setWatched(bool watched)
{
    m_timer.setInterval(watched ? kWatched : kUnwatched);
    if (watched)
        look();
}

void DeadLetterSession::examine(std::string source, std::vector<core::DeadLetter> letters)
{
    const std::uint64_t question = ++m_question;
    post([this, question, source = std::move(source), letters = std::move(letters)](std::stop_token stop) {
        if (question != m_question)
            return;
        core::Result<LetterPasts> pasts = m_worker.pasts(source, letters, stop);
        if (pasts)
            onGui(
                [this, source, found = std::move(*pasts)] { Q_EMIT examined(QString::fromStdString(source), found); });
    });
}

void DeadLetterSession::plan(core::RequeueRequest request)
{
    post([this, request = std::move(request)](std::stop_token) {
        core::Result<core::RequeuePlan> plan = m_worker.plan(request);
        if (!plan) {
            onGui([this, why = plan.error().message] { Q_EMIT refused(QString::fromStdString(why)); });
            return;
        }
        auto frozen = std::make_shared<const FrozenPlan>(FrozenPlan{request, std::move(*plan)});
        onGui([this, frozen = std::move(frozen)] { Q_EMIT planned(frozen); });
    });
}

void DeadLetterSession::begin(DeadLetterWork kind, std::string source, std::string target, std::size_t total)
{
    {
        const std::scoped_lock lock(m_mutex);
        m_fresh.clear();
        m_paused = false;
    }
    m_activity = DeadLetterActivity();
    m_activity.work = kind;
    m_activity.source = std::move(source);
    m_activity.target = std::move(target);
    m_activity.total = total;
    m_activity.running = true;
    m_runStop = std::stop_source();
    Q_EMIT activityChanged();
}

void DeadLetterSession::report(const core::LetterOutcome& outcome)
{
    {
        const std::scoped_lock lock(m_mutex);
        m_fresh.push_back(outcome);
    }
    m_bell.ring();
}

void DeadLetterSession::takeOutcomes()
{
    std::vector<core::LetterOutcome> fresh;
    {
        const std::scoped_lock lock(m_mutex);
        fresh.swap(m_fresh);
    }
    if (fresh.empty())
        return;
    std::ranges::move(fresh, std::back_inserter(m_activity.outcomes));
    Q_EMIT activityChanged();
}

void DeadLetterSession::finish(core::Status done, std::vector<core::JournalEntry> restorable)
{
    onGui([this, done = std::move(done), restorable = std::move(restorable)] {
        takeOutcomes();
        m_activity.running = false;
        m_activity.paused = false;
        m_activity.restorable = restorable;
        if (!done)
            m_activity.problem = done.error().message;
        Q_EMIT activityChanged();
        Q_EMIT activityFinished();
    });
}

void DeadLetterSession::dryRun(std::shared_ptr<const FrozenPlan> frozen)
{
    if (m_activity.running)
        return;
    begin(DeadLetterWork::DryRun, frozen->plan.source, frozen->plan.target, frozen->request.letters.size());
    post([this, frozen = std::move(frozen)](std::stop_token stop) {
        finish(m_worker.dryRun(
            *frozen, [this](const core::LetterOutcome& outcome) { report(outcome); }, stop));
    });
}

void DeadLetterSession::requeue(std::shared_ptr<const FrozenPlan> frozen, bool pauseOnReturn)
{
    if (m_activity.running)
        return;
    begin(DeadLetterWork::Requeue, frozen->plan.source, frozen->plan.target,
        frozen->plan.letters.size() + frozen->plan.leftOut.size());
    post([this, frozen = std::move(frozen), pauseOnReturn, stop = m_runStop.get_token()](
             std::stop_token) { runOnWorker(*frozen, pauseOnReturn, stop); });
}

void DeadLetterSession::runOnWorker(const FrozenPlan& frozen, bool pauseOnReturn, std::stop_token stop)
{
    const core::Timestamp start = m_clock.now();
    core::Timestamp looked = start;
    bool returned = false;
    std::vector<std::string> sent;
    const auto heard = [&](const core::LetterOutcome& outcome) {
        report(outcome);
        if (outcome.outcome == core::RequeueOutcome::Requeued)
            sent.push_back(outcome.id);
        if (stop.stop_requested() || m_clock.now() - looked < kLookDuringRun)
            return;
        looked = m_clock.now();
        lookNow(stop);
        if (!pauseOnReturn || returned || !hasReturned(frozen.plan, sent, start))
            return;
        returned = true;
        onGui([this] {
            if (!m_activity.running)
                return;
            setPaused(true);
            m_activity.notice = tr("Paused: a letter that was sent has come back.").toStdString();
            Q_EMIT activityChanged();
        });
    };
    core::Status done = m_worker.requeue(
        frozen.plan, heard, [this](core::RequeueRunner* runner) { setRunner(runner); }, stop);
    finish(std::move(done));
    lookNow({});
}

/// Whether a message that this run has sent is parked once more.
bool DeadLetterSession::hasReturned(
    const core::RequeuePlan& plan, const std::vector<std::string>& sent, core::Timestamp start) const
{
    const DeadLettersSeen::Desk* desk = m_workersSeen ? m_workersSeen->deskOf(plan.source) : nullptr;
    if (!desk)
        return false;
    std::vector<std::string_view> messages;
    for (const core::PlannedLetter& planned : plan.letters) {
        if (!planned.letter.original.id.empty() && std::ranges::find(sent, planned.letter.id) != sent.end())
            messages.push_back(planned.letter.original.id);
    }
    std::ranges::sort(messages);
    return std::ranges::any_of(desk->letters, [&](const core::DeadLetter& letter) {
        return letter.failedAt >= start && std::ranges::binary_search(messages, std::string_view(letter.original.id));
    });
}

void DeadLetterSession::setRunner(core::RequeueRunner* runner)
{
    const std::scoped_lock lock(m_mutex);
    m_runner = runner;
    if (m_runner)
        m_runner->pause(m_paused);
}

void DeadLetterSession::discard(std::string source, std::vector<core::DeadLetter> letters)
{
    if (m_activity.running)
        return;
    begin(DeadLetterWork::Discard, source, {}, letters.size());
    post([this, source = std::move(source), letters = std::move(letters)](std::stop_token stop) {
        std::vector<core::JournalEntry> discarded;
        core::Status done = m_worker.discard(
            source, letters, [this](const core::LetterOutcome& outcome) { report(outcome); }, discarded);
        finish(std::move(done), std::move(discarded));
        lookNow(stop);
    });
}

void DeadLetterSession::settleDoubts(std::string source, std::size_t count)
{
    if (m_activity.running)
        return;
    begin(DeadLetterWork::Settle, source, {}, count);
    post([this, source = std::move(source)](std::stop_token stop) {
        finish(m_worker.settle(source, [this](const core::LetterOutcome& outcome) { report(outcome); }));
        lookNow(stop);
    });
}

void DeadLetterSession::undoDiscard()
{
    if (m_activity.running || m_activity.restorable.empty())
        return;
    std::vector<core::JournalEntry> discarded = std::move(m_activity.restorable);
    begin(DeadLetterWork::Restore, discarded.front().source, {}, discarded.size());
    post([this, discarded = std::move(discarded)](std::stop_token stop) mutable {
        std::size_t restored = 0;
        core::Status done = m_worker.restore(discarded, [&](const core::LetterOutcome& outcome) {
            ++restored;
            report(outcome);
        });
        discarded.erase(discarded.begin(), discarded.begin() + static_cast<std::ptrdiff_t>(restored));
        finish(std::move(done), std::move(discarded)); // what is left can be tried again
        lookNow(stop);
    });
}

void DeadLetterSession::setPaused(bool paused)
{
    if (!m_activity.running || m_activity.work != DeadLetterWork::Requeue)
        return;
    {
        const std::scoped_lock lock(m_mutex);
        m_paused = paused;
        if (m_runner)
            m_runner->pause(paused);
    }
    m_activity.paused = paused;
    m_activity.notice.clear();
    Q_EMIT activityChanged();
}

void DeadLetterSession::stop()
{
    if (!m_activity.running)
        return;
    m_activity.stopping = true;
    m_runStop.request_stop();
    Q_EMIT activityChanged();
}

void DeadLetterSession::clearActivity()
{
    if (m_activity.running)
        return;
    m_activity = DeadLetterActivity();
    Q_EMIT activityChanged();
}

} // namespace eventscope::models
