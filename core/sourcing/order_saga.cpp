// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sourcing/order_saga.h"

#include "event/message_context.h"
#include "sourcing/saga_state.h"

#include <fmt/core.h>

#include <memory>
#include <utility>

namespace eventscope::core {

namespace {

class OrderSteps {
public:
    explicit OrderSteps(OrderSagaParts parts) : m_parts(parts) { }

    Result<Json> createOrder(const SagaContext& context) const;
    Status cancelOrder(const SagaContext& context) const;
    Result<Json> processPayment(const SagaContext& context) const;
    Status refundPayment(const SagaContext& context) const;
    Result<Json> reserveInventory(const SagaContext& context) const;
    Status releaseInventory(const SagaContext& context) const;
    Result<Json> createShipment(const SagaContext& context) const;
    Status cancelShipment(const SagaContext& context) const;

private:
    /// Sends the command, unless an attempt before did and the order already shows it.
    template <class C, class IsDone>
    Status bring(const C& command, const IsDone& isDone) const;
    template <class C>
    Status send(const C& fields) const;

    OrderSagaParts m_parts;
};

Result<PlaceOrder> orderOf(const SagaContext& context)
{
    return readPlaceOrder(context.input().dump());
}

std::string orderIdOf(const SagaContext& context)
{
    return std::string(context.input().stringOr("orderId"));
}

ServiceCall callOf(const SagaContext& context)
{
    return {.key = context.stepKey(), .attempt = context.attempt(), .stop = context.stopToken()};
}

Json memberOf(const SagaContext& context, std::string_view name)
{
    const Json* member = context.input().find(name);
    return member ? *member : Json();
}

std::string cancelReason(const SagaContext& context)
{
    const SagaCause* cause = context.cause();
    return cause ? fmt::format("{}: {}", cause->step, cause->error.message) : std::string();
}

template <class C>
Status OrderSteps::send(const C& fields) const
{
    Command command = makeCommand(fields, m_parts.ids, m_parts.clock);
    // The intent in the saga's stream is this command's record. It bears its id, so that whoever follows
    // the flow finds the cause of what the order does.
    if (const MessageContext* intent = currentMessageContext())
        command.id = intent->messageId;
    if (auto handled = m_parts.commands.handle(command); !handled)
        return std::unexpected(std::move(handled.error()));
    return {};
}

template <class C, class IsDone>
Status OrderSteps::bring(const C& command, const IsDone& isDone) const
{
    const Result<Order> order = m_parts.orders.load(command.orderId);
    if (!order && order.error().code != ErrorCode::NotFound)
        return std::unexpected(order.error());
    if (order && isDone(*order))
        return {};
    return send(command);
}

Result<Json> OrderSteps::createOrder(const SagaContext& context) const
{
    const Result<PlaceOrder> wanted = orderOf(context);
    if (!wanted)
        return std::unexpected(wanted.error());
    const auto isPlaced = [&](const Order& order) {
        return order.status() != OrderStatus::New && order.customerId() == wanted->customerId;
    };
    if (Status placed = bring(*wanted, isPlaced); !placed)
        return std::unexpected(std::move(placed.error()));
    const Result<Order> order = m_parts.orders.load(wanted->orderId);
    if (!order)
        return std::unexpected(order.error());
    return Json(Json::Object{{"orderId", wanted->orderId},
        {"totalAmount", Json::Number{order->totalAmount().toString()}}, {"currency", order->currency()}});
}

Status OrderSteps::cancelOrder(const SagaContext& context) const
{
    const std::string orderId = orderIdOf(context);
    const Result<Order> order = m_parts.orders.load(orderId);
    if (!order)
        return order.error().code == ErrorCode::NotFound ? Status() : std::unexpected(order.error());
    if (order->status() == OrderStatus::Cancelled)
        return {};
    return send(CancelOrder{.orderId = orderId, .reason = cancelReason(context)});
}

Result<Json> OrderSteps::processPayment(const SagaContext& context) const
{
    const std::string orderId = orderIdOf(context);
    const Result<Order> order = m_parts.orders.load(orderId);
    if (!order)
        return std::unexpected(order.error());
    const PaymentGateway::Charge charge{.orderId = orderId,
        .customerId = std::string(order->customerId()),
        .amount = order->totalAmount(),
        .currency = std::string(order->currency()),
        .method = memberOf(context, "payment")};
    const Result<std::string> paymentId = m_parts.payments.charge(charge, callOf(context));
    if (!paymentId)
        return std::unexpected(paymentId.error());
    context.noteEffect();

    const ConfirmPayment confirm{.orderId = orderId, .paymentId = *paymentId, .amount = charge.amount};
    const auto isPaid = [&](const Order& now) {
        const Json state = now.state();
        const Json* paid = state.at("/payment/paymentId");
        return paid && *paid == Json(*paymentId);
    };
    if (Status confirmed = bring(confirm, isPaid); !confirmed)
        return std::unexpected(std::move(confirmed.error()));
    return Json(Json::Object{{"paymentId", *paymentId}, {"amount", Json::Number{charge.amount.toString()}}});
}

Status OrderSteps::refundPayment(const SagaContext& context) const
{
    return m_parts.payments.refund(orderIdOf(context), callOf(context));
}

Result<Json> OrderSteps::reserveInventory(const SagaContext& context) const
{
    const Result<PlaceOrder> order = orderOf(context);
    if (!order)
        return std::unexpected(order.error());
    const Result<std::string> reservationId = m_parts.inventory.reserve(order->orderId, order->items, callOf(context));
    if (!reservationId)
        return std::unexpected(reservationId.error());
    return Json(Json::Object{{"reservationId", *reservationId}});
}

Status OrderSteps::releaseInventory(const SagaContext& context) const
{
    return m_parts.inventory.release(orderIdOf(context), callOf(context));
}

Result<Json> OrderSteps::createShipment(const SagaContext& context) const
{
    const Result<PlaceOrder> order = orderOf(context);
    if (!order)
        return std::unexpected(order.error());
    const Result<std::string> trackingNumber = m_parts.shipping.create(
        {.orderId = order->orderId, .items = order->items, .address = memberOf(context, "shipping")}, callOf(context));
    if (!trackingNumber)
        return std::unexpected(trackingNumber.error());
    context.noteEffect();

    const ShipOrder ship{.orderId = order->orderId, .trackingNumber = *trackingNumber};
    const auto isShipped = [&](const Order& now) {
        return now.status() == OrderStatus::Shipped && now.state().stringOr("trackingNumber") == *trackingNumber;
    };
    if (Status shipped = bring(ship, isShipped); !shipped)
        return std::unexpected(std::move(shipped.error()));
    return Json(Json::Object{{"trackingNumber", *trackingNumber}});
}

Status OrderSteps::cancelShipment(const SagaContext& context) const
{
    return m_parts.shipping.cancel(orderIdOf(context), callOf(context));
}

} // namespace

SagaDefinition orderSaga(OrderSagaParts parts, OrderSagaPolicy policy)
{
    const auto steps = std::make_shared<const OrderSteps>(parts);
    using Do = Result<Json> (OrderSteps::*)(const SagaContext&) const;
    using Undo = Status (OrderSteps::*)(const SagaContext&) const;
    const auto step = [&](std::string_view name, Do execute, std::string compensationName, Undo compensate) {
        return SagaStep{.name = std::string(name),
            .execute = [steps, execute](const SagaContext& context) { return (*steps.*execute)(context); },
            .retry = policy.retry,
            .compensationName = std::move(compensationName),
            .compensate = [steps, compensate](const SagaContext& context) { return (*steps.*compensate)(context); },
            .compensationRetry = policy.compensationRetry};
    };
    SagaDefinition saga{.type = std::string(kOrderSagaType), .steps = {}};
    saga.steps.push_back(
        step(order_step::kCreateOrder, &OrderSteps::createOrder, "cancel order", &OrderSteps::cancelOrder));
    saga.steps.push_back(
        step(order_step::kProcessPayment, &OrderSteps::processPayment, "refund payment", &OrderSteps::refundPayment));
    saga.steps.push_back(step(order_step::kReserveInventory, &OrderSteps::reserveInventory, "release inventory",
        &OrderSteps::releaseInventory));
    saga.steps.back().retryRefusals = policy.waitForStock;
    saga.steps.push_back(
        step(order_step::kCreateShipment, &OrderSteps::createShipment, "cancel shipment", &OrderSteps::cancelShipment));
    return saga;
}

std::string orderSagaId(std::string_view orderId)
{
    return fmt::format("order-{}", orderId);
}

Json toJson(const OrderSagaInput& input)
{
    Json json = Json::parse(toJson(input.order)).value_or(Json());
    json.set("payment", input.payment);
    json.set("shipping", input.shipping);
    return json;
}

} // namespace eventscope::core
