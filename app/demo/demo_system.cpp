// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo/demo_system.h"

#include "demo/demo_store.h"
#include "demo/inventory_service.h"
#include "demo/order_handlers.h"
#include "demo/payment_service.h"
#include "demo/service_desk.h"
#include "demo/shipping_service.h"
#include "demo/shop.h"
#include "demo/shoppers.h"
#include "demo/view_burst.h"
#include "inspect/parked_letters.h"
#include "inspect/store_source.h"
#include "sourcing/in_process_bus.h"
#include "sourcing/order_commands.h"
#include "sourcing/order_projection.h"
#include "sourcing/order_saga.h"
#include "sourcing/outbox_relay.h"
#include "sourcing/projection_runner.h"
#include "sourcing/redelivery_relay.h"
#include "sourcing/repository.h"

#include <fmt/format.h>

#include <utility>
#include <vector>

namespace eventscope::app {

using namespace std::chrono_literals;
using core::ErrorCode;
using core::Result;
using core::Status;

namespace {

constexpr auto kCrashedFor = 1500ms;
constexpr auto kSettlePoll = 20ms;
constexpr int kBrokerRetries = 1000;

class ShopCustomers final : public core::CustomerDirectory {
public:
    Result<std::string> nameOf(std::string_view customerId) const override
    {
        const Customer* customer = findCustomer(customerId);
        if (customer == nullptr) {
            return fail(ErrorCode::NotFound, fmt::format("there is no customer {}", customerId));
        }
        return std::string(customer->name);
    }
};

core::OrderSagaPolicy sagaPolicy()
{
    return {.retry = {.maxRetries = 3, .firstDelay = 100ms},
        .compensationRetry = {.maxRetries = kBlockedRefunds - 1, .firstDelay = 100ms},
        .waitForStock = true};
}

} // namespace

// In the order of making; what is below uses what is above, so it goes first.
struct DemoSystem::Private {
    Private(core::Clock& systemClock, DemoOptions demoOptions, DemoStore demoStore)
        : clock(systemClock), options(std::move(demoOptions)), store(std::move(demoStore))
    {
    }

    core::Clock& clock;
    DemoOptions options;
    DemoStore store;
    core::UuidV7Generator ids{clock};

    core::UpcasterChain upcasters = core::orderUpcasters();
    core::AggregateStore aggregates{
        *store.events, upcasters, clock, ids, {.store = store.snapshots.get(), .every = 100}};
    core::Repository<core::Order> orders{aggregates};
    core::OrderCommandHandler commands{orders, clock};
    ServiceDesk desk{*store.events, clock, ids};
    PaymentService payments{desk};
    InventoryService inventory{desk};
    ShippingService shipping{desk};

    core::InProcessBus bus{clock, ids, *store.deadLetters};
    std::unique_ptr<OrderHandlers> handlers;
    std::unique_ptr<core::Subscription> published, forwarded;
    std::unique_ptr<core::OutboxRelay> relay;
    std::unique_ptr<core::RedeliveryRelay> redelivery;

    ShopCustomers customers;
    core::OrderProjection projection{*store.readModel, *store.events, customers, upcasters};
    // From the store it holds everything; from the bus it holds it sooner.
    core::ProjectionRunner projections{*store.events, clock};
    std::vector<std::unique_ptr<core::Subscription>> projected;

    std::unique_ptr<core::SagaRunner> sagas;
    std::unique_ptr<Shoppers> shoppers;
    ViewBurst views{*store.events, clock, ids, options.seed,
        [this](const core::Error& error) { report("view events cannot be kept", error); }};
    std::stop_source stopped;

    Status wire();
    Status goOn();
    void report(std::string_view what, const core::Error& error) const;
    Result<bool> isSettled() const;
};

void DemoSystem::Private::report(std::string_view what, const core::Error& error) const
{
    if (options.onProblem) {
        options.onProblem(fmt::format("{}: {}", what, error.message));
    }
}

Status DemoSystem::Private::wire()
{
    const DemoBroker& broker = options.broker;
    OrderHandlers::Parts parts{.bus = broker.bus ? *broker.bus : bus,
        .store = *store.events,
        .database = store.database,
        .idempotency = *store.idempotency,
        .clock = clock};
    if (broker.bus) {
        parts.patternOf = broker.patternOf;
        parts.retry = {}; // the broker's own pace: 1, 2 and 4 seconds
    }
    auto subscribed = OrderHandlers::subscribe(std::move(parts));
    if (!subscribed) {
        return std::unexpected(subscribed.error());
    }
    handlers = std::move(*subscribed);
    auto fed = core::subscribeOrderProjection(bus, projection, {.firstDelay = 20ms});
    if (!fed) {
        return std::unexpected(fed.error());
    }
    projected = std::move(*fed);
    if (broker.bus) {
        // An event counts as published when the broker has confirmed it; one that is away is waited for.
        auto forwarder = bus.subscribe({.name = "broker",
            .pattern = "*",
            .handler = [this](const auto& event) { return options.broker.bus->publish(event); },
            .retry = {.maxRetries = kBrokerRetries, .firstDelay = 250ms, .maxDelay = 5s}});
        if (!forwarder) {
            return std::unexpected(forwarder.error());
        }
        forwarded = std::move(*forwarder);
    }
    if (options.onPublished) {
        auto observer = bus.subscribe({.name = "observer", .pattern = "*", .handler = [this](const auto& event) {
                                           options.onPublished(event);
                                           return Status();
                                       }});
        if (!observer) {
            return std::unexpected(observer.error());
        }
        published = std::move(*observer);
    }
    auto runner = core::SagaRunner::create(*store.events, clock, ids,
        {core::orderSaga({.orders = orders,
                             .commands = commands,
                             .payments = payments,
                             .inventory = inventory,
                             .shipping = shipping,
                             .ids = ids,
                             .clock = clock},
            sagaPolicy())},
        {.workers = options.sagaWorkers,
            .onProblem = [this](std::string_view saga, const core::Error& error) { report(saga, error); }});
    if (!runner) {
        return std::unexpected(runner.error());
    }
    sagas = std::move(*runner);
    return {};
}

// Takes up what an earlier life left.
Status DemoSystem::Private::goOn()
{
    relay = std::make_unique<core::OutboxRelay>(*store.sqliteEvents, bus, *store.deadLetters, clock, ids);
    relay->wakeOn(*store.events);
    redelivery = std::make_unique<core::RedeliveryRelay>(*store.redeliveries, bus, *store.deadLetters, clock, ids);
    redelivery->start();
    if (Status added = projections.add(projection); !added) {
        return added;
    }
    const auto resumed = sagas->resumeAll();
    return resumed ? Status() : std::unexpected(resumed.error());
}

Result<std::unique_ptr<DemoSystem>> DemoSystem::open(core::Clock& clock, DemoOptions options)
{
    auto store = DemoStore::open(options.file, clock, options.onStored);
    if (!store) {
        return std::unexpected(store.error());
    }
    std::unique_ptr<DemoSystem> system(new DemoSystem);
    system->d = std::make_unique<Private>(clock, std::move(options), std::move(*store));
    Status status = system->d->wire();
    if (status) {
        status = system->d->goOn();
    }
    if (!status) {
        return std::unexpected(status.error());
    }
    return system;
}

DemoSystem::DemoSystem() = default;

DemoSystem::~DemoSystem()
{
    stop();
}

void DemoSystem::start()
{
    // Each order of the story has one saga, started in the story's order.
    const auto started = d->store.events->streams({}, core::kNoLimit, core::SagaState::kCategory);
    if (!started) {
        d->report("the orders so far cannot be counted", started.error());
        return;
    }
    d->shoppers = std::make_unique<Shoppers>(*d->sagas, d->clock,
        Shoppers::Settings{.seed = d->options.seed,
            .rate = d->options.rate,
            .failureShare = d->options.failureShare,
            .firstIndex = started->size()},
        [this](const core::Error& error) { d->report("an order cannot be placed", error); });
}

void DemoSystem::closeShop()
{
    if (d->shoppers) {
        d->shoppers->stop();
    }
}

void DemoSystem::stop()
{
    if (!d) {
        return;
    }
    d->stopped.request_stop();
    closeShop();
    d->views.stop();
    if (d->sagas) {
        d->sagas->stop();
    }
    if (d->relay) {
        d->relay->stop();
    }
    if (d->redelivery) {
        d->redelivery->stop();
    }
    d->bus.stop();
    d->projections.stop();
}

void DemoSystem::setRate(double ordersPerSecond)
{
    d->options.rate = ordersPerSecond;
    if (d->shoppers) {
        d->shoppers->setRate(ordersPerSecond);
    }
}

double DemoSystem::rate() const
{
    return d->shoppers ? d->shoppers->rate() : d->options.rate;
}

void DemoSystem::setFailureShare(double share)
{
    d->options.failureShare = share;
    if (d->shoppers) {
        d->shoppers->setFailureShare(share);
    }
}

double DemoSystem::failureShare() const
{
    return d->shoppers ? d->shoppers->failureShare() : d->options.failureShare;
}

void DemoSystem::causeDecline()
{
    if (d->shoppers) {
        d->shoppers->causeNext(Ending::PaymentDeclined);
    }
}

void DemoSystem::causePoison()
{
    if (d->shoppers) {
        d->shoppers->causeNext(Poison::BrokenAddress);
    }
}

void DemoSystem::crashWorker()
{
    d->sagas->crashNextWorker(kCrashedFor);
}

void DemoSystem::burstViews(double perSecond, std::chrono::milliseconds length)
{
    d->views.burst(perSecond, length);
}

Status DemoSystem::retrySaga(std::string_view sagaId, std::string_view step, std::string_view requestedBy)
{
    return d->sagas->retry(sagaId, step, requestedBy);
}

Result<bool> DemoSystem::Private::isSettled() const
{
    const auto before = store.events->lastPosition();
    const core::SagaRunnerFigures saga = sagas->figures();
    const auto redeliveries = store.redeliveries->pending(1);
    const auto backlog = relay->backlog();
    const auto after = store.events->lastPosition();
    for (const core::Error* error : {before ? nullptr : &before.error(), redeliveries ? nullptr : &redeliveries.error(),
             backlog ? nullptr : &backlog.error(), after ? nullptr : &after.error()}) {
        if (error != nullptr) {
            return std::unexpected(*error);
        }
    }
    return saga.queued + saga.active + saga.waiting == 0 && redeliveries->empty() && *backlog == 0 && *before == *after;
}

Status DemoSystem::settle(std::stop_token stop)
{
    while (!stop.stop_requested() && !d->stopped.stop_requested()) {
        const auto settled = d->isSettled();
        if (!settled) {
            return std::unexpected(settled.error());
        }
        if (*settled && d->projections.waitUntilLive(d->projection.name())) {
            return {};
        }
        d->clock.sleepFor(kSettlePoll, stop);
    }
    return fail(ErrorCode::Cancelled, "the order system was stopped before it came to rest.");
}

DemoFigures DemoSystem::figures() const
{
    const OrderHandlers::Figures effects = d->handlers->figures();
    return {.orders = d->shoppers ? d->shoppers->placed() : 0,
        .events = d->store.events->lastPosition().value_or(core::GlobalPosition{}).value,
        .sagas = d->sagas->figures(),
        .deadLetters = d->store.deadLetters->count().value_or(0),
        .outboxBacklog = d->relay->backlog().value_or(0),
        .published = d->relay->statistics().published,
        .notifications = effects.notifications,
        .loyalty = effects.loyalty,
        .searchIndex = effects.searchIndex,
        .views = d->views.viewed(),
        .repeated = effects.repeated};
}

bool DemoSystem::isWaitingForTime() const
{
    const core::SagaRunnerFigures saga = d->sagas->figures();
    if (saga.queued > 0 || saga.active > static_cast<std::size_t>(d->desk.working())) {
        return false;
    }
    if (d->relay->backlog().value_or(0) > d->relay->statistics().underWay) {
        return false;
    }
    const core::BusStatistics bus = d->bus.statistics();
    if (bus.pending > bus.sleeping) {
        return false;
    }
    return !d->shoppers || d->shoppers->isResting();
}

std::unique_ptr<core::Source> DemoSystem::makeSource(std::string name) const
{
    return std::make_unique<core::StoreSource>(std::move(name),
        core::StoreParts{.events = d->store.events,
            .deadLetters = d->store.deadLetters,
            .outbox = d->store.sqliteEvents,
            .canRequeue = true,
            .canDiscard = true});
}

std::unique_ptr<core::DeadLetterQueue> DemoSystem::makeDeadLetterQueue() const
{
    return std::make_unique<core::ParkedLetters>(*d->store.deadLetters, *d->store.redeliveries, d->store.events.get());
}

core::EventStore& DemoSystem::events() const
{
    return *d->store.events;
}

std::shared_ptr<core::EventStore> DemoSystem::sharedEvents() const
{
    return d->store.events;
}

std::shared_ptr<core::DeadLetterStore> DemoSystem::deadLetters() const
{
    return d->store.deadLetters;
}

} // namespace eventscope::app
