// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "amqp_connection.h"

#include "sourcing/message_bus.h"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace eventscope::rabbitmq {

// What the bus declares. For the exchange `events`:
//   events                     topic: what is published
//   events.retry               direct: where messages go to die, routing key retry.<pattern>
//   events.<pattern>.dead-letter  behind it
// and for each subscription its durable queue of that name, with x-max-priority 10 and the dead letter
// exchange, bound by its pattern; and <queue>.retry.<ms> for each delay, which nobody consumes: what is
// in there goes back to the queue when its time is over. Where a delay queue does not confirm, there is
// <queue>.retry.<ms>.plain beside it.
//
// Delay queues are quorum queues with at-least-once dead lettering: the broker removes a message only
// when the queue it goes back to has it. Classic queues do it at most once, and lose what expires in the
// moments before a broker dies. What must be known of quorum queues (3.10.8, one node, kill -9):
//  - The broker writes down that a quorum queue is there about three seconds after it was declared. Killed
//    before, it makes an empty one in its place, with all that was confirmed into it gone. So whoever
//    declares one treats it as not yet safe for kUntilOnDisk.
//  - A queue that was made anew like this has no leader until the broker is started once more: it
//    confirms nothing, and nothing is in it. The plain queue takes its place until then.

std::string retryExchangeOf(std::string_view exchange);
std::string deadLetterKeyOf(std::string_view pattern);
std::string deadLetterQueueOf(std::string_view exchange, std::string_view pattern);
std::string retryQueueOf(std::string_view queue, std::chrono::milliseconds delay);
std::string plainRetryQueueOf(std::string_view queue, std::chrono::milliseconds delay);

constexpr std::chrono::milliseconds kUntilOnDisk{5000};

/// The delays that this policy waits, each once.
std::vector<std::chrono::milliseconds> delaysOf(const core::RetryPolicy& policy);

core::Status declareExchanges(AmqpConnection& connection, std::uint16_t channel, std::string_view exchange);

/// A stream that gets everything that is published: read at any offset, by whoever likes.
core::Status declareKeptEvents(
    AmqpConnection& connection, std::uint16_t channel, std::string_view exchange, std::string_view stream);

struct SubscriptionTopology {
    std::string exchange, queue, pattern;
    std::vector<std::chrono::milliseconds> delays;
};
/// `channel` is opened anew when the broker closes it on the way.
core::Status declareSubscription(
    AmqpConnection& connection, std::uint16_t channel, const SubscriptionTopology& subscription);
/// Whether its delay queues are there already. `channel` is closed before and afterwards.
core::Result<bool> hasDelayQueues(
    AmqpConnection& connection, std::uint16_t channel, const SubscriptionTopology& subscription);
/// For where the delay queues do not confirm.
core::Status declarePlainDelays(
    AmqpConnection& connection, std::uint16_t channel, const SubscriptionTopology& subscription);

} // namespace eventscope::rabbitmq
