// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/clock.h"
#include "event/error.h"
#include "event/ids.h"
#include "inspect/dead_letter_queue.h"
#include "inspect/journal.h"
#include "inspect/json_patch.h"

#include <atomic>
#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace eventscope::core {

/// How fast letters go out.
struct RequeueRate {
    double perSecond = 0;     ///< 0: as fast as they are confirmed
    std::vector<double> ramp; ///< e.g. 1, 2, 5, 20: each rate for five seconds, then the last one

    /// When letter number `index` (0-based) is due, counted from the start.
    std::chrono::microseconds dueAfter(std::size_t index) const;
};

struct PlannedLetter {
    DeadLetter letter;
    std::string data; ///< what will be sent, edits applied
    bool edited = false;
    bool resendsDoubt = false;
    std::optional<std::size_t> newerOfSameKey;
    std::optional<Timestamp> requeuedBefore;
};

struct LeftOut {
    std::string id;
    std::string reason;
};

/// A requeue as it will happen: the set is frozen, so what arrives later is not swept along.
struct RequeuePlan {
    std::string source;
    std::string target; ///< empty: each back to where it failed
    RequeueRate rate;
    Timestamp frozenAt{};
    std::vector<PlannedLetter> letters; ///< in sending order: oldest failure first
    std::vector<LeftOut> leftOut;
    std::vector<std::string> warnings; ///< sentences for people, counted
};

struct RequeueRequest {
    std::string source;
    std::string target;
    std::vector<DeadLetter> letters; ///< as listed
    std::optional<JsonPatch> edit;
    /// Payloads that somebody has written, byte for byte, by letter id: they go out in place of the
    /// original and of what `edit` would make of it.
    std::map<std::string, std::string, std::less<>> payloads{};
    RequeueRate rate;
    /// Letters that were requeued before and are still listed, because they cannot be removed.
    bool resendDone = false;
    bool resendDoubts = false; ///< letters whose earlier sending is in doubt: send again, marked
};

/// Builds the plan; sends and writes nothing.
Result<RequeuePlan> makeRequeuePlan(
    const RequeueRequest& request, DeadLetterQueue& queue, const Journal& journal, const Clock& clock);

enum class RequeueOutcome { Requeued, Skipped, Failed, InDoubt, Discarded, Restored };
/// "requeued", "skipped", "failed", "in-doubt", "discarded" or "restored".
std::string_view toString(RequeueOutcome outcome);

struct LetterOutcome {
    std::string id;
    RequeueOutcome outcome = RequeueOutcome::Skipped;
    std::string reason;
    bool operator==(const LetterOutcome&) const = default;
};
/// {"id","outcome","reason"}; no reason when there is none.
void appendOutcomeJson(std::string& out, const LetterOutcome& outcome);

using OutcomeHandler = std::function<void(const LetterOutcome&)>;

/// The one door out: journal, send, confirm, journal, acknowledge, journal. Everything here holds
/// the source's run lock, so of two programs one is told to wait. // one thread at a time
class RequeueRunner {
public:
    RequeueRunner(DeadLetterQueue& queue, Journal& journal, Clock& clock, IdGenerator& ids);

    /// Finishes what an earlier run left: acknowledges what was confirmed, settles what can be
    /// settled, reports the rest as in doubt. Reports only letters whose fate it found out.
    Status recover(std::string_view source, const OutcomeHandler& report);

    /// Asks once more about the sendings that are in doubt: what is found at its target is acknowledged,
    /// what is not there is noted as not sent, and what nobody can tell is reported as in doubt.
    Status settleDoubts(std::string_view source, const OutcomeHandler& report);

    /// Sends the plan's letters; each outcome is reported as it comes. A stop ends it after the
    /// letter under way; the others are reported as skipped and stay where they are.
    Status run(const RequeuePlan& plan, const OutcomeHandler& report, std::stop_token stop);

    /// Removes letters for good, each kept in the journal first.
    Status discard(std::string_view source, const std::vector<DeadLetter>& letters, const OutcomeHandler& report);
    /// Puts a discarded letter back.
    Status restore(const JournalEntry& discarded, const OutcomeHandler& report);

    void pause(bool paused) { m_paused = paused; } // any thread

private:
    Status sendOne(const Requeue& requeue, std::int64_t entry, const OutcomeHandler& report);
    Status acknowledge(
        const DeadLetter& letter, std::int64_t entry, std::string_view sentReason, const OutcomeHandler& report);
    Status settleOne(const JournalEntry& entry, const DeadLetter& letter, const OutcomeHandler& report);
    Status recoverOne(const JournalEntry& entry, const OutcomeHandler& report);
    Status finishRemoval(const JournalEntry& entry, const DeadLetter& letter, const OutcomeHandler& report);
    bool waitForTurn(std::chrono::microseconds due, Timestamp start, std::stop_token stop);

    DeadLetterQueue& m_queue;
    Journal& m_journal;
    Clock& m_clock;
    IdGenerator& m_ids;
    std::atomic<bool> m_paused = false;
};

} // namespace eventscope::core
