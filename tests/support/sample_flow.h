// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/event_log.h"

#include <chrono>
#include <string>
#include <string_view>

namespace eventscope::test {

/// Writes events of one flow into a log: "e1" causes what names it as its cause.
class SampleFlow {
public:
    /// `log` must outlive this.
    SampleFlow(core::EventLog& log, std::string correlation) : m_log(log), m_correlation(std::move(correlation)) { }

    SampleFlow& add(std::string_view id, std::string_view cause, std::string_view stream, std::string_view type,
        int milliseconds, std::string_view source = "demo")
    {
        const core::SourceEvent row{.source = source,
            .stream = stream,
            .id = id,
            .type = type,
            .time = kStart + std::chrono::milliseconds(milliseconds),
            .correlationId = m_correlation,
            .causationId = cause,
            .payload = "{}"};
        m_log.append({&row, 1});
        return *this;
    }

    /// An order whose payment is declined at first.
    SampleFlow& addOrder()
    {
        add("e1", m_correlation, "order-7f3a", "OrderPlaced", 0);
        add("e2", "e1", "payment-91", "PaymentDeclined", 207);
        add("e3", "e1", "inventory-3", "InventoryReserved", 240, "broker");
        add("e4", "e2", "payment-91", "PaymentConfirmed", 610);
        return add("e5", "e4", "order-7f3a", "OrderShipped", 900);
    }

    static constexpr core::Timestamp kStart{
        std::chrono::sys_days{std::chrono::year(2026) / 11 / 23} + std::chrono::hours(9)};

private:
    core::EventLog& m_log;
    const std::string m_correlation;
};

} // namespace eventscope::test
