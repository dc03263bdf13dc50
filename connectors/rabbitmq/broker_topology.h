// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "management_api.h"

#include "event/error.h"
#include "event/json.h"

#include <cstdint>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace eventscope::rabbitmq {

struct QueueInfo {
    std::string name;
    std::string type = "classic"; ///< "classic", "quorum" or "stream"
    std::int64_t messages = 0;    ///< ready and unacknowledged
    std::int64_t ready = 0;
    std::int64_t consumers = 0;
    double publishRate = 0, deliverRate = 0; ///< messages a second
    core::Json arguments, policy;            ///< `policy`: what is in effect
    bool exclusive = false;
    bool isDeadLetter = false; ///< reachable from a dead letter exchange, or named like one
    /// Of a stream, as far as it was heard: one that was just declared, or is without a leader, is not.
    bool isRunning = false;

    bool isStream() const { return type == "stream"; }
    /// The value of an argument, or of the policy, which has it without the "x-".
    const core::Json* setting(std::string_view argument) const;
    std::optional<std::int64_t> number(std::string_view argument) const;
    /// Names a single active consumer, or an exclusive one.
    bool hasSingleConsumer() const;
};

struct ExchangeInfo {
    std::string name, type;
    bool isInternal = false;
};

struct BindingInfo {
    std::string exchange, destination, key;
    bool toQueue = true;
};

/// What a virtual host is made of.
struct BrokerTopology {
    std::vector<QueueInfo> queues;
    std::vector<ExchangeInfo> exchanges;
    std::vector<BindingInfo> bindings;

    const QueueInfo* queue(std::string_view name) const;
    const ExchangeInfo* exchange(std::string_view name) const;
};

/// From the management API, with the dead letter queues found. // the API's thread
core::Result<BrokerTopology> readTopology(ManagementApi& api, std::stop_token stop);

/// Marks the queues that dead letters end in: reached from a queue's dead letter exchange, unless that
/// queue only delays (it has a TTL and hands back), and those with the usual names.
void markDeadLetterQueues(BrokerTopology& topology);

/// A queue with a time to live: where it hands on what expires, messages only wait there.
bool delaysOnly(const QueueInfo& queue);

/// "orders.dlq", "orders-dead-letter", "orders_error", "error", …
bool isDeadLetterName(std::string_view name);

} // namespace eventscope::rabbitmq
