// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sourcing/event_store.h"
#include "sourcing/message_bus.h"
#include "sourcing/order_read_model.h"
#include "sourcing/projection.h"
#include "sourcing/upcaster.h"

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace eventscope::core {

/// Who the customers are. // any thread
class CustomerDirectory {
public:
    virtual ~CustomerDirectory() = default;
    /// NotFound for a customer nobody knows; that one's orders go without a name.
    virtual Result<std::string> nameOf(std::string_view customerId) const = 0;
};

/// Keeps the order read model in step: as a Projection from the store (catching up, rebuilding), and by
/// deliver() from a bus. The two may run at once. Each row remembers the version of its order's stream, so
/// an event counts once, whichever way and however often it comes; one that comes too early from a
/// bus waits for nobody: what it overtook is read from the store. // any thread
class OrderProjection final : public Projection {
public:
    /// All must outlive it.
    OrderProjection(OrderReadModel& model, const EventStore& store, const CustomerDirectory& customers,
        const UpcasterChain& upcasters);

    std::string name() const override { return "order_read_model"; }
    std::string category() const override { return "order"; }
    bool wants(std::string_view type) const override { return isOrderRowEvent(type); }

    Result<GlobalPosition> checkpoint(ProjectionTarget target) const override;
    Status apply(ProjectionTarget target, std::span<const RecordedEvent> events, GlobalPosition upTo) override;
    Status beginRebuild() override;
    Status finishRebuild() override;
    Status abandonRebuild() override;

    /// An event from a bus; during a rebuild it goes into both models. The checkpoint stays: it speaks of
    /// the store. HeldByOther when the store does not show yet what came before the event.
    Status deliver(const RecordedEvent& event);

private:
    struct Change;
    using Transaction = OrderReadModel::Transaction;

    Result<std::vector<Change>> prepare(std::span<const RecordedEvent> events) const;
    Result<std::vector<Change>> changesBefore(const RecordedEvent& event, StreamVersion from) const;
    static Status applyChange(Transaction& transaction, ProjectionTarget target, const Change& change);
    static Result<StreamVersion> oldestVersion(
        Transaction& transaction, std::span<const ProjectionTarget> targets, std::string_view orderId);
    Status inTransaction(const std::function<Status(Transaction&)>& body) const;

    OrderReadModel& m_model;
    const EventStore& m_store;
    const CustomerDirectory& m_customers;
    const UpcasterChain& m_upcasters;
};

/// Feeds the projection from the bus, for as long as the subscriptions are kept.
Result<std::vector<std::unique_ptr<Subscription>>> subscribeOrderProjection(
    MessageBus& bus, OrderProjection& projection, const RetryPolicy& retry = {});

} // namespace eventscope::core
