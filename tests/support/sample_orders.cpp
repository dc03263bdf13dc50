// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sample_orders.h"

#include <array>
#include <fmt/format.h>

namespace eventscope::test {

std::string SampleOrders::hex(int digits)
{
    std::string text;
    for (int i = 0; i < digits; ++i)
        text += "0123456789abcdef"[m_random() % 16];
    return text;
}

SampleOrders::Event SampleOrders::advance(Order& order)
{
    Event event;
    event.id = fmt::format("01936a{}-{}-7{}-8{}-{}", hex(2), hex(4), hex(3), hex(3), hex(12));
    event.correlation = order.correlation;
    event.causation = order.lastId;
    const std::string orderStream = "order-" + order.key;
    switch (order.step++) {
    case 0:
        event.stream = orderStream;
        event.type = "OrderPlaced";
        event.version = 1;
        event.payload = fmt::format(
            R"({{"orderId":"{}","customerId":"customer-{}","items":[{{"sku":"sku-{}","price":99.50,"quantity":1}},)"
            R"({{"sku":"sku-{}","price":57.50,"quantity":2}}],"totalAmount":{},"currency":"EUR"}})",
            order.key, m_random() % 90 + 10, m_random() % 900 + 100, m_random() % 900 + 100, order.total);
        break;
    case 1:
        event.stream = "payment-" + order.key.substr(0, 3);
        event.version = 1;
        event.type = order.declined ? "PaymentDeclined" : "PaymentConfirmed";
        event.payload = order.declined ? fmt::format(R"({{"reason":"insufficient_funds","amount":{}}})", order.total)
                                       : fmt::format(R"({{"paymentId":"pay_{}","amount":{}}})", hex(4), order.total);
        if (order.declined)
            order.step = 4;
        break;
    case 2:
        event.stream = "inventory-" + order.key.substr(1, 2);
        event.version = 1;
        event.type = order.outOfStock ? "ReservationFailed" : "InventoryReserved";
        event.payload = order.outOfStock
            ? R"({"reason":"out of stock","missing":["sku-204"]})"
            : fmt::format(
                R"({{"reservationId":"res-{}","items":[{{"sku":"sku-1"}},{{"sku":"sku-2"}}]}})", m_random() % 99);
        if (order.outOfStock)
            order.step = 4;
        break;
    case 3:
        event.stream = orderStream;
        event.version = 2;
        event.type = "OrderShipped";
        event.payload = fmt::format(
            R"({{"trackingNumber":"TRK-{}","shippedAt":"2026-11-23T09:14:07Z"}})", m_random() % 90000 + 10000);
        order.step = 99;
        break;
    default:
        event.stream = orderStream;
        event.version = 2;
        event.type = "OrderCancelled";
        event.payload = R"({"reason":"payment declined","refund":null,"note":""})";
        order.step = 99;
    }
    order.lastId = event.id;
    return event;
}

std::vector<SampleOrders::Event> SampleOrders::next(std::size_t count, std::chrono::microseconds apart)
{
    std::vector<Event> events;
    while (events.size() < count) {
        if (m_orders.size() < 6 || m_random() % 3 == 0) {
            Order order;
            order.key = hex(4);
            order.correlation = "c-" + hex(8);
            order.total = fmt::format("{}.{}0", m_random() % 400 + 20, m_random() % 10);
            order.declined = m_random() % 9 == 0;
            order.outOfStock = m_random() % 17 == 0;
            m_orders.push_back(order);
        }
        const std::size_t pick = m_random() % m_orders.size();
        Event event = advance(m_orders[pick]);
        m_time += std::chrono::microseconds(
            static_cast<std::int64_t>(m_random() % static_cast<std::uint32_t>(2 * apart.count() + 1)));
        event.time = m_time;
        events.push_back(std::move(event));
        if (m_orders[pick].step == 99)
            m_orders.erase(m_orders.begin() + static_cast<std::ptrdiff_t>(pick));
    }
    return events;
}

void SampleOrders::appendTo(
    core::EventLog& log, std::size_t count, std::string_view source, std::chrono::microseconds apart)
{
    const std::vector<Event> events = next(count, apart);
    const std::array<core::HeaderView, 2> headers{{{"userId", "u-204"}, {"schemaVersion", "1"}}};
    std::vector<core::SourceEvent> batch;
    batch.reserve(events.size());
    for (const Event& event : events) {
        core::SourceEvent row;
        row.source = source;
        row.stream = event.stream;
        row.position = ++m_position;
        row.version = event.version;
        row.id = event.id;
        row.type = event.type;
        row.time = event.time;
        row.correlationId = event.correlation;
        row.causationId = event.causation;
        row.headers = headers;
        row.payload = event.payload;
        batch.push_back(row);
    }
    log.append(batch);
}

} // namespace eventscope::test
