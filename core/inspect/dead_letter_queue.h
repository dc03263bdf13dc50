// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/error.h"
#include "inspect/dead_letter.h"

#include <cstddef>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace eventscope::core {

/// One message on its way back, as the plan froze it.
struct Requeue {
    /// Names this sending for good: a repetition after a crash carries the same id, so that a queue
    /// that can look settles a doubt instead of sending twice.
    std::string sendId;
    DeadLetter letter;
    std::string target;             ///< empty: back to where it failed
    std::string data;               ///< what is sent: the original's bytes, or the edited ones
    bool possibleDuplicate = false; ///< an earlier sending is in doubt; say so in the message where there is a place
};

/// Whether an earlier sending arrived.
enum class SendState {
    Arrived,
    NotArrived,
    Unknown, ///< this technology cannot tell: the user decides
};

/// The dead letters of one connection. Looking changes nothing; send, acknowledge, discard and
/// restore write, and only the runs of a plan call them, between two entries of the journal.
///
/// The order of a requeue is fixed by the port: send() returns only once the target has confirmed
/// the copy, acknowledge() then removes the letter. Whatever dies in between leaves the letter where
/// it is. // one thread at a time; blocks
class DeadLetterQueue {
public:
    virtual ~DeadLetterQueue() = default;

    struct Capabilities {
        bool acknowledge = true;   ///< a requeued letter can be removed; else it only counts as done in the journal
        bool discard = true;       ///< a letter can be deleted for good
        bool restore = false;      ///< a discarded letter can be put back
        bool restoreTwice = true;  ///< doing so when it is there already changes nothing
        bool settle = false;       ///< settle() knows whether a sending arrived
        bool discardHides = false; ///< discard() only hides the letter on this machine: it stays where it is
        /// A letter that was acknowledged may be listed again, under the same id, and nothing else has
        /// that id: its server forgot, or a holder whose death was not noticed had it. Such a letter is
        /// not sent a second time unless that is asked for.
        bool removalMayBeForgotten = false;
        /// What whoever requeues here has to know first; empty: nothing beyond the usual.
        std::string_view caution{};
    };
    virtual Capabilities capabilities() const = 0;

    /// Oldest first; of one queue unless `queue` is empty.
    virtual Result<std::vector<DeadLetter>> list(std::string_view queue, std::stop_token stop) = 0;

    /// NotFound when the letter is no longer there, InvalidArgument for a target that does not exist,
    /// InDoubt when the connection broke before the target answered; any other failure means that
    /// nothing was sent.
    virtual Status send(const Requeue& requeue) = 0;
    /// NotFound when it was gone already, which is as good as done.
    virtual Status acknowledge(const DeadLetter& letter) = 0;
    virtual Status discard(const DeadLetter& letter) = 0;
    /// With its keepsake. InDoubt when the connection broke before it was known to be back.
    virtual Status restore(const DeadLetter& letter) = 0;
    /// What restore() will need and list() does not tell; asked for before a letter is discarded, and
    /// kept in the journal. A letter of which not all can be kept is not discarded.
    virtual Result<std::string> keepsake(const DeadLetter& letter)
    {
        static_cast<void>(letter);
        return std::string();
    }
    virtual Result<SendState> settle(std::string_view sendId, const DeadLetter& letter) = 0;

    /// settle() of a sending to another target than where the letter failed; empty: there.
    virtual Result<SendState> settleAt(std::string_view target, std::string_view sendId, const DeadLetter& letter)
    {
        static_cast<void>(target);
        return settle(sendId, letter);
    }

    /// How many events of the same key or stream came after this one: handling it now would be out
    /// of order. Nothing where the technology cannot tell.
    virtual Result<std::optional<std::size_t>> newerOfSameKey(const DeadLetter& letter) = 0;

    /// Where this letter goes when no target is named, for people.
    virtual std::string returnsTo(const DeadLetter& letter) const { return letter.queue; }

    /// Sentences for people about what the last list() could not show, or what it cost.
    virtual std::vector<std::string> notices() const { return {}; }
};

} // namespace eventscope::core
