// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/error.h"
#include "event/event.h"
#include "event/timestamp.h"
#include "sourcing/dead_letter_store.h"

#include <string>
#include <string_view>
#include <vector>

namespace eventscope::core {

/// The type of the event that tells of a handler that gave up on an event.
inline constexpr std::string_view kEventHandlerFailed = "EventHandlerFailed";

/// One failed call of a handler.
struct FailedAttempt {
    Timestamp time{};
    Error error;
};

/// The failed calls of a handler for one event. Of many the first and the last few are kept, so that
/// a handler that is tried for days costs nothing.
struct AttemptHistory {
    int earlier = 0; ///< attempts of earlier parkings
    int tries = 0;   ///< since then
    std::vector<FailedAttempt> kept{};

    void add(FailedAttempt attempt);
    int attempts() const { return earlier + tries; }
};

/// The text that is kept as the stack of a parked event: which handler gave up on which event, the
/// attempts with their time and error, and what the last error knows of its origin.
std::string failureStack(std::string_view handler, const RecordedEvent& event, const AttemptHistory& history);

/// EventHandlerFailed for a parked event, in the stream "handler-<name>", caused by the event and of
/// its flow. Its data is
/// {"originalEvent":{classic form},"error":{"code","message","stack"},"failedAt","handler","attempts","letterId"}.
/// It comes from no store: version and position are 0.
RecordedEvent handlerFailedEvent(const ParkedEvent& letter, std::string id);

/// Reads that back. The letter's original has what the classic form carries.
Result<ParkedEvent> handlerFailureOf(const RecordedEvent& event);

} // namespace eventscope::core
