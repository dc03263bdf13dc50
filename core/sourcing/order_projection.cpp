// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sourcing/order_projection.h"

#include "sourcing/order_state.h"

#include <fmt/core.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <utility>

namespace eventscope::core {

struct OrderProjection::Change {
    OrderRowEvent event;
    StreamVersion version;
    GlobalPosition position;
};

OrderProjection::OrderProjection(
    OrderReadModel& model, const EventStore& store, const CustomerDirectory& customers, const UpcasterChain& upcasters)
    : m_model(model), m_store(store), m_customers(customers), m_upcasters(upcasters)
{
}

Status OrderProjection::inTransaction(const std::function<Status(Transaction&)>& body) const
{
    auto transaction = m_model.begin();
    if (!transaction)
        return std::unexpected(std::move(transaction.error()));
    if (auto done = body(**transaction); !done)
        return done;
    return (*transaction)->commit();
}

Result<GlobalPosition> OrderProjection::checkpoint(ProjectionTarget target) const
{
    GlobalPosition position;
    const auto read = inTransaction([&](Transaction& transaction) -> Status {
        const auto checkpoint = transaction.checkpoint(target);
        if (!checkpoint)
            return std::unexpected(checkpoint.error());
        position = *checkpoint;
        return {};
    });
    if (!read)
        return std::unexpected(read.error());
    return position;
}

Status OrderProjection::apply(ProjectionTarget target, std::span<const RecordedEvent> events, GlobalPosition upTo)
{
    // Names are looked up before the transaction begins: that may take its time.
    const auto changes = prepare(events);
    if (!changes)
        return std::unexpected(changes.error());
    return inTransaction([&](Transaction& transaction) -> Status {
        const auto checkpoint = transaction.checkpoint(target);
        if (!checkpoint)
            return std::unexpected(checkpoint.error());
        for (const Change& change : *changes) {
            if (change.position <= *checkpoint)
                continue;
            if (auto applied = applyChange(transaction, target, change); !applied)
                return applied;
        }
        return upTo > *checkpoint ? transaction.setCheckpoint(target, upTo) : Status();
    });
}

Status OrderProjection::beginRebuild()
{
    return inTransaction([](Transaction& transaction) { return transaction.beginRebuild(); });
}

Status OrderProjection::finishRebuild()
{
    return inTransaction([](Transaction& transaction) -> Status {
        const auto isRebuilding = transaction.isRebuilding();
        if (!isRebuilding)
            return std::unexpected(isRebuilding.error());
        if (!*isRebuilding)
            return fail(ErrorCode::NotFound, "No rebuild of the orders is under way.");
        const auto live = transaction.checkpoint(ProjectionTarget::Live);
        const auto rebuilt = transaction.checkpoint(ProjectionTarget::Rebuild);
        if (!live || !rebuilt)
            return std::unexpected(live ? rebuilt.error() : live.error());
        if (*rebuilt < *live)
            return fail(ErrorCode::Refused,
                fmt::format("The new order rows hold everything up to {}, the live ones up to {}: not yet.",
                    rebuilt->value, live->value));
        return transaction.swapRebuild();
    });
}

Status OrderProjection::abandonRebuild()
{
    return inTransaction([](Transaction& transaction) { return transaction.dropRebuild(); });
}

Status OrderProjection::deliver(const RecordedEvent& event)
{
    if (!wants(event.type))
        return {};
    if (event.version.value < 1)
        return fail(ErrorCode::InvalidArgument,
            fmt::format("The event {} came without its version in the stream, so nobody can tell it from a repetition.",
                event.id));
    auto changes = prepare({&event, 1});
    if (!changes)
        return std::unexpected(std::move(changes.error()));
    StreamVersion first = event.version; // `changes` hold everything from this version on
    while (true) {
        StreamVersion oldest;
        const auto applied = inTransaction([&](Transaction& transaction) -> Status {
            std::vector<ProjectionTarget> targets{ProjectionTarget::Live};
            const auto isRebuilding = transaction.isRebuilding();
            if (!isRebuilding)
                return std::unexpected(isRebuilding.error());
            if (*isRebuilding)
                targets.push_back(ProjectionTarget::Rebuild);
            const auto version = oldestVersion(transaction, targets, changes->back().event.orderId);
            if (!version)
                return std::unexpected(version.error());
            oldest = *version;
            if (oldest.next() < first)
                return {};
            for (const ProjectionTarget target : targets) {
                for (const Change& change : *changes) {
                    if (auto done = applyChange(transaction, target, change); !done)
                        return done;
                }
            }
            return {};
        });
        if (!applied || oldest.next() >= first)
            return applied;
        auto earlier = changesBefore(event, oldest.next());
        if (!earlier)
            return std::unexpected(std::move(earlier.error()));
        earlier->push_back(std::move(changes->back()));
        changes = std::move(earlier);
        first = oldest.next();
    }
}

Result<StreamVersion> OrderProjection::oldestVersion(
    Transaction& transaction, std::span<const ProjectionTarget> targets, std::string_view orderId)
{
    std::optional<StreamVersion> oldest;
    for (const ProjectionTarget target : targets) {
        const auto version = transaction.version(target, orderId);
        if (!version)
            return version;
        oldest = oldest ? std::min(*oldest, *version) : *version;
    }
    return oldest.value_or(StreamVersion{});
}

Status OrderProjection::applyChange(Transaction& transaction, ProjectionTarget target, const Change& change)
{
    const std::string& orderId = change.event.orderId;
    const auto version = transaction.version(target, orderId);
    if (!version)
        return std::unexpected(version.error());
    if (change.version <= *version)
        return {};
    auto row = transaction.find(target, orderId);
    if (!row)
        return std::unexpected(std::move(row.error()));
    const auto next = nextOrderRow(std::move(*row), change.event);
    if (!next)
        return std::unexpected(next.error());
    if (*next) {
        if (auto put = transaction.put(target, **next); !put)
            return put;
    }
    return transaction.setVersion(target, orderId, change.version);
}

Result<std::vector<OrderProjection::Change>> OrderProjection::prepare(std::span<const RecordedEvent> events) const
{
    std::vector<Change> changes;
    std::map<std::string, std::string, std::less<>> names;
    for (const RecordedEvent& event : events) {
        auto data = m_upcasters.upcast(event.type, event.schemaVersion, event.data);
        if (!data)
            return std::unexpected(std::move(data.error()));
        Change change{.event = {.orderId = std::string(aggregateIdOf(event.stream)),
                          .type = event.type,
                          .time = event.time,
                          .data = std::move(*data)},
            .version = event.version,
            .position = event.position};
        if (event.type == order_event::kPlaced) {
            const std::string customerId(change.event.data.stringOr("customerId"));
            auto known = names.find(customerId);
            if (known == names.end()) {
                const auto name = m_customers.nameOf(customerId);
                if (!name && name.error().code != ErrorCode::NotFound)
                    return std::unexpected(name.error());
                known = names.emplace(customerId, name.value_or(std::string())).first;
            }
            change.event.customerName = known->second;
        }
        changes.push_back(std::move(change));
    }
    return changes;
}

Result<std::vector<OrderProjection::Change>> OrderProjection::changesBefore(
    const RecordedEvent& event, StreamVersion from) const
{
    std::vector<RecordedEvent> events;
    StreamVersion last;
    const auto visited = m_store.visitStream(event.stream, {.from = from}, [&](const EventView& view) {
        if (view.version >= event.version)
            return false;
        last = view.version;
        if (wants(view.type))
            events.push_back(view.toRecorded());
        return true;
    });
    if (!visited && visited.error().code != ErrorCode::NotFound)
        return std::unexpected(visited.error());
    if (last.next() < event.version)
        return fail(ErrorCode::HeldByOther,
            fmt::format("{} came from the bus as version {}, but the store shows nothing beyond version {} yet.",
                event.stream, event.version.value, last.value));
    return prepare(events);
}

Result<std::vector<std::unique_ptr<Subscription>>> subscribeOrderProjection(
    MessageBus& bus, OrderProjection& projection, const RetryPolicy& retry)
{
    std::vector<std::unique_ptr<Subscription>> subscriptions;
    for (const std::string_view type :
        {order_event::kPlaced, order_event::kPaymentConfirmed, order_event::kShipped, order_event::kCancelled}) {
        auto subscription = bus.subscribe({.name = fmt::format("{} {}", projection.name(), type),
            .pattern = std::string(type),
            .handler = [&projection](const RecordedEvent& event) { return projection.deliver(event); },
            .retry = retry});
        if (!subscription)
            return std::unexpected(std::move(subscription.error()));
        subscriptions.push_back(std::move(*subscription));
    }
    return subscriptions;
}

} // namespace eventscope::core
