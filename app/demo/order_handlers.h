// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/clock.h"
#include "event/json.h"
#include "sourcing/event_store.h"
#include "sourcing/idempotency_store.h"
#include "sourcing/idempotent_handler.h"
#include "sourcing/message_bus.h"
#include "sourcing/sqlite_database.h"

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace eventscope::app {

/// Who listens to the orders on the bus:
///  - "notifications" confirms each OrderPlaced by mail: NotificationSent in "notification-<order>";
///  - "loyalty" gives points for each OrderShipped: LoyaltyPointsEarned in "loyalty-<customer>";
///  - "search-index" keeps the words of each OrderPlaced in the table demo_search_index.
/// Each acts once for an event: a claim keeps two deliveries apart, and should a crash come between the
/// effect and the end of the claim, the effect itself cannot be stored a second time. Some orders are
/// made so that one of them fails (demo/shop.h). // any thread
class OrderHandlers {
public:
    struct Parts {
        core::MessageBus& bus;
        core::EventStore& store;
        std::shared_ptr<core::SqliteDatabase> database; ///< that of the store
        core::IdempotencyStore& idempotency;
        const core::Clock& clock;
        /// What the bus calls the events of a type; nothing: by the type itself, as in process.
        std::function<std::string(std::string_view type)> patternOf{};
        core::RetryPolicy retry = inProcessRetry();
    };
    static core::RetryPolicy inProcessRetry();
    /// All of it must outlive the handlers.
    static core::Result<std::unique_ptr<OrderHandlers>> subscribe(Parts parts);

    struct Figures {
        std::uint64_t notifications = 0, loyalty = 0, searchIndex = 0; ///< effects, since the start
        std::uint64_t repeated = 0; ///< effects that were stored already, from before a crash
    };
    Figures figures() const;

private:
    explicit OrderHandlers(Parts parts) : m_parts(std::move(parts)) { }

    core::Status add(std::string_view name, std::string_view type, core::EventHandler handler);
    core::Status notify(const core::RecordedEvent& placed);
    core::Status givePoints(const core::RecordedEvent& shipped);
    core::Status index(const core::RecordedEvent& placed);
    core::Status ledgerIsLocked(const core::RecordedEvent& shipped, const core::Json& order);
    core::Status storeEffect(std::string_view handler, const core::RecordedEvent& cause, std::string_view stream,
        std::string_view type, const core::Json& data, std::atomic<std::uint64_t>& count);

    Parts m_parts;
    std::atomic<std::uint64_t> m_notifications = 0, m_loyalty = 0, m_searchIndex = 0, m_repeated = 0;
    std::mutex m_ledgerMutex;
    std::map<std::string, int> m_ledgerCalls;                         // of orders that find it locked
    std::vector<std::unique_ptr<core::Subscription>> m_subscriptions; // last: their handlers use the above
};

} // namespace eventscope::app
