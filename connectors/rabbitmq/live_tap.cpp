// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "live_tap.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace eventscope::rabbitmq {

using core::Status;

namespace {

bool isBrokersOwn(const ExchangeInfo& exchange)
{
    return exchange.name.empty() || exchange.name.starts_with("amq.") || exchange.isInternal;
}

void addBindings(const BrokerTopology& topology, const ExchangeInfo& exchange, std::vector<TapBinding>& bindings,
    std::vector<std::string>& notices)
{
    if (exchange.type == "topic") {
        bindings.push_back({exchange.name, "#"});
    } else if (exchange.type == "fanout" || exchange.type == "headers") {
        bindings.push_back({exchange.name, ""}); // without arguments a headers exchange matches everything
    } else if (exchange.type == "direct") {
        // A direct exchange has no "everything": the keys that somebody bound.
        for (const BindingInfo& binding : topology.bindings) {
            if (binding.exchange == exchange.name)
                bindings.push_back({exchange.name, binding.key});
        }
    } else {
        notices.push_back(fmt::format(
            "The exchange '{}' is of the type {}, whose messages cannot be copied.", exchange.name, exchange.type));
    }
}

void dropDoubles(std::vector<TapBinding>& bindings)
{
    std::set<std::pair<std::string, std::string>> seen;
    std::erase_if(bindings, [&](const TapBinding& b) { return !seen.emplace(b.exchange, b.key).second; });
}

} // namespace

std::vector<TapBinding> bindingsOfExchanges(
    const BrokerTopology& topology, const std::vector<std::string>& exchanges, std::vector<std::string>& notices)
{
    std::vector<TapBinding> bindings;
    for (const ExchangeInfo& exchange : topology.exchanges) {
        const bool isNamed = std::ranges::find(exchanges, exchange.name) != exchanges.end();
        if (exchanges.empty() ? !isBrokersOwn(exchange) : isNamed && !exchange.name.empty())
            addBindings(topology, exchange, bindings, notices);
    }
    dropDoubles(bindings);
    return bindings;
}

std::vector<TapBinding> bindingsOfQueue(
    const BrokerTopology& topology, std::string_view queue, std::vector<std::string>& notices)
{
    std::vector<TapBinding> bindings;
    for (const BindingInfo& binding : topology.bindings) {
        if (binding.toQueue && binding.destination == queue && !binding.exchange.empty())
            bindings.push_back({binding.exchange, binding.key});
    }
    if (bindings.empty())
        notices.push_back(
            fmt::format("'{}' is bound to no exchange but the default one, whose messages cannot be copied.", queue));
    dropDoubles(bindings);
    return bindings;
}

Status LiveTap::open(const TapLimits& limits)
{
    const auto declared = m_connection.declareQueue(m_channel,
        {.name = {},
            .exclusive = true,
            .autoDelete = true,
            .arguments = {{"x-max-length", limits.messages}, {"x-max-length-bytes", limits.bytes},
                {"x-overflow", "drop-head"}, {"x-message-ttl", static_cast<std::int64_t>(limits.age.count())},
                {"x-expires", static_cast<std::int64_t>(limits.age.count())}}});
    if (!declared)
        return std::unexpected(declared.error());
    m_queue = declared->name;
    return m_connection.consume(m_channel, m_queue, true, {}, kConsumer);
}

Status LiveTap::bind(const std::vector<TapBinding>& bindings, std::vector<std::string>& notices)
{
    // On a channel of its own: a refusal closes it. What is bound is bound once more, which changes
    // nothing unless somebody deleted the exchange and declared it again.
    const std::uint16_t channel = m_channel + 1;
    bool isOpen = false;
    for (const TapBinding& binding : bindings) {
        if (std::ranges::find(m_refused, binding) != m_refused.end())
            continue;
        if (!isOpen) {
            if (Status opened = m_connection.openChannel(channel); !opened)
                return opened;
        }
        const Status bound = m_connection.bindQueue(channel, m_queue, binding.exchange, binding.key);
        if (m_connection.isLost())
            return bound;
        isOpen = bound.has_value();
        if (bound) {
            if (std::ranges::find(m_bound, binding) == m_bound.end())
                m_bound.push_back(binding);
            continue;
        }
        if (bound.error().code != core::ErrorCode::NotFound) // else it may come back
            m_refused.push_back(binding);
        notices.push_back(bound.error().message);
    }
    return isOpen ? m_connection.closeChannel(channel) : Status();
}

} // namespace eventscope::rabbitmq
