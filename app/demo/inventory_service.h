// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "demo/service_desk.h"
#include "sourcing/order_services.h"

namespace eventscope::app {

/// The warehouse: one stream "inventory-<order>" a reservation. One product is never there
/// (demo/shop.h). // any thread
class InventoryService final : public core::Inventory {
public:
    explicit InventoryService(ServiceDesk& desk) : m_desk(desk) { }

    core::Result<std::string> reserve(
        std::string_view orderId, const std::vector<core::OrderItem>& items, const core::ServiceCall& call) override;
    core::Status release(std::string_view orderId, const core::ServiceCall& call) override;

private:
    ServiceDesk& m_desk;
};

} // namespace eventscope::app
