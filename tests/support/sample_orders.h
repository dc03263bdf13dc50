// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/event_log.h"

#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <vector>

namespace eventscope::test {

/// Makes events as an order system would: the same seed makes the same ones. For views that need
/// something to show without running a system.
class SampleOrders {
public:
    explicit SampleOrders(std::uint32_t seed = 1) : m_random(seed) { }

    struct Event {
        std::string stream, type, id, correlation, causation, payload;
        std::int64_t version = 0;
        core::Timestamp time{};
    };

    /// The next `count` events of orders that overlap, `apart` from each other on average.
    std::vector<Event> next(std::size_t count, std::chrono::microseconds apart = std::chrono::milliseconds(240));

    /// Appends them to `log` as from `source`.
    void appendTo(core::EventLog& log, std::size_t count, std::string_view source = "demo",
        std::chrono::microseconds apart = std::chrono::milliseconds(240));

    void startAt(core::Timestamp time) { m_time = time; }
    std::int64_t position() const { return m_position; }

private:
    struct Order {
        std::string key, correlation, lastId, total;
        int step = 0;
        bool declined = false, outOfStock = false;
    };
    std::string hex(int digits);
    Event advance(Order& order);

    std::mt19937 m_random;
    std::vector<Order> m_orders;
    std::int64_t m_position = 0;
    core::Timestamp m_time{std::chrono::sys_days{std::chrono::year(2026) / 11 / 23} + std::chrono::hours(9)};
};

} // namespace eventscope::test
