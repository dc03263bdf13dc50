// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "rabbit_options.h"

#include "event/clock.h"
#include "sourcing/message_bus.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace eventscope::rabbitmq {

struct RabbitBusOptions {
    std::string exchange = "events";
    std::uint16_t prefetch = 10;
    /// Handler calls of one subscription at a time; the events of one stream stay in order.
    std::size_t concurrency = 1;
    std::size_t window = 256;                   ///< published and not yet confirmed
    std::chrono::milliseconds patience{30'000}; ///< of a publish, through reconnects
    /// A stream that keeps every event, declared and bound to all of them: for looking at what went
    /// through. Empty: none.
    std::string keepIn{};
    /// Told what the connections are doing, in sentences; on any thread.
    std::function<void(std::string_view)> onState{};
};

/// The bus over a RabbitMQ: see topology.h for what it declares.
///
/// A published event is confirmed by the broker and was routed to a queue, or publish() fails. A
/// failing handler's event waits in the broker: a copy with x-retry-count goes to the queue of that
/// delay, is confirmed, and only then the original is acknowledged, so a crash in between doubles it
/// and loses nothing; the other messages do not wait. After the last retry, and at once when it is no
/// event at all, it goes to the dead letter queue with what went wrong in its headers.
/// A lost connection comes back by itself, with everything that was declared. // any thread
class RabbitBus final : public core::MessageBus {
public:
    /// The clock dates dead letters, and outlives the bus.
    static core::Result<std::unique_ptr<RabbitBus>> open(
        const RabbitOptions& rabbit, core::Clock& clock, RabbitBusOptions options = {});
    /// After all its subscriptions.
    ~RabbitBus() override;

    core::Status publish(const core::RecordedEvent& event) override;
    /// In order. Not all or none: those that were confirmed are there, and come again when it is repeated.
    core::Status publishBatch(std::span<const core::RecordedEvent> events) override;
    core::Status publishTracked(std::span<const core::RecordedEvent> events, core::SettledFunction settled) override;
    /// `name` is the queue, `pattern` its binding: "order.*", "*.placed", "#". The queue and what waits in
    /// it stay when the subscription ends.
    core::Result<std::unique_ptr<core::Subscription>> subscribe(core::SubscriptionSpec spec) override;

private:
    struct Private;
    explicit RabbitBus(std::unique_ptr<Private> p);
    std::unique_ptr<Private> d;
};

} // namespace eventscope::rabbitmq
