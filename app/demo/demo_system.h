// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "demo/observed_store.h"
#include "demo/story.h"
#include "event/clock.h"
#include "inspect/dead_letter_queue.h"
#include "inspect/source.h"
#include "sourcing/dead_letter_store.h"
#include "sourcing/event_store.h"
#include "sourcing/message_bus.h"
#include "sourcing/saga_runner.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace eventscope::app {

/// A message broker that the demo runs over: its events are published there as well, and those who
/// listen to the orders listen there.
struct DemoBroker {
    std::shared_ptr<core::MessageBus> bus{}; ///< nothing: everything stays in the process
    std::function<std::string(std::string_view type)> patternOf{};
};

struct DemoOptions {
    /// Where the system keeps everything; made when it is not there, continued when it is. Empty: a
    /// file of its own that goes with it.
    std::filesystem::path file{};
    std::uint64_t seed = kDefaultSeed;
    double rate = kDefaultRate;                 ///< orders a second
    double failureShare = kDefaultFailureShare; ///< of the orders, 0 to 1
    int sagaWorkers = 32;                       ///< how many sagas may act at the same time
    /// Told of each append once it is committed, on the thread that made it.
    ObservedStore::StoredFunction onStored{};
    /// Told of each event by the bus, at least once, before the event counts as published; on any thread.
    std::function<void(const core::RecordedEvent&)> onPublished{};
    /// Told of what goes wrong in the system itself, on any thread.
    std::function<void(std::string_view sentence)> onProblem{};
    DemoBroker broker{};
};

/// How things stand, and what was done since the start.
struct DemoFigures {
    std::uint64_t orders = 0;        ///< placed
    std::int64_t events = 0;         ///< in the store, those of earlier lives included
    core::SagaRunnerFigures sagas;   ///< of this life
    std::size_t deadLetters = 0;     ///< now
    std::size_t outboxBacklog = 0;   ///< now
    std::uint64_t published = 0;     ///< events handed to the bus
    std::uint64_t notifications = 0; ///< effects of the handlers
    std::uint64_t loyalty = 0;
    std::uint64_t searchIndex = 0;
    std::uint64_t views = 0;    ///< view events
    std::uint64_t repeated = 0; ///< effects that turned out to be there already
};

/// The order system, whole: shoppers place orders; a saga takes each through payment, inventory and
/// shipment, and back where that fails; what happens is stored, relayed by the outbox to a bus and
/// handled there; a projection keeps the read model; what cannot be handled is parked.
///
/// It runs on threads of its own and continues where an earlier life on the same file ended, whatever
/// ended that. The same seed tells the same story: orders, customers, items, amounts, endings and ids
/// are drawn for each order by itself; only when things happen is up to the machine. // any thread
class DemoSystem {
public:
    /// Opens the store, goes on with what is unfinished there, and waits for start(). The clock must
    /// outlive the system.
    static core::Result<std::unique_ptr<DemoSystem>> open(core::Clock& clock, DemoOptions options);
    ~DemoSystem(); ///< stop()
    DemoSystem(const DemoSystem&) = delete;
    DemoSystem& operator=(const DemoSystem&) = delete;

    /// Customers come from now on, the first at once.
    void start();
    /// No more customers; what is under way goes on.
    void closeShop();
    /// Ends everything after the work under way; what is unfinished is for the next life.
    void stop();

    // The controls of the stage.
    void setRate(double ordersPerSecond);
    double rate() const;
    void setFailureShare(double share);
    double failureShare() const;
    void causeDecline(); ///< the next order's card is declined
    void causePoison();  ///< the next order cannot be handled by some handler
    /// A worker drops dead in the middle of a saga, which is taken up again a while later.
    void crashWorker();
    /// View events of a streaming service, at a high rate for a while.
    void burstViews(double perSecond = 2000, std::chrono::milliseconds length = std::chrono::seconds(5));
    core::Status retrySaga(std::string_view sagaId, std::string_view step, std::string_view requestedBy);

    /// Waits, with the shop closed, until every saga rests, every event is handled or parked and the read
    /// model holds all of it. The clock must run. Cancelled when the stop comes first, or the system's own.
    core::Status settle(std::stop_token stop);

    DemoFigures figures() const;
    /// Nothing is left to do before the clock moves on; for a clock that is moved when that is so.
    bool isWaitingForTime() const;

    /// A new connection to look at it with. Must end before the system.
    std::unique_ptr<core::Source> makeSource(std::string name) const;
    /// Its dead letters, to list, requeue and discard. Must end before the system.
    std::unique_ptr<core::DeadLetterQueue> makeDeadLetterQueue() const;

    core::EventStore& events() const;
    std::shared_ptr<core::EventStore> sharedEvents() const;
    std::shared_ptr<core::DeadLetterStore> deadLetters() const;

private:
    DemoSystem();
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace eventscope::app
