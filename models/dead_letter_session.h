// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dead_letter_worker.h"
#include "frame_bell.h"

#include <QObject>
#include <QTimer>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace eventscope::models {

/// Dead letters of all sources, on a thread of its own: looks at them again and again, plans a
/// requeue, tries it without sending, runs it, discards and puts back. Nothing here blocks; results
/// come as signals. One work at a time: another one that is asked for while one runs waits for it.
/// Destroying it stops a run after the letter under way. // GUI thread
class DeadLetterSession final : public QObject {
    Q_OBJECT

public:
    /// `openJournal` is called on the session's thread, again at each look until it succeeds.
    DeadLetterSession(core::Clock& clock, OpenJournal openJournal, QObject* parent = nullptr);
    ~DeadLetterSession() override;

    void setDesks(std::vector<DeadLetterDesk> desks);
    bool hasDesks() const { return !m_desks.empty(); }
    /// Whether letters of that source may be sent and discarded.
    bool isUnlocked(std::string_view source) const;
    /// To be called when a source was locked or unlocked.
    void noteLockChanged();

    /// Looks once, soon. seenChanged() only when something is different.
    void look();
    /// Looks often while somebody watches, seldom otherwise (for the count on the tab).
    void setWatched(bool watched);
    /// Null until the first look has come back.
    const DeadLettersSeenPtr& seen() const { return m_seen; }

    /// Finds out about these letters; an earlier question that has not been answered is dropped.
    void examine(std::string source, std::vector<core::DeadLetter> letters);
    /// Answered by planned() or refused().
    void plan(core::RequeueRequest request);

    void dryRun(std::shared_ptr<const FrozenPlan> frozen);
    /// Sends. With `pauseOnReturn` it pauses when one of the letters it sent has come back.
    void requeue(std::shared_ptr<const FrozenPlan> frozen, bool pauseOnReturn);
    void discard(std::string source, std::vector<core::DeadLetter> letters);
    /// Finds out, as far as the source can tell, whether sendings in doubt have arrived.
    void settleDoubts(std::string source, std::size_t count);
    /// Puts back what the last discard took.
    void undoDiscard();
    void setPaused(bool paused);
    void stop();

    const DeadLetterActivity& activity() const { return m_activity; }
    /// Forgets the last work; nothing while it runs.
    void clearActivity();

Q_SIGNALS:
    void desksChanged();
    void seenChanged();
    void lockChanged();
    void examined(const QString& source, const eventscope::models::LetterPasts& pasts);
    void planned(std::shared_ptr<const eventscope::models::FrozenPlan> frozen);
    void refused(const QString& why);
    void activityChanged();
    void activityFinished();

private:
    using Task = std::function<void(std::stop_token)>;

    void post(Task task);
    void work(std::stop_token stop);
    void onGui(std::function<void()> task);
    void lookNow(std::stop_token stop);
    void begin(DeadLetterWork kind, std::string source, std::string target, std::size_t total);
    void report(const core::LetterOutcome& outcome);
    void finish(core::Status done, std::vector<core::JournalEntry> restorable = {});
    void takeOutcomes();
    void runOnWorker(const FrozenPlan& frozen, bool pauseOnReturn, std::stop_token stop);
    bool hasReturned(const core::RequeuePlan& plan, const std::vector<std::string>& sent, core::Timestamp start) const;
    void setRunner(core::RequeueRunner* runner);

    core::Clock& m_clock;
    DeadLetterWorker m_worker; // its own thread's, once that runs
    std::vector<DeadLetterDesk> m_desks;
    DeadLettersSeenPtr m_seen;
    DeadLettersSeenPtr m_workersSeen; // the session's thread
    DeadLetterActivity m_activity;
    FrameBell m_bell;
    QTimer m_timer;

    std::atomic<bool> m_lookWaits{false};
    std::atomic<std::uint64_t> m_question{0};
    std::stop_source m_runStop;

    std::mutex m_mutex; // what follows, up to the thread
    std::condition_variable_any m_wake;
    std::deque<Task> m_tasks;
    std::vector<core::LetterOutcome> m_fresh;
    core::RequeueRunner* m_runner = nullptr;
    bool m_paused = false;

    std::jthread m_thread; // last: ended first
};

} // namespace eventscope::models
