// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "demo/service_desk.h"
#include "sourcing/order_services.h"

namespace eventscope::app {

/// The carrier: one stream "shipment-<order>" a parcel. One place is served by nobody
/// (demo/shop.h). // any thread
class ShippingService final : public core::Shipping {
public:
    explicit ShippingService(ServiceDesk& desk) : m_desk(desk) { }

    core::Result<std::string> create(const Parcel& parcel, const core::ServiceCall& call) override;
    core::Status cancel(std::string_view orderId, const core::ServiceCall& call) override;

private:
    ServiceDesk& m_desk;
};

} // namespace eventscope::app
