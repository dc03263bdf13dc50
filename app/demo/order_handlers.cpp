// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo/order_handlers.h"

#include "demo/dice.h"
#include "demo/shop.h"
#include "event/decimal.h"
#include "event/json.h"
#include "event/message_context.h"
#include "sourcing/order_state.h"

#include <fmt/format.h>

#include <chrono>
#include <cstdlib>
#include <exception>
#include <stdexcept>

namespace eventscope::app {

using core::ErrorCode;
using core::Json;
using core::Result;
using core::Status;

namespace {

const core::RetryPolicy kRetry{
    .maxRetries = 3, .firstDelay = std::chrono::milliseconds(60), .factor = 2, .maxDelay = std::chrono::seconds(1)};
constexpr std::chrono::milliseconds kLease{2000};

constexpr const char* kSearchTable = "CREATE TABLE demo_search_index ("
                                     "event_id TEXT PRIMARY KEY, order_id TEXT NOT NULL, words TEXT NOT NULL) STRICT";

class SmtpError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};
class InvalidAddress : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

// Handlers of other people throw; so does this one, to show where that ends up.
[[noreturn]] void throwRefusedMail(const Customer& customer)
{
    try {
        throw SmtpError("553 5.1.3 the recipient address is not a valid RFC 5321 address");
    } catch (const SmtpError&) {
        std::throw_with_nested(InvalidAddress(fmt::format("cannot write to <{}>", customer.email)));
    }
}

Result<Json> firstOfOrder(const core::EventStore& store, const std::string& stream)
{
    const auto events = store.readStream(stream, {.limit = 1});
    if (!events) {
        return std::unexpected(events.error());
    }
    return Json::parse(events->front().data);
}

bool hasItem(const Json& order, std::string_view sku)
{
    const Json* items = order.find("items");
    if (items == nullptr || !items->isArray()) {
        return false;
    }
    for (const Json& item : items->asArray()) {
        if (item.stringOr("sku") == sku) {
            return true;
        }
    }
    return false;
}

// What is bought for less than one is worth no point.
std::int64_t pointsFor(const Json& order)
{
    const Json* total = order.find("totalAmount");
    if (total == nullptr || !total->isNumber()) {
        return 0;
    }
    const std::string whole = core::Decimal::parse(total->numberText()).value_or(core::Decimal()).toString();
    return std::atoll(whole.c_str());
}

// The id of what a handler does about an event: always the same, so it is stored once at most.
std::string effectId(std::string_view handler, const core::RecordedEvent& cause)
{
    return Dice(cause.id, handler).uuid();
}

} // namespace

core::RetryPolicy OrderHandlers::inProcessRetry()
{
    return kRetry;
}

Result<std::unique_ptr<OrderHandlers>> OrderHandlers::subscribe(Parts parts)
{
    std::unique_ptr<OrderHandlers> handlers(new OrderHandlers(std::move(parts)));
    OrderHandlers* self = handlers.get();
    if (auto made = self->m_parts.database->ensureTable("demo_search_index", kSearchTable); !made) {
        return std::unexpected(made.error());
    }
    Status status = self->add("notifications", core::order_event::kPlaced,
        [self](const core::RecordedEvent& event) { return self->notify(event); });
    if (status) {
        status = self->add("loyalty", core::order_event::kShipped,
            [self](const core::RecordedEvent& event) { return self->givePoints(event); });
    }
    if (status) {
        status = self->add("search-index", core::order_event::kPlaced,
            [self](const core::RecordedEvent& event) { return self->index(event); });
    }
    if (!status) {
        return std::unexpected(status.error());
    }
    return handlers;
}

OrderHandlers::Figures OrderHandlers::figures() const
{
    return {
        .notifications = m_notifications, .loyalty = m_loyalty, .searchIndex = m_searchIndex, .repeated = m_repeated};
}

Status OrderHandlers::add(std::string_view name, std::string_view type, core::EventHandler handler)
{
    auto subscription = m_parts.bus.subscribe({.name = std::string(name),
        .pattern = m_parts.patternOf ? m_parts.patternOf(type) : std::string(type),
        .handler = core::IdempotentHandler(
            m_parts.idempotency, std::move(handler), {.handler = std::string(name), .lease = kLease}),
        .retry = m_parts.retry});
    if (!subscription) {
        return std::unexpected(subscription.error());
    }
    m_subscriptions.push_back(std::move(*subscription));
    return {};
}

Status OrderHandlers::notify(const core::RecordedEvent& placed)
{
    const auto order = Json::parse(placed.data);
    if (!order) {
        return std::unexpected(order.error());
    }
    const std::string_view customerId = order->stringOr("customerId");
    const Customer* customer = findCustomer(customerId);
    if (customer == nullptr) {
        return fail(ErrorCode::NotFound, fmt::format("there is no customer {}", customerId));
    }
    if (customer->email.find("@@") != std::string_view::npos) {
        throwRefusedMail(*customer);
    }
    Json data;
    data.set("orderId", order->stringOr("orderId"));
    data.set("customerId", customerId);
    data.set("channel", "email");
    data.set("to", customer->email);
    data.set("template", "order-confirmation");
    return storeEffect("notifications", placed, "notification-" + std::string(core::aggregateIdOf(placed.stream)),
        "NotificationSent", data, m_notifications);
}

Status OrderHandlers::givePoints(const core::RecordedEvent& shipped)
{
    const auto order = firstOfOrder(m_parts.store, shipped.stream);
    if (!order) {
        return std::unexpected(order.error());
    }
    if (Status locked = ledgerIsLocked(shipped, *order); !locked) {
        return locked;
    }
    Json data;
    data.set("customerId", order->stringOr("customerId"));
    data.set("orderId", order->stringOr("orderId"));
    data.set("points", pointsFor(*order));
    return storeEffect("loyalty", shipped, "loyalty-" + std::string(order->stringOr("customerId")),
        "LoyaltyPointsEarned", data, m_loyalty);
}

// All attempts of one delivery fail; when the event is handed back later, the ledger is open.
Status OrderHandlers::ledgerIsLocked(const core::RecordedEvent& shipped, const Json& order)
{
    if (!hasItem(order, productThatLocksTheLedger().sku)) {
        return {};
    }
    const std::scoped_lock lock(m_ledgerMutex);
    if (++m_ledgerCalls[shipped.id] > m_parts.retry.maxRetries + 1) {
        return {};
    }
    return fail(ErrorCode::Timeout, "the points ledger is locked by the nightly booking run");
}

Status OrderHandlers::index(const core::RecordedEvent& placed)
{
    const auto order = Json::parse(placed.data);
    if (!order) {
        return std::unexpected(order.error());
    }
    std::string words;
    const Json* items = order->find("items");
    for (const Json& item : items != nullptr && items->isArray() ? items->asArray() : Json::Array()) {
        const std::string_view sku = item.stringOr("sku");
        const Product* product = findProduct(sku);
        if (product == nullptr) {
            return fail(ErrorCode::NotFound, fmt::format("{} is not in the catalogue of products", sku));
        }
        words += fmt::format("{} {}\n", sku, product->name);
    }
    auto write = m_parts.database->write();
    if (!write) {
        return std::unexpected(write.error());
    }
    auto insert = write->connection().prepared(
        "INSERT OR IGNORE INTO demo_search_index (event_id, order_id, words) VALUES (?1, ?2, ?3)");
    if (!insert) {
        return std::unexpected(insert.error());
    }
    Status stored = (*insert)->bind(1, placed.id).bind(2, order->stringOr("orderId")).bind(3, words).run();
    const bool isNew = write->connection().changes() > 0;
    if (stored) {
        stored = write->commit();
    }
    if (stored) {
        ++(isNew ? m_searchIndex : m_repeated);
    }
    return stored;
}

Status OrderHandlers::storeEffect(std::string_view handler, const core::RecordedEvent& cause, std::string_view stream,
    std::string_view type, const Json& data, std::atomic<std::uint64_t>& count)
{
    core::NewEvent event{.id = effectId(handler, cause),
        .type = std::string(type),
        .schemaVersion = 1,
        .time = m_parts.clock.now(),
        .metadata = {},
        .data = data.dump()};
    core::stampMetadata(event.metadata, event.id);
    const auto stored = m_parts.store.append(stream, core::ExpectedVersion::any(), {&event, 1});
    if (!stored) {
        return std::unexpected(stored.error());
    }
    ++(stored->alreadyStored ? m_repeated : count);
    return {};
}

} // namespace eventscope::app
