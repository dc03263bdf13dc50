// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "rabbit_bus.h"

#include "event_message.h"
#include "publisher.h"
#include "rabbit_subscription.h"
#include "topology.h"

#include <condition_variable>
#include <mutex>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace eventscope::rabbitmq {

using core::ErrorCode;
using core::fail;
using core::Status;

namespace {

/// Names in use on a bus; what is left of it when the bus goes first.
struct Names {
    std::mutex mutex;
    std::set<std::string> taken;
};

/// Those that are there. Told when the publisher has to declare the exchange again: one that was
/// deleted comes back without bindings.
struct Subscriptions {
    std::mutex mutex;
    std::vector<std::weak_ptr<RabbitSubscription>> all;

    void add(const std::shared_ptr<RabbitSubscription>& subscription)
    {
        const std::scoped_lock lock(mutex);
        std::erase_if(all, [](const auto& each) { return each.expired(); });
        all.push_back(subscription);
    }
    void declareSoon()
    {
        const std::scoped_lock lock(mutex);
        for (const auto& each : all) {
            if (const auto subscription = each.lock())
                subscription->declareSoon();
        }
    }
};

class Handle final : public core::Subscription {
public:
    Handle(std::shared_ptr<RabbitSubscription> subscription, std::shared_ptr<Names> names, std::string name)
        : m_subscription(std::move(subscription)), m_names(std::move(names)), m_name(std::move(name))
    {
    }
    ~Handle() override
    {
        m_subscription->stop();
        const std::scoped_lock lock(m_names->mutex);
        m_names->taken.erase(m_name);
    }

private:
    std::shared_ptr<RabbitSubscription> m_subscription;
    std::shared_ptr<Names> m_names;
    std::string m_name;
};

/// Waits until all of a batch are settled.
class Settlement {
public:
    explicit Settlement(std::size_t count) : m_open(count) { }

    void settle(const Status& outcome)
    {
        const std::scoped_lock lock(m_mutex);
        if (!outcome && !m_error)
            m_error = outcome.error();
        if (--m_open == 0)
            m_done.notify_all();
    }
    Status wait()
    {
        std::unique_lock lock(m_mutex);
        m_done.wait(lock, [this] { return m_open == 0; });
        return m_error ? Status(std::unexpected(*m_error)) : Status();
    }

private:
    std::mutex m_mutex;
    std::condition_variable m_done;
    std::size_t m_open;
    std::optional<core::Error> m_error;
};

} // namespace

struct RabbitBus::Private {
    RabbitOptions rabbit;
    RabbitBusOptions options;
    core::Clock* clock = nullptr;
    std::shared_ptr<Publisher> publisher{};
    /// For retries and dead letters, so that a queue of those that hangs delays no event. Impatient: a
    /// copy that is not confirmed leaves its original where it is, and that comes again.
    std::shared_ptr<Publisher> copies{};
    std::shared_ptr<Names> names = std::make_shared<Names>();
    std::shared_ptr<Subscriptions> subscriptions = std::make_shared<Subscriptions>();
};

core::Result<std::unique_ptr<RabbitBus>> RabbitBus::open(
    const RabbitOptions& rabbit, core::Clock& clock, RabbitBusOptions options)
{
    auto d = std::make_unique<Private>(Private{.rabbit = rabbit, .options = std::move(options), .clock = &clock});
    constexpr std::uint16_t kChannel = 1;
    auto publisher = Publisher::open(rabbit,
        {.window = d->options.window,
            .patience = d->options.patience,
            .topology =
                [exchange = d->options.exchange, stream = d->options.keepIn, subscriptions = d->subscriptions](
                    AmqpConnection& connection) {
                    const Status declared = declareExchanges(connection, kChannel, exchange);
                    subscriptions->declareSoon();
                    return declared && !stream.empty() ? declareKeptEvents(connection, kChannel, exchange, stream)
                                                       : declared;
                },
            .onState = d->options.onState});
    if (!publisher)
        return std::unexpected(publisher.error());
    d->publisher = std::move(*publisher);
    auto copies = Publisher::open(rabbit,
        {.window = d->options.window, .patience = rabbit.answerTimeout, .topology = {}, .onState = d->options.onState});
    if (!copies)
        return std::unexpected(copies.error());
    d->copies = std::move(*copies);
    return std::unique_ptr<RabbitBus>(new RabbitBus(std::move(d)));
}

RabbitBus::RabbitBus(std::unique_ptr<Private> p) : d(std::move(p)) { }
RabbitBus::~RabbitBus() = default;

Status RabbitBus::publish(const core::RecordedEvent& event)
{
    return publishBatch({&event, 1});
}

Status RabbitBus::publishBatch(std::span<const core::RecordedEvent> events)
{
    if (events.empty())
        return {};
    const auto settlement = std::make_shared<Settlement>(events.size());
    if (Status sent
        = publishTracked(events, [settlement](std::size_t, const Status& outcome) { settlement->settle(outcome); });
        !sent)
        return sent;
    return settlement->wait();
}

Status RabbitBus::publishTracked(std::span<const core::RecordedEvent> events, core::SettledFunction settled)
{
    constexpr std::size_t kLongestKey = 255;
    std::vector<OutgoingMessage> messages;
    messages.reserve(events.size());
    for (const core::RecordedEvent& event : events) {
        messages.push_back(messageOf(event, d->options.exchange));
        if (messages.back().routingKey.size() > kLongestKey || event.id.size() > kLongestKey
            || event.type.size() > kLongestKey || event.metadata.correlationId.size() > kLongestKey)
            return fail(ErrorCode::InvalidArgument,
                fmt::format("The event {} has a type, id or correlation id of more than {} bytes; AMQP carries none.",
                    event.id.substr(0, kLongestKey), kLongestKey));
    }
    d->publisher->send(std::move(messages), settled);
    return {};
}

core::Result<std::unique_ptr<core::Subscription>> RabbitBus::subscribe(core::SubscriptionSpec spec)
{
    if (spec.name.empty() || spec.pattern.empty() || !spec.handler)
        return fail(ErrorCode::InvalidArgument, "A subscription needs a name, a pattern and a handler.");
    const std::string name = spec.name;
    {
        const std::scoped_lock lock(d->names->mutex);
        if (!d->names->taken.insert(name).second)
            return fail(ErrorCode::InvalidArgument, fmt::format("There is a subscription named '{}' already.", name));
    }
    auto started = RabbitSubscription::start({d->rabbit, d->options, std::move(spec), d->copies, d->clock});
    if (!started) {
        const std::scoped_lock lock(d->names->mutex);
        d->names->taken.erase(name);
        return std::unexpected(started.error());
    }
    d->subscriptions->add(*started);
    return std::make_unique<Handle>(std::move(*started), d->names, name);
}

} // namespace eventscope::rabbitmq
