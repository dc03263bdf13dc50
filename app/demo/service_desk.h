// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/clock.h"
#include "event/ids.h"
#include "event/json.h"
#include "sourcing/event_store.h"
#include "sourcing/order_services.h"

#include <atomic>
#include <string>
#include <string_view>
#include <vector>

namespace eventscope::app {

/// What the services around the orders share: the store they keep their streams in, and the time
/// their work takes. There is one key for each order, so its stream tells what was done under the key
/// before. // any thread
class ServiceDesk {
public:
    /// All must outlive it.
    ServiceDesk(core::EventStore& store, core::Clock& clock, core::IdGenerator& ids)
        : m_store(store), m_clock(clock), m_ids(ids)
    {
    }

    /// How many threads are at work right now: the story's fast clock asks.
    int working() const { return m_working; }

    /// One case of a service: the events of its stream, oldest first; none for a new case.
    struct Case {
        std::string stream;
        std::vector<core::RecordedEvent> events;

        bool isNew() const { return events.empty(); }
        bool has(std::string_view type) const { return find(type) != nullptr; }
        const core::RecordedEvent* find(std::string_view type) const;
    };
    /// Works for as long as it takes, then opens the order's case; Cancelled when the stop comes first.
    /// `task` is what is done for the order besides the service's own work, such as "refund".
    core::Result<Case> workOn(
        std::string_view service, std::string_view orderId, const core::ServiceCall& call, std::string_view task = {});

    /// Writes the next event of the case; WrongExpectedVersion when somebody else was at it meanwhile.
    core::Status note(const Case& file, std::string_view type, const core::Json& data);

private:
    core::Status work(std::string_view service, std::string_view subject, const core::ServiceCall& call);
    core::Result<Case> open(std::string_view category, std::string_view id) const;

    core::EventStore& m_store;
    core::Clock& m_clock;
    core::IdGenerator& m_ids;
    std::atomic<int> m_working = 0;
};

} // namespace eventscope::app
