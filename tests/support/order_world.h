// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/clock.h"
#include "event/ids.h"
#include "sourcing/aggregate_store.h"
#include "sourcing/memory_event_store.h"
#include "sourcing/memory_snapshot_store.h"
#include "sourcing/order.h"
#include "sourcing/order_commands.h"
#include "sourcing/repository.h"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace eventscope::test {

/// Everything that orders need, in memory, at a standing time and with ids that repeat.
class OrderWorld {
public:
    explicit OrderWorld(std::int64_t snapshotEvery = 100) : OrderWorld(nullptr, snapshotEvery) { }
    /// Writes and reads through that store instead.
    explicit OrderWorld(core::EventStore* through, std::int64_t snapshotEvery = 100)
        : aggregates(through ? *through : events, upcasters, clock, ids, {.store = &snapshots, .every = snapshotEvery})
    {
    }

    core::ManualClock clock{core::Timestamp(std::chrono::seconds(1'700'000'000))};
    core::UuidV7Generator ids{clock, 1};
    core::UpcasterChain upcasters = core::orderUpcasters();
    core::MemoryEventStore events;
    core::MemorySnapshotStore snapshots;
    core::AggregateStore aggregates;
    core::Repository<core::Order> orders{aggregates};
    core::OrderCommandHandler commands{orders, clock};

    static std::vector<core::OrderItem> tea()
    {
        return {{.sku = "tea", .quantity = 2, .price = core::Decimal::parse("19.00").value()}};
    }
    core::Status place(std::string_view id)
    {
        core::Order order{std::string(id)};
        if (core::Status placed = order.place("customer-1", tea()); !placed)
            return placed;
        return orders.save(order);
    }
    std::vector<core::RecordedEvent> stored(std::string_view id) const
    {
        return events.readStream("order-" + std::string(id)).value_or(std::vector<core::RecordedEvent>());
    }
    /// Appends as somebody else would.
    void append(std::string_view id, std::string_view type, std::string_view data, int schemaVersion = 1)
    {
        const core::NewEvent event{.id = ids.next(),
            .type = std::string(type),
            .schemaVersion = schemaVersion,
            .time = clock.now(),
            .metadata = {},
            .data = std::string(data)};
        (void)events.append("order-" + std::string(id), core::ExpectedVersion::any(), {&event, 1});
    }
};

} // namespace eventscope::test
