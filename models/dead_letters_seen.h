// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/dead_letter_groups.h"
#include "inspect/dead_letter_queue.h"
#include "inspect/requeue.h"

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace eventscope::models {

/// Where the dead letters of one source are worked on, as the application gives it.
struct DeadLetterDesk {
    std::string source; ///< as people know it; the journal keeps it
    /// Called on the session's thread, and again when the source was locked or unlocked: for writing only
    /// while it is unlocked. The queue is used and let go on that thread only.
    std::function<core::Result<std::shared_ptr<core::DeadLetterQueue>>()> open;
    std::function<bool()> isUnlocked; ///< any thread
};

/// All dead letters as they were at one look. Never changes once made. // any thread
struct DeadLettersSeen {
    struct Desk {
        std::string source;
        core::DeadLetterQueue::Capabilities capabilities;
        std::string problem; ///< why it could not be looked at; empty when it could
        std::vector<core::DeadLetter> letters;
        std::map<std::string, core::Timestamp, std::less<>> doubts; ///< by letter id: since when in doubt
        std::size_t unfinished = 0;                                 ///< writes an earlier run has left open
    };
    struct Group {
        std::size_t desk = 0;
        core::DeadLetterGroup cause; ///< its indexes are into the desk's letters
    };

    std::vector<Desk> desks;
    std::vector<Group> groups;  ///< the largest first
    std::string journalProblem; ///< without a journal nothing can be sent

    std::size_t letterCount() const;
    const Desk* deskOf(std::string_view source) const;
};
using DeadLettersSeenPtr = std::shared_ptr<const DeadLettersSeen>;

/// Where a requeue without a target sends it: to the handler that refused it, or with other people's
/// letters to the topic, queue or exchange it came from.
const std::string& homeOf(const core::DeadLetter& letter);

/// What is known about one letter beyond itself.
struct LetterPast {
    std::optional<std::size_t> newerOfSameKey;
    std::optional<core::Timestamp> requeuedBefore;
    bool operator==(const LetterPast&) const = default;
};
using LetterPasts = std::map<std::string, LetterPast, std::less<>>; // by letter id

/// A plan with what was asked for, so that a dry run can ask again.
struct FrozenPlan {
    core::RequeueRequest request;
    core::RequeuePlan plan;
};

enum class DeadLetterWork { None, DryRun, Requeue, Discard, Restore, Settle };

/// The work under way, or the last one.
struct DeadLetterActivity {
    DeadLetterWork work = DeadLetterWork::None;
    std::string source;
    std::string target;
    std::size_t total = 0;
    std::vector<core::LetterOutcome> outcomes; ///< in the order they came
    bool running = false;
    bool paused = false;
    bool stopping = false;
    std::string problem;                        ///< what ended it early
    std::string notice;                         ///< why it paused by itself
    std::vector<core::JournalEntry> restorable; ///< what it discarded and can be put back

    std::size_t count(core::RequeueOutcome outcome) const;
};

} // namespace eventscope::models
