// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/error.h"
#include "event/event.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace eventscope::core {

/// An event that a handler kept refusing, parked with everything needed to understand it and to
/// hand it back.
struct ParkedEvent {
    std::string id;    ///< of the letter: a new id each time an event is parked
    std::string queue; ///< the handler it could not get through: SubscriptionSpec::name
    RecordedEvent original;
    Error error;
    Timestamp failedAt{};
    int attempts = 0; ///< handler calls in all, those of earlier parkings included
    bool operator==(const ParkedEvent&) const = default;
};

/// Where the in-process bus parks its dead letters. // any thread
class DeadLetterStore {
public:
    virtual ~DeadLetterStore() = default;

    virtual Status park(const ParkedEvent& letter) = 0;
    /// Oldest first; of one queue unless `queue` is empty.
    virtual Result<std::vector<ParkedEvent>> list(std::string_view queue = {}) const = 0;
    virtual Result<std::optional<ParkedEvent>> find(std::string_view id) const = 0;
    /// NotFound when it is not (or no longer) there, so that of two removers one knows it lost.
    virtual Status remove(std::string_view id) = 0;
    virtual Result<std::size_t> count() const = 0;
};

} // namespace eventscope::core
