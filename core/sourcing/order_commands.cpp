// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sourcing/order_commands.h"

#include <fmt/core.h>

#include <charconv>
#include <cstdint>
#include <utility>

namespace eventscope::core {

namespace {

/// Takes a command's fields out of its data; the first fault is kept, what follows is empty.
class Fields {
public:
    Fields(std::string_view command, const Json& data) : m_command(command), m_data(data)
    {
        if (!data.isObject())
            refuse("its data must be a JSON object");
    }

    std::string text(std::string_view name)
    {
        const Json* value = m_data.find(name);
        if (value && value->isString() && !value->asString().empty())
            return value->asString();
        refuse(fmt::format("\"{}\" must be a text that is not empty", name));
        return {};
    }

    std::string textOr(std::string_view name, std::string_view otherwise)
    {
        const Json* value = m_data.find(name);
        if (!value)
            return std::string(otherwise);
        if (!value->isString())
            refuse(fmt::format("\"{}\" must be a text", name));
        return std::string(m_data.stringOr(name));
    }

    Decimal amount(std::string_view name)
    {
        const Json* value = m_data.find(name);
        const Result<Decimal> amount = value ? readAmount(*value) : fail(ErrorCode::InvalidArgument, "missing");
        if (!amount)
            refuse(fmt::format("\"{}\" must be a decimal number", name));
        return amount.value_or(Decimal());
    }

    std::int64_t integer(std::string_view name)
    {
        const Json* value = m_data.find(name);
        std::int64_t number = 0;
        if (value && value->isNumber()) {
            const std::string& digits = value->numberText();
            const char* end = digits.data() + digits.size();
            const auto [stop, error] = std::from_chars(digits.data(), end, number);
            if (error == std::errc{} && stop == end)
                return number;
        }
        refuse(fmt::format("\"{}\" must be a whole number", name));
        return 0;
    }

    std::optional<Timestamp> time(std::string_view name)
    {
        if (!m_data.find(name))
            return std::nullopt;
        const Result<Timestamp> time = parseTimestamp(text(name));
        if (!time)
            refuse(fmt::format("\"{}\": {}", name, time.error().message));
        return time ? std::optional(*time) : std::nullopt;
    }

    std::vector<OrderItem> items()
    {
        std::vector<OrderItem> items;
        const Json* list = m_data.find("items");
        if (!list || !list->isArray()) {
            refuse("\"items\" must be a list");
            return items;
        }
        for (const Json& element : list->asArray()) {
            Fields item(m_command, element);
            items.push_back(
                {.sku = item.text("sku"), .quantity = item.integer("quantity"), .price = item.amount("price")});
            if (item.m_fault)
                refuse(fmt::format("item {}: {}", items.size(), *item.m_fault));
        }
        return items;
    }

    template <class C>
    Result<C> result(C command) const
    {
        if (m_fault)
            return fail(ErrorCode::InvalidArgument, fmt::format("{} is not complete: {}", m_command, *m_fault));
        return command;
    }

private:
    void refuse(std::string sentence)
    {
        if (!m_fault)
            m_fault = std::move(sentence);
    }

    std::string_view m_command;
    const Json& m_data;
    std::optional<std::string> m_fault;
};

Json numberOf(const Decimal& value)
{
    return Json::Number{value.toString()};
}

template <class Read>
auto readCommand(std::string_view type, std::string_view data, const Read& read)
    -> decltype(read(std::declval<Fields&>()))
{
    const Result<Json> json = Json::parse(data);
    if (!json)
        return fail(ErrorCode::InvalidArgument, fmt::format("the data of {} are {}", type, json.error().message));
    Fields fields(type, *json);
    return read(fields);
}

} // namespace

std::string toJson(const PlaceOrder& command)
{
    Json::Array items;
    for (const OrderItem& item : command.items) {
        items.push_back(Json::Object{{"sku", item.sku}, {"quantity", item.quantity}, {"price", numberOf(item.price)}});
    }
    return Json(Json::Object{{"orderId", command.orderId}, {"customerId", command.customerId},
                    {"items", std::move(items)}, {"currency", command.currency}})
        .dump();
}

std::string toJson(const ConfirmPayment& command)
{
    return Json(Json::Object{{"orderId", command.orderId}, {"paymentId", command.paymentId},
                    {"amount", numberOf(command.amount)}})
        .dump();
}

std::string toJson(const ShipOrder& command)
{
    Json data(Json::Object{{"orderId", command.orderId}, {"trackingNumber", command.trackingNumber}});
    if (command.shippedAt)
        data.set("shippedAt", formatTimestamp(*command.shippedAt));
    return data.dump();
}

std::string toJson(const CancelOrder& command)
{
    return Json(Json::Object{{"orderId", command.orderId}, {"reason", command.reason}}).dump();
}

Result<PlaceOrder> readPlaceOrder(std::string_view data)
{
    return readCommand(PlaceOrder::kType, data, [](Fields& fields) {
        return fields.result(PlaceOrder{.orderId = fields.text("orderId"),
            .customerId = fields.text("customerId"),
            .items = fields.items(),
            .currency = fields.textOr("currency", "USD")});
    });
}

Result<ConfirmPayment> readConfirmPayment(std::string_view data)
{
    return readCommand(ConfirmPayment::kType, data, [](Fields& fields) {
        return fields.result(ConfirmPayment{.orderId = fields.text("orderId"),
            .paymentId = fields.text("paymentId"),
            .amount = fields.amount("amount")});
    });
}

Result<ShipOrder> readShipOrder(std::string_view data)
{
    return readCommand(ShipOrder::kType, data, [](Fields& fields) {
        return fields.result(ShipOrder{.orderId = fields.text("orderId"),
            .trackingNumber = fields.text("trackingNumber"),
            .shippedAt = fields.time("shippedAt")});
    });
}

Result<CancelOrder> readCancelOrder(std::string_view data)
{
    return readCommand(CancelOrder::kType, data, [](Fields& fields) {
        return fields.result(CancelOrder{.orderId = fields.text("orderId"), .reason = fields.textOr("reason", "")});
    });
}

Result<StreamVersion> OrderCommandHandler::handle(const Command& command) const
{
    const MessageScope scope(contextOf(command.id, command.metadata));
    if (command.type == PlaceOrder::kType)
        return place(command);
    if (command.type == ConfirmPayment::kType)
        return confirmPayment(command);
    if (command.type == ShipOrder::kType)
        return ship(command);
    if (command.type == CancelOrder::kType)
        return cancel(command);
    return fail(ErrorCode::Unsupported, fmt::format("orders know no command \"{}\"", command.type));
}

Result<StreamVersion> OrderCommandHandler::place(const Command& command) const
{
    const Result<PlaceOrder> fields = readPlaceOrder(command.data);
    if (!fields)
        return std::unexpected(fields.error());
    return m_orders.createOrUpdate(fields->orderId,
        [&](Order& order) { return order.place(fields->customerId, fields->items, fields->currency); });
}

Result<StreamVersion> OrderCommandHandler::confirmPayment(const Command& command) const
{
    const Result<ConfirmPayment> fields = readConfirmPayment(command.data);
    if (!fields)
        return std::unexpected(fields.error());
    return update(
        fields->orderId, [&](Order& order) { return order.confirmPayment(fields->paymentId, fields->amount); });
}

Result<StreamVersion> OrderCommandHandler::ship(const Command& command) const
{
    const Result<ShipOrder> fields = readShipOrder(command.data);
    if (!fields)
        return std::unexpected(fields.error());
    const Timestamp shippedAt = fields->shippedAt.value_or(m_clock.now());
    return update(fields->orderId, [&](Order& order) { return order.ship(fields->trackingNumber, shippedAt); });
}

Result<StreamVersion> OrderCommandHandler::cancel(const Command& command) const
{
    const Result<CancelOrder> fields = readCancelOrder(command.data);
    if (!fields)
        return std::unexpected(fields.error());
    return update(fields->orderId, [&](Order& order) { return order.cancel(fields->reason); });
}

Result<StreamVersion> OrderCommandHandler::update(
    const std::string& orderId, const Repository<Order>::Decision& decide) const
{
    Result<StreamVersion> version = m_orders.update(orderId, decide);
    if (!version && version.error().code == ErrorCode::NotFound)
        return fail(ErrorCode::NotFound, fmt::format("there is no order {}", orderId));
    return version;
}

} // namespace eventscope::core
