// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/clock.h"
#include "event/ids.h"
#include "event/json.h"
#include "event/message_context.h"
#include "sourcing/event_store.h"
#include "sourcing/order_services.h"

#include "effect_ledger.h"

#include <algorithm>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace eventscope::test {

/// The services around an order: their effects are in a ledger, under the names of the saga's steps and
/// compensations, and leave events in streams of their own. // any thread
class ScriptedOrderServices final : public core::PaymentGateway, public core::Inventory, public core::Shipping {
public:
    ScriptedOrderServices(EffectLedger& ledger, core::EventStore& store, core::Clock& clock, core::IdGenerator& ids)
        : m_ledger(ledger), m_store(store), m_clock(clock), m_ids(ids)
    {
    }

    core::Result<std::string> charge(const Charge& charge, const core::ServiceCall& call) override
    {
        const core::Json data
            = core::Json::Object{{"orderId", charge.orderId}, {"amount", core::Json::Number{charge.amount.toString()}}};
        return act("process payment", "payment", charge.orderId, call,
            {core::payment_event::kAuthorized, core::payment_event::kDeclined}, data);
    }
    core::Status refund(std::string_view orderId, const core::ServiceCall& call) override
    {
        return undo("refund payment", "payment", orderId, call,
            {core::payment_event::kAuthorized, core::payment_event::kRefunded, core::payment_event::kVoided});
    }
    core::Result<std::string> reserve(
        std::string_view orderId, const std::vector<core::OrderItem>& items, const core::ServiceCall& call) override
    {
        if (onReserve)
            onReserve();
        const core::Json data
            = core::Json::Object{{"orderId", core::Json(orderId)}, {"lines", static_cast<std::int64_t>(items.size())}};
        return act("reserve inventory", "inventory", orderId, call,
            {core::inventory_event::kReserved, core::inventory_event::kOutOfStock}, data);
    }
    core::Status release(std::string_view orderId, const core::ServiceCall& call) override
    {
        return undo("release inventory", "inventory", orderId, call,
            {core::inventory_event::kReserved, core::inventory_event::kReleased, core::inventory_event::kVoided});
    }
    core::Result<std::string> create(const Parcel& parcel, const core::ServiceCall& call) override
    {
        return act("create shipment", "shipment", parcel.orderId, call,
            {core::shipment_event::kCreated, core::shipment_event::kFailed},
            core::Json::Object{{"orderId", parcel.orderId}});
    }
    core::Status cancel(std::string_view orderId, const core::ServiceCall& call) override
    {
        return undo("cancel shipment", "shipment", orderId, call,
            {core::shipment_event::kCreated, core::shipment_event::kCancelled, core::shipment_event::kVoided});
    }

    std::function<void()> onReserve{}; ///< what happens elsewhere at that moment

private:
    struct Done {
        std::string_view done, refused;
    };
    struct Undone {
        std::string_view done, undone, voided;
    };

    core::Result<std::string> act(std::string_view name, std::string_view category, std::string_view orderId,
        const core::ServiceCall& call, Done types, const core::Json& data)
    {
        const auto result = m_ledger.execute(name, call.key);
        if (!result && result.error().code != core::ErrorCode::DomainRule)
            return std::unexpected(result.error());
        if (auto noted = note(category, orderId, result ? types.done : types.refused, data); !noted)
            return std::unexpected(noted.error());
        if (!result)
            return std::unexpected(result.error());
        return std::string(category) + " of " + std::string(orderId);
    }

    core::Status undo(std::string_view name, std::string_view category, std::string_view orderId,
        const core::ServiceCall& call, Undone types)
    {
        if (auto undone = m_ledger.undo(name, call.key); !undone)
            return undone;
        const auto events = m_store.readStream(std::string(category) + '-' + std::string(orderId));
        const bool wasDone = events
            && std::ranges::any_of(*events, [&](const core::RecordedEvent& event) { return event.type == types.done; });
        return note(category, orderId, wasDone ? types.undone : types.voided,
            core::Json::Object{{"orderId", core::Json(orderId)}});
    }

    /// Once, whoever asks how often.
    core::Status note(
        std::string_view category, std::string_view orderId, std::string_view type, const core::Json& data)
    {
        const std::string stream = std::string(category) + '-' + std::string(orderId);
        const auto events = m_store.readStream(stream);
        if (!events && events.error().code != core::ErrorCode::NotFound)
            return std::unexpected(events.error());
        core::StreamVersion version;
        if (events) {
            if (std::ranges::any_of(*events, [&](const core::RecordedEvent& event) { return event.type == type; }))
                return {};
            version = events->back().version;
        }
        core::NewEvent event{
            .id = m_ids.next(), .type = std::string(type), .time = m_clock.now(), .metadata = {}, .data = data.dump()};
        core::stampMetadata(event.metadata, event.id);
        if (auto stored = m_store.append(stream, core::ExpectedVersion::exactly(version), {&event, 1}); !stored)
            return std::unexpected(stored.error());
        return {};
    }

    EffectLedger& m_ledger;
    core::EventStore& m_store;
    core::Clock& m_clock;
    core::IdGenerator& m_ids;
};

} // namespace eventscope::test
