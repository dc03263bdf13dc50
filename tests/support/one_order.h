// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/timestamp.h"
#include "inspect/source_event.h"

#include <string>
#include <vector>

namespace eventscope::test {

/// One order's stream, "order-7f3a": placed, paid, shipped; a second apart.
inline std::vector<core::SourceEvent> oneOrder()
{
    struct Line {
        const char *id, *type, *payload;
    };
    static constexpr Line kLines[]{
        {"e1", "OrderPlaced",
            R"({"orderId":"7f3a","customerId":"c-17","items":[{"sku":"A","quantity":2,"price":19.00}],"totalAmount":38.00,"currency":"EUR"})"},
        {"e2", "PaymentConfirmed", R"({"orderId":"7f3a","paymentId":"pay_1","amount":38.00})"},
        {"e3", "OrderShipped", R"({"orderId":"7f3a","trackingNumber":"TRK-1","shippedAt":"2026-11-23T09:14:07Z"})"}};
    static constexpr core::HeaderView kSchema[]{{"schemaVersion", "2"}};
    std::vector<core::SourceEvent> events;
    std::int64_t version = 0;
    for (const Line& line : kLines) {
        core::SourceEvent event;
        event.source = "demo";
        event.stream = "order-7f3a";
        event.id = line.id;
        event.type = line.type;
        event.payload = line.payload;
        event.version = event.position = ++version;
        event.time = core::Timestamp(std::chrono::days(20'000) + std::chrono::seconds(version));
        event.correlationId = "flow-1";
        if (version == 1) {
            event.headers = kSchema;
        }
        events.push_back(event);
    }
    return events;
}

} // namespace eventscope::test
