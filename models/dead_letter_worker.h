// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dead_letters_seen.h"

#include "event/clock.h"
#include "event/ids.h"
#include "inspect/journal.h"
#include "journal_feed.h"

#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

namespace eventscope::models {

/// The blocking half of a DeadLetterSession: opens the desks, looks, plans and writes.
/// Made and destroyed anywhere; everything else on one thread, the session's.
class DeadLetterWorker {
public:
    DeadLetterWorker(core::Clock& clock, OpenJournal openJournal);

    /// Desks that were there before keep their open queue.
    void setDesks(std::vector<DeadLetterDesk> desks);

    /// Lists all desks. Null when nothing has changed since the last look. A desk that is unlocked and
    /// was not looked at before first has finished what an earlier run has left.
    DeadLettersSeenPtr look(std::stop_token stop);

    core::Result<LetterPasts> pasts(
        const std::string& source, const std::vector<core::DeadLetter>& letters, std::stop_token stop);
    core::Result<core::RequeuePlan> plan(const core::RequeueRequest& request);
    /// Looks again and says what would become of each letter. Writes nothing.
    core::Status dryRun(const FrozenPlan& frozen, const core::OutcomeHandler& report, std::stop_token stop);
    /// Refused while the desk is locked. `runner` is told the runner while it runs, and null at its end.
    core::Status requeue(const core::RequeuePlan& plan, const core::OutcomeHandler& report,
        const std::function<void(core::RequeueRunner*)>& runner, std::stop_token stop);
    /// What was discarded, for restore(), goes to `discarded` whatever happens.
    core::Status discard(const std::string& source, const std::vector<core::DeadLetter>& letters,
        const core::OutcomeHandler& report, std::vector<core::JournalEntry>& discarded);
    /// Asks the source about sendings that are in doubt.
    core::Status settle(const std::string& source, const core::OutcomeHandler& report);
    core::Status restore(const std::vector<core::JournalEntry>& discarded, const core::OutcomeHandler& report);

private:
    struct Open {
        DeadLetterDesk desk;
        std::shared_ptr<core::DeadLetterQueue> queue;
        bool recovered = false;
        bool writable = false; ///< how `queue` was opened
    };

    core::Status ensureJournal();
    core::Status ensureOpen(Open& open);
    core::Result<Open*> ready(const std::string& source);
    core::Result<Open*> readyToWrite(const std::string& source);
    void recover(Open& open);
    void lookAt(Open& open, DeadLettersSeen::Desk& desk, std::stop_token stop);
    void group(DeadLettersSeen& seen) const;

    core::Clock& m_clock;
    OpenJournal m_openJournal;
    core::UuidV7Generator m_ids;
    std::shared_ptr<core::Journal> m_journal;
    std::vector<Open> m_desks;
    DeadLettersSeenPtr m_last;
};

} // namespace eventscope::models
