// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "amqp_connection.h"
#include "broker_topology.h"

#include "event/error.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace eventscope::rabbitmq {

/// How much of the live traffic the broker keeps for us when we are slow: the oldest goes first.
struct TapLimits {
    std::int64_t messages = 50'000;
    std::int64_t bytes = std::int64_t{64} << 20;
    std::chrono::milliseconds age{60'000};
};

/// What the shadow queue is bound to.
struct TapBinding {
    std::string exchange, key;
    bool operator==(const TapBinding&) const = default;
};

/// The bindings that catch what goes through these exchanges (none named: all but the broker's own).
/// `notices` gets a sentence for each exchange that cannot be tapped.
std::vector<TapBinding> bindingsOfExchanges(
    const BrokerTopology& topology, const std::vector<std::string>& exchanges, std::vector<std::string>& notices);
/// Those that catch what goes to this queue.
std::vector<TapBinding> bindingsOfQueue(
    const BrokerTopology& topology, std::string_view queue, std::vector<std::string>& notices);

/// A queue of our own that gets copies of what is published from now on: exclusive, gone with the
/// connection, bounded in length, size and age. Nobody's messages are touched. // the connection's thread
class LiveTap {
public:
    LiveTap(AmqpConnection& connection, std::uint16_t channel) : m_connection(connection), m_channel(channel) { }

    /// Declares it and consumes, as the consumer kConsumer. The channel must be open.
    core::Status open(const TapLimits& limits);
    /// Binds; again and again, for somebody may delete an exchange and declare it anew. An exchange that may not be
    /// read gives a sentence and no error.
    core::Status bind(const std::vector<TapBinding>& bindings, std::vector<std::string>& notices);

    static constexpr std::string_view kConsumer = "tap";
    bool hasBindings() const { return !m_bound.empty(); }

private:
    AmqpConnection& m_connection;
    const std::uint16_t m_channel;
    std::string m_queue;
    std::vector<TapBinding> m_bound, m_refused;
};

} // namespace eventscope::rabbitmq
