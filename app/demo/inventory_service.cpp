// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo/inventory_service.h"

#include "demo/shop.h"

#include <algorithm>

namespace eventscope::app {

using core::ErrorCode;
using core::Json;
using core::Result;
using core::Status;

namespace {

using namespace core::inventory_event;

std::string reservationIdOf(std::string_view orderId)
{
    return "res_" + std::string(orderId);
}

Json reservationJson(std::string_view orderId)
{
    Json data;
    data.set("reservationId", reservationIdOf(orderId));
    data.set("orderId", orderId);
    return data;
}

std::unexpected<core::Error> outOfStock()
{
    return fail(ErrorCode::DomainRule, std::string(productOutOfStock().sku) + " is out of stock");
}

} // namespace

Result<std::string> InventoryService::reserve(
    std::string_view orderId, const std::vector<core::OrderItem>& items, const core::ServiceCall& call)
{
    const auto file = m_desk.workOn("inventory", orderId, call);
    if (!file) {
        return std::unexpected(file.error());
    }
    if (file->has(kReleased) || file->has(kVoided)) {
        return fail(ErrorCode::DomainRule, "the reservation was called off");
    }
    if (file->has(kOutOfStock)) {
        return outOfStock();
    }
    if (file->has(kReserved)) {
        return reservationIdOf(orderId);
    }
    Json data = reservationJson(orderId);
    if (std::ranges::find(items, productOutOfStock().sku, &core::OrderItem::sku) != items.end()) {
        data.set("sku", productOutOfStock().sku);
        data.set("inStock", 0);
        const Status noted = m_desk.note(*file, kOutOfStock, data);
        return noted ? Result<std::string>(outOfStock()) : std::unexpected(noted.error());
    }
    Json::Array lines;
    for (const core::OrderItem& item : items) {
        Json line;
        line.set("sku", item.sku);
        line.set("quantity", item.quantity);
        lines.push_back(std::move(line));
    }
    data.set("items", std::move(lines));
    if (Status noted = m_desk.note(*file, kReserved, data); !noted) {
        return std::unexpected(noted.error());
    }
    return reservationIdOf(orderId);
}

Status InventoryService::release(std::string_view orderId, const core::ServiceCall& call)
{
    const auto file = m_desk.workOn("inventory", orderId, call, "release");
    if (!file) {
        return std::unexpected(file.error());
    }
    if (file->has(kReleased) || file->has(kVoided) || file->has(kOutOfStock)) {
        return {};
    }
    return m_desk.note(*file, file->has(kReserved) ? kReleased : kVoided, reservationJson(orderId));
}

} // namespace eventscope::app
