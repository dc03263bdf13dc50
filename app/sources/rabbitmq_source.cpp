// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sources/rabbitmq_source.h"

#include "event/clock.h"
#include "event_message.h"
#include "import_store.h"
#include "queue_look.h"
#include "rabbit_bus.h"
#include "rabbit_dead_letters.h"
#include "rabbit_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>
#include <utility>
#include <vector>

namespace eventscope::app {

using core::ErrorCode;
using core::fail;
using core::Result;

namespace {

constexpr std::array<std::string_view, 10> kOptions{
    "management", "cacert", "verify", "heartbeat", "timeout", "exchange", "queue", "stream", "peek", "live"};

std::vector<std::string> listOf(std::string_view text)
{
    std::vector<std::string> items;
    while (!text.empty()) {
        const std::string_view item = text.substr(0, text.find(','));
        if (!item.empty()) {
            items.emplace_back(item);
        }
        text.remove_prefix(std::min(text.size(), item.size() + 1));
    }
    return items;
}

Result<int> secondsOf(std::string_view name, std::string_view text)
{
    constexpr int kLeast = 1, kMost = 3600;
    int seconds = 0;
    const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (error != std::errc{} || rest != text.data() + text.size() || seconds < kLeast || seconds > kMost) {
        return fail(ErrorCode::InvalidArgument,
            fmt::format("amqp: wants a number of seconds from {} to {} for {}, not '{}'.", kLeast, kMost, name, text));
    }
    return seconds;
}

Result<bool> switchOf(std::string_view name, std::string_view text)
{
    if (text == "0" || text == "1") {
        return text == "1";
    }
    return fail(ErrorCode::InvalidArgument, fmt::format("amqp: wants 0 or 1 for {}, not '{}'.", name, text));
}

Result<rabbitmq::LookPolicy> lookPolicyOf(const core::SourceUrl& url)
{
    const std::string_view text = url.option("peek").value_or("harmless");
    if (text == "never") {
        return rabbitmq::LookPolicy::Never;
    }
    if (text == "harmless") {
        return rabbitmq::LookPolicy::Harmless;
    }
    if (text == "force") {
        return rabbitmq::LookPolicy::Forced;
    }
    return fail(
        ErrorCode::InvalidArgument, fmt::format("amqp: wants never, harmless or force for peek, not '{}'.", text));
}

struct Import {
    core::SystemClock clock;
    std::shared_ptr<rabbitmq::ImportStore> store;
};

/// Keeps the clock that the letters are dated by.
struct Letters {
    core::SystemClock clock;
    std::unique_ptr<rabbitmq::RabbitDeadLetters> queue;
};

} // namespace

Result<rabbitmq::RabbitOptions> rabbitOptionsOf(const core::SourceUrl& url)
{
    for (const auto& [name, value] : url.options) {
        if (std::ranges::find(kOptions, name) == kOptions.end()) {
            return fail(ErrorCode::InvalidArgument,
                fmt::format("amqp: has no option '{}'; there are {}.", name, fmt::join(kOptions, ", ")));
        }
    }
    if (url.hosts.size() != 1) {
        return fail(ErrorCode::InvalidArgument, "amqp: takes one host; a cluster's nodes all know the same.");
    }
    rabbitmq::RabbitOptions options;
    options.host = url.hosts.front().name;
    options.port = url.hosts.front().port;
    options.tls = url.tls;
    if (!url.user.empty()) {
        options.user = url.user;
    }
    // The broker's own default; anybody else's password comes with the URL.
    options.password = url.password.empty() && options.user == "guest" ? "guest" : url.password;
    if (!url.database.empty()) {
        options.vhost = url.database;
    }
    options.management = url.option("management").value_or("");
    while (options.management.ends_with('/')) {
        options.management.pop_back();
    }
    options.caFile = url.option("cacert").value_or("");
    if (const auto verify = url.option("verify")) {
        const auto isOn = switchOf("verify", *verify);
        if (!isOn) {
            return std::unexpected(isOn.error());
        }
        options.verifyPeer = *isOn;
    }
    if (const auto text = url.option("heartbeat")) {
        const auto seconds = secondsOf("heartbeat", *text);
        if (!seconds) {
            return std::unexpected(seconds.error());
        }
        options.heartbeat = std::chrono::seconds(*seconds);
    }
    if (const auto text = url.option("timeout")) {
        const auto seconds = secondsOf("timeout", *text);
        if (!seconds) {
            return std::unexpected(seconds.error());
        }
        options.connectTimeout = options.answerTimeout = std::chrono::seconds(*seconds);
    }
    return options;
}

Result<std::unique_ptr<core::Source>> openRabbitSource(const core::SourceUrl& url, std::string name)
{
    const auto rabbit = rabbitOptionsOf(url);
    if (!rabbit) {
        return std::unexpected(rabbit.error());
    }
    const auto look = lookPolicyOf(url);
    if (!look) {
        return std::unexpected(look.error());
    }
    const auto live = switchOf("live", url.option("live").value_or("1"));
    if (!live) {
        return std::unexpected(live.error());
    }
    auto source = rabbitmq::RabbitSource::open(std::move(name), *rabbit,
        {.exchanges = listOf(url.option("exchange").value_or("")),
            .queues = listOf(url.option("queue").value_or("")),
            .streams = listOf(url.option("stream").value_or("")),
            .look = *look,
            .live = *live});
    if (!source) {
        return std::unexpected(source.error());
    }
    return std::move(*source);
}

Result<std::shared_ptr<core::DeadLetterQueue>> openRabbitLetters(const core::SourceUrl& url)
{
    const auto rabbit = rabbitOptionsOf(url);
    if (!rabbit) {
        return std::unexpected(rabbit.error());
    }
    const auto look = lookPolicyOf(url);
    if (!look) {
        return std::unexpected(look.error());
    }
    auto letters = std::make_shared<Letters>();
    auto queue = rabbitmq::RabbitDeadLetters::open(
        *rabbit, letters->clock, {.queues = listOf(url.option("queue").value_or("")), .look = *look});
    if (!queue) {
        return std::unexpected(queue.error());
    }
    letters->queue = std::move(*queue);
    core::DeadLetterQueue* address = letters->queue.get();
    return std::shared_ptr<core::DeadLetterQueue>(std::move(letters), address);
}

Result<std::shared_ptr<core::EventStore>> openRabbitStore(const core::SourceUrl& url)
{
    const auto rabbit = rabbitOptionsOf(url);
    if (!rabbit) {
        return std::unexpected(rabbit.error());
    }
    auto import = std::make_shared<Import>();
    auto store = rabbitmq::ImportStore::open(*rabbit, import->clock);
    if (!store) {
        return std::unexpected(store.error());
    }
    import->store = std::move(*store);
    core::EventStore* address = import->store.get();
    return std::shared_ptr<core::EventStore>(std::move(import), address);
}

Result<DemoBroker> openRabbitDemo(
    const core::SourceUrl& url, core::Clock& clock, std::function<void(std::string_view)> onState)
{
    const auto rabbit = rabbitOptionsOf(url);
    if (!rabbit) {
        return std::unexpected(rabbit.error());
    }
    auto bus = rabbitmq::RabbitBus::open(*rabbit, clock, {.keepIn = "events.log", .onState = std::move(onState)});
    if (!bus) {
        return std::unexpected(bus.error());
    }
    return DemoBroker{
        .bus = std::move(*bus), .patternOf = [](std::string_view type) { return rabbitmq::routingKeyOf(type, "*"); }};
}

} // namespace eventscope::app
