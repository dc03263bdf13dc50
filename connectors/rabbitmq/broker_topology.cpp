// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "broker_topology.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace eventscope::rabbitmq {

using core::Json;

namespace {

std::int64_t integerOf(const Json& json, std::string_view name)
{
    const Json* value = json.find(name);
    std::int64_t number = 0;
    if (value && value->isNumber()) {
        const std::string& text = value->numberText();
        std::from_chars(text.data(), text.data() + text.size(), number);
    }
    return number;
}

bool truthOf(const Json& json, std::string_view name)
{
    const Json* value = json.find(name);
    return value && value->isBool() && value->asBool();
}

double rateOf(const Json& queue, std::string_view pointer)
{
    const Json* value = queue.at(pointer);
    double rate = 0;
    if (value && value->isNumber()) {
        const std::string& text = value->numberText();
        std::from_chars(text.data(), text.data() + text.size(), rate);
    }
    return rate;
}

Json memberOf(const Json& json, std::string_view name)
{
    const Json* value = json.find(name);
    return value && value->isObject() ? *value : Json(Json::Object{});
}

QueueInfo queueFrom(const Json& json)
{
    QueueInfo queue;
    queue.name = json.stringOr("name");
    queue.type = json.stringOr("type", "classic");
    queue.arguments = memberOf(json, "arguments");
    queue.policy = memberOf(json, "effective_policy_definition");
    queue.messages = integerOf(json, "messages");
    queue.ready = integerOf(json, "messages_ready");
    queue.consumers = integerOf(json, "consumers");
    queue.publishRate = rateOf(json, "/message_stats/publish_details/rate");
    queue.deliverRate = rateOf(json, "/message_stats/deliver_get_details/rate");
    queue.exclusive = truthOf(json, "exclusive");
    queue.isRunning = json.stringOr("state") == "running";
    return queue;
}

/// Only what is shown: a broker with thousands of queues is slow to say everything.
constexpr std::string_view kQueueColumns
    = "name,type,arguments,effective_policy_definition,messages,messages_ready,consumers,exclusive,state,"
      "message_stats.publish_details.rate,message_stats.deliver_get_details.rate";

std::string lower(std::string_view text)
{
    std::string result(text);
    std::ranges::transform(
        result, result.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return result;
}

/// The queues behind an exchange for a routing key (no key: for any), through other exchanges.
void reach(const BrokerTopology& topology, std::string_view exchange, const Json* key, std::set<std::string>& seen,
    std::set<std::string>& queues)
{
    if (!seen.emplace(exchange).second)
        return;
    const ExchangeInfo* info = topology.exchange(exchange);
    const bool byKey = key && key->isString() && info && info->type == "direct";
    for (const BindingInfo& binding : topology.bindings) {
        if (binding.exchange != exchange || (byKey && binding.key != key->asString()))
            continue;
        if (binding.toQueue)
            queues.insert(binding.destination);
        else
            reach(topology, binding.destination, key, seen, queues);
    }
}

} // namespace

const Json* QueueInfo::setting(std::string_view argument) const
{
    if (const Json* value = arguments.find(argument))
        return value;
    return policy.find(argument.substr(2));
}

std::optional<std::int64_t> QueueInfo::number(std::string_view argument) const
{
    const Json* value = setting(argument);
    if (!value || !value->isNumber())
        return std::nullopt;
    std::int64_t number = 0;
    const std::string& text = value->numberText();
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

bool QueueInfo::hasSingleConsumer() const
{
    const Json* single = setting("x-single-active-consumer");
    return exclusive || (single && single->isBool() && single->asBool());
}

const QueueInfo* BrokerTopology::queue(std::string_view name) const
{
    const auto found = std::ranges::find(queues, name, &QueueInfo::name);
    return found == queues.end() ? nullptr : &*found;
}

const ExchangeInfo* BrokerTopology::exchange(std::string_view name) const
{
    const auto found = std::ranges::find(exchanges, name, &ExchangeInfo::name);
    return found == exchanges.end() ? nullptr : &*found;
}

bool delaysOnly(const QueueInfo& queue)
{
    return queue.setting("x-message-ttl") != nullptr;
}

core::Result<BrokerTopology> readTopology(ManagementApi& api, std::stop_token stop)
{
    const auto queues = api.get(fmt::format("queues/{}?columns={}", api.vhost(), kQueueColumns), stop);
    if (!queues)
        return std::unexpected(queues.error());
    const auto exchanges = api.get(fmt::format("exchanges/{}?columns=name,type,internal", api.vhost()), stop);
    if (!exchanges)
        return std::unexpected(exchanges.error());
    const auto bindings = api.get(
        fmt::format("bindings/{}?columns=source,destination,destination_type,routing_key", api.vhost()), stop);
    if (!bindings)
        return std::unexpected(bindings.error());
    BrokerTopology topology;
    if (!queues->isArray() || !exchanges->isArray() || !bindings->isArray())
        return core::fail(core::ErrorCode::Unreachable,
            fmt::format("What answers at {} is no management plugin of RabbitMQ; check ?management=URL.", api.url()));
    for (const Json& queue : queues->asArray())
        topology.queues.push_back(queueFrom(queue));
    for (const Json& exchange : exchanges->asArray()) {
        topology.exchanges.push_back({std::string(exchange.stringOr("name")), std::string(exchange.stringOr("type")),
            truthOf(exchange, "internal")});
    }
    for (const Json& binding : bindings->asArray()) {
        topology.bindings.push_back(
            {std::string(binding.stringOr("source")), std::string(binding.stringOr("destination")),
                std::string(binding.stringOr("routing_key")), binding.stringOr("destination_type") == "queue"});
    }
    markDeadLetterQueues(topology);
    return topology;
}

void markDeadLetterQueues(BrokerTopology& topology)
{
    std::set<std::string> queues;
    for (const QueueInfo& queue : topology.queues) {
        const Json* exchange = queue.setting("x-dead-letter-exchange");
        if (!exchange || !exchange->isString() || delaysOnly(queue))
            continue;
        const Json* key = queue.setting("x-dead-letter-routing-key");
        std::set<std::string> seen;
        if (!exchange->asString().empty())
            reach(topology, exchange->asString(), key, seen, queues);
        else if (key && key->isString())
            queues.insert(key->asString());
    }
    for (QueueInfo& queue : topology.queues)
        queue.isDeadLetter = (queues.contains(queue.name) && !delaysOnly(queue)) || isDeadLetterName(queue.name);
}

bool isDeadLetterName(std::string_view name)
{
    constexpr std::array<std::string_view, 8> kWhole{"error", "audit", "dead-letter", "dead-letters", "deadletter",
        "deadletters", "easynetq_default_error_queue", "wolverine-dead-letter-queue"};
    constexpr std::array<std::string_view, 15> kEnds{"dlq", "dlx", "deadletter", "deadletters", "dead-letter",
        "dead-letters", "dead_letter", "dead_letters", "dead.letter", "dead.letters", "error", "errors", "skipped",
        "failed", "poison"};
    constexpr std::array<std::string_view, 4> kLots{"parkinglot", "parking-lot", "parking_lot", "parking.lot"};
    const std::string text = lower(name);
    if (std::ranges::find(kWhole, text) != kWhole.end())
        return true;
    const auto endsWith = [&](std::string_view end) {
        return text.size() > end.size() && text.ends_with(end)
            && std::string_view("._-").find(text[text.size() - end.size() - 1]) != std::string_view::npos;
    };
    return std::ranges::any_of(kEnds, endsWith) || std::ranges::any_of(kLots, endsWith);
}

} // namespace eventscope::rabbitmq
