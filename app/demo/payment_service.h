// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "demo/service_desk.h"
#include "sourcing/order_services.h"

namespace eventscope::app {

/// The payment provider: one stream "payment-<order>" a charge. The card's token says how it goes
/// (demo/shop.h). // any thread
class PaymentService final : public core::PaymentGateway {
public:
    explicit PaymentService(ServiceDesk& desk) : m_desk(desk) { }

    core::Result<std::string> charge(const Charge& charge, const core::ServiceCall& call) override;
    /// Unreachable while the bank refuses to take the refund.
    core::Status refund(std::string_view orderId, const core::ServiceCall& call) override;

private:
    core::Result<std::string> decide(const Charge& charge, const ServiceDesk::Case& file, int attempt);

    ServiceDesk& m_desk;
};

/// How many refunds of a blocked card fail before the bank gives in: all that the order saga tries by
/// itself, so that the next one is an operator's.
inline constexpr int kBlockedRefunds = 6;

} // namespace eventscope::app
