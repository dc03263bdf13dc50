// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo/shipping_service.h"

#include "demo/dice.h"
#include "demo/shop.h"

#include <fmt/format.h>

#include <array>

namespace eventscope::app {

using core::ErrorCode;
using core::Json;
using core::Result;
using core::Status;

namespace {

using namespace core::shipment_event;

std::string trackingNumberOf(std::string_view orderId)
{
    return fmt::format("TRK-{:012}", Dice(orderId, "tracking number").below(1'000'000'000'000));
}

std::string_view carrierOf(std::string_view orderId)
{
    constexpr auto kCarriers = std::to_array<std::string_view>({"Postnord", "Cargoloop", "Nordic Bike", "Parcelo"});
    return Dice(orderId, "carrier").pick(std::span<const std::string_view>(kCarriers));
}

Json parcelJson(std::string_view orderId)
{
    Json data;
    data.set("shipmentId", "shp_" + std::string(orderId));
    data.set("orderId", orderId);
    return data;
}

std::unexpected<core::Error> unserved()
{
    return fail(ErrorCode::DomainRule, fmt::format("no carrier serves {}", kUnservedCity));
}

} // namespace

Result<std::string> ShippingService::create(const Parcel& parcel, const core::ServiceCall& call)
{
    const std::string& orderId = parcel.orderId;
    const auto file = m_desk.workOn("shipment", orderId, call);
    if (!file) {
        return std::unexpected(file.error());
    }
    if (file->has(kCancelled) || file->has(kVoided)) {
        return fail(ErrorCode::DomainRule, "the shipment was called off");
    }
    if (file->has(kFailed)) {
        return unserved();
    }
    if (file->has(kCreated)) {
        return trackingNumberOf(orderId);
    }
    Json data = parcelJson(orderId);
    const std::string_view city = parcel.address.stringOr("city");
    data.set("city", city);
    data.set("country", parcel.address.stringOr("country"));
    if (city == kUnservedCity) {
        data.set("reason", "no_carrier");
        const Status noted = m_desk.note(*file, kFailed, data);
        return noted ? Result<std::string>(unserved()) : std::unexpected(noted.error());
    }
    data.set("carrier", carrierOf(orderId));
    data.set("trackingNumber", trackingNumberOf(orderId));
    if (Status noted = m_desk.note(*file, kCreated, data); !noted) {
        return std::unexpected(noted.error());
    }
    return trackingNumberOf(orderId);
}

Status ShippingService::cancel(std::string_view orderId, const core::ServiceCall& call)
{
    const auto file = m_desk.workOn("shipment", orderId, call, "cancel");
    if (!file) {
        return std::unexpected(file.error());
    }
    if (file->has(kCancelled) || file->has(kVoided) || file->has(kFailed)) {
        return {};
    }
    return m_desk.note(*file, file->has(kCreated) ? kCancelled : kVoided, parcelJson(orderId));
}

} // namespace eventscope::app
