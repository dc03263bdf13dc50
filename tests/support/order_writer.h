// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/event.h"
#include "event/json.h"
#include "sourcing/memory_event_store.h"
#include "sourcing/order_projection.h"
#include "sourcing/order_state.h"

#include <atomic>
#include <chrono>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace eventscope::test {

/// Customers "c1" and "c2" have names; nobody else is known. // any thread
class SomeCustomers final : public core::CustomerDirectory {
public:
    core::Result<std::string> nameOf(std::string_view customerId) const override
    {
        if (isDown)
            return core::fail(core::ErrorCode::Unreachable, "the directory does not answer");
        if (customerId == "c1")
            return "Ann \"O'Hara\" Ødegård";
        if (customerId == "c2")
            return "Bob";
        return core::fail(core::ErrorCode::NotFound, "nobody knows that customer");
    }
    std::atomic<bool> isDown = false;
};

/// Writes the events of orders into a store. // any thread
class OrderWriter {
public:
    explicit OrderWriter(core::EventStore& store) : m_store(store) { }

    static core::Timestamp start() { return core::parseTimestamp("2026-11-23T09:00:00Z").value(); }

    core::RecordedEvent place(const std::string& id, std::string_view customer = "c1", std::string_view total = "38.00")
    {
        core::Json data = core::Json::Object{{"orderId", id}, {"customerId", core::Json(customer)},
            {"items", core::Json::Array{core::Json::Object{{"sku", "lamp"}, {"quantity", 1}}}},
            {"totalAmount", core::Json::Number{std::string(total)}}, {"currency", "USD"}};
        return write(id, core::order_event::kPlaced, core::order_event::kPlacedSchemaVersion, data.dump());
    }
    core::RecordedEvent pay(const std::string& id)
    {
        return write(id, core::order_event::kPaymentConfirmed, 1, R"({"paymentId":"p1","amount":38.00})");
    }
    core::RecordedEvent ship(const std::string& id)
    {
        return write(
            id, core::order_event::kShipped, 1, R"({"trackingNumber":"T1","shippedAt":"2026-11-23T10:00:00Z"})");
    }
    core::RecordedEvent cancel(const std::string& id)
    {
        return write(id, core::order_event::kCancelled, 1, R"({"reason":"changed my mind"})");
    }
    /// Each a second after the one before.
    core::RecordedEvent write(const std::string& orderId, std::string_view type, int schemaVersion, std::string data)
    {
        const int number = ++m_count;
        core::NewEvent event{.id = "event-" + std::to_string(number),
            .type = std::string(type),
            .schemaVersion = schemaVersion,
            .time = start() + std::chrono::seconds(number),
            .metadata = {},
            .data = std::move(data)};
        const std::string stream = "order-" + orderId;
        const auto stored = m_store.append(stream, core::ExpectedVersion::any(), {&event, 1});
        core::RecordedEvent recorded;
        static_cast<core::NewEvent&>(recorded) = std::move(event);
        recorded.stream = stream;
        if (stored) {
            recorded.version = stored->lastVersion;
            recorded.position = stored->lastPosition;
        }
        return recorded;
    }

private:
    core::EventStore& m_store;
    std::atomic<int> m_count = 0;
};

/// Every row, by order id.
inline std::map<std::string, core::OrderRow> allRows(core::OrderReadModel& model, const core::EventStore& store)
{
    std::map<std::string, core::OrderRow> rows;
    const auto streams = store.streams({}, core::kNoLimit, "order").value_or(std::vector<core::StreamInfo>());
    for (const core::StreamInfo& stream : streams) {
        const std::string id(core::aggregateIdOf(stream.name));
        if (const auto row = model.find(id); row && *row)
            rows.emplace(id, **row);
    }
    return rows;
}

} // namespace eventscope::test
