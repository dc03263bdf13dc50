// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/clock.h"
#include "kafka_options.h"
#include "sourcing/dead_letter_store.h"
#include "sourcing/message_bus.h"

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>

namespace eventscope::kafka {

struct KafkaBusOptions {
    ConnectOptions connect;
    /// The topic of an event. Unset: `topic` for all of them.
    std::function<std::string(const core::RecordedEvent&)> topicOf{};
    std::string topic = "events";
    /// Of the batches. The same in each life of a service, so that a new life ends what an earlier one
    /// left open, and two lives at once notice each other. Empty: one of its own.
    std::string transactionalId{};
    /// Handler calls of one subscription at a time; records of one key stay in order.
    std::size_t concurrency = 4;
    /// Records of one subscription taken from the broker and not yet handled.
    std::size_t mostUnhandled = 1000;
    /// Ends the wait of a subscribe() that is not wanted any more.
    std::stop_token ending{};
    bool fromEarliest = false; ///< where a new group begins; else with what comes next
    std::chrono::milliseconds sessionTimeout{30'000};
    std::chrono::milliseconds heartbeat{3'000};
    /// Told in sentences what goes on in the background; on any thread.
    std::function<void(std::string_view)> onState{};
};

/// The bus over Kafka. publish() writes with an idempotent producer, publishBatch() in one transaction,
/// all or none; both return when the broker has confirmed it.
///
/// A subscription is a consumer group of that name, its pattern a topic or, with '^', a regular
/// expression over topics. A record is handled by one of `concurrency` threads, those of one key by
/// the same, one after the other. Its offset is committed only after the handler succeeded, or the
/// event lies in "<topic>.dead-letter"; so a crash or a rebalance brings a record again and loses none:
/// wrap the handler with IdempotentHandler where that would do harm. What is no event goes to the
/// dead letters at once, as the bytes it is. // any thread
class KafkaBus final : public core::MessageBus {
public:
    /// The clock dates dead letters and times retries; it outlives the bus.
    static core::Result<std::unique_ptr<KafkaBus>> open(core::Clock& clock, KafkaBusOptions options);
    /// After all its subscriptions.
    ~KafkaBus() override;

    core::Status publish(const core::RecordedEvent& event) override;
    core::Status publishBatch(std::span<const core::RecordedEvent> events) override;
    /// An event that some other bus gave up on, as a dead letter of its topic here.
    core::Status park(const core::ParkedEvent& letter);
    /// Returns once the group has given it partitions, or has none left, and the place where it begins
    /// is kept with the broker: nothing published after that passes it by.
    core::Result<std::unique_ptr<core::Subscription>> subscribe(core::SubscriptionSpec spec) override;

private:
    struct Private;
    explicit KafkaBus(std::shared_ptr<Private> p);
    std::shared_ptr<Private> d;
};

} // namespace eventscope::kafka
