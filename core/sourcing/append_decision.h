// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/error.h"
#include "event/position.h"
#include "sourcing/event_store.h"

#include <functional>
#include <optional>
#include <span>
#include <string_view>

namespace eventscope::core {

// The rules of EventStore::appendAll(), the same in every store.

/// Where an event's id is stored already.
struct StoredPlace {
    bool sameStream = false;
    bool sameContent = false; ///< the same type and the same data, byte for byte
    StreamVersion version;
    GlobalPosition position;
};

/// Looks an event up by its id, in the whole store.
using PlaceLookup = std::function<Result<std::optional<StoredPlace>>(const NewEvent&)>;

/// The stream's last event as the writer's transaction sees it; zeros where there is none.
struct StreamHead {
    StreamVersion version;
    GlobalPosition position;
};

/// Streams and event ids have names, and no id comes twice in a call. InvalidArgument otherwise.
Status checkAppends(std::span<const StreamAppend> appends);

/// True when the stream is where the writer expects it.
bool isAsExpected(ExpectedVersion expected, StreamVersion current);

Error wrongExpectedVersion(const StreamAppend& append, StreamVersion current);

/// The answer to an append that needs no writing (a repetition, or no events), nullopt when its
/// events are to be stored from the head's version + 1 onwards, or why neither will do.
Result<std::optional<AppendResult>> decideAppend(
    const StreamAppend& append, StreamHead head, const PlaceLookup& lookup);

} // namespace eventscope::core
