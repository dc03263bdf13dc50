// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo/payment_service.h"

#include "demo/shop.h"

namespace eventscope::app {

using core::ErrorCode;
using core::Json;
using core::Result;
using core::Status;

namespace {

using namespace core::payment_event;

constexpr int kTimeouts = 2;

std::string paymentIdOf(std::string_view orderId)
{
    return "pay_" + std::string(orderId);
}

std::unexpected<core::Error> declined(std::string_view reason)
{
    return fail(ErrorCode::DomainRule,
        reason == "cancelled_by_customer" ? "the customer closed the bank's page without confirming"
                                          : "the card was declined: insufficient funds");
}

Json paymentJson(const PaymentService::Charge& charge)
{
    Json data;
    data.set("paymentId", paymentIdOf(charge.orderId));
    data.set("orderId", charge.orderId);
    data.set("amount", Json::Number{charge.amount.toString()});
    data.set("currency", charge.currency);
    data.set("card", charge.method.stringOr("token"));
    return data;
}

// Of a charge that was decided before.
Result<std::string> earlierAnswer(const ServiceDesk::Case& file, const std::string& orderId)
{
    if (file.has(kRefunded) || file.has(kVoided)) {
        return fail(ErrorCode::DomainRule, "the payment was called off");
    }
    if (const core::RecordedEvent* event = file.find(kDeclined)) {
        const auto data = Json::parse(event->data);
        return declined(data ? data->stringOr("reason") : std::string_view{});
    }
    return paymentIdOf(orderId);
}

} // namespace

Result<std::string> PaymentService::charge(const Charge& charge, const core::ServiceCall& call)
{
    const auto file = m_desk.workOn("payment", charge.orderId, call);
    if (!file) {
        return std::unexpected(file.error());
    }
    return file->isNew() ? decide(charge, *file, call.attempt) : earlierAnswer(*file, charge.orderId);
}

Result<std::string> PaymentService::decide(const Charge& charge, const ServiceDesk::Case& file, int attempt)
{
    const std::string_view token = charge.method.stringOr("token");
    if (token == card::kSlowGateway && attempt <= kTimeouts) {
        return fail(ErrorCode::Timeout, "the payment gateway did not answer in time (504)");
    }
    Json data = paymentJson(charge);
    std::string_view reason;
    if (token == card::kInsufficientFunds) {
        reason = "insufficient_funds";
    } else if (token == card::kAbandoned) {
        reason = "cancelled_by_customer";
    }
    if (!reason.empty()) {
        data.set("reason", reason);
    }
    if (Status noted = m_desk.note(file, reason.empty() ? kAuthorized : kDeclined, data); !noted) {
        return std::unexpected(noted.error());
    }
    if (!reason.empty()) {
        return declined(reason);
    }
    return paymentIdOf(charge.orderId);
}

Status PaymentService::refund(std::string_view orderId, const core::ServiceCall& call)
{
    const auto file = m_desk.workOn("payment", orderId, call, "refund");
    if (!file) {
        return std::unexpected(file.error());
    }
    if (file->has(kRefunded) || file->has(kVoided) || file->has(kDeclined)) {
        return {};
    }
    Json data;
    data.set("paymentId", paymentIdOf(orderId));
    data.set("orderId", orderId);
    const core::RecordedEvent* authorized = file->find(kAuthorized);
    if (authorized == nullptr) {
        return m_desk.note(*file, kVoided, data);
    }
    const auto payment = Json::parse(authorized->data);
    if (!payment) {
        return std::unexpected(payment.error());
    }
    if (payment->stringOr("card") == card::kRefundBlocked && call.attempt <= kBlockedRefunds) {
        return fail(ErrorCode::Unreachable, "the bank refuses the refund: gateway 503");
    }
    for (const char* member : {"amount", "currency"}) {
        if (const Json* value = payment->find(member)) {
            data.set(member, *value);
        }
    }
    return m_desk.note(*file, kRefunded, data);
}

} // namespace eventscope::app
