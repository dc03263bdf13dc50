// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "story_audit.h"

#include "demo/shop.h"
#include "event/clock.h"
#include "event/json.h"
#include "sourcing/memory_order_read_model.h"
#include "sourcing/order_projection.h"
#include "sourcing/order_state.h"
#include "sourcing/projection_runner.h"
#include "sourcing/saga_state.h"
#include "sourcing/sqlite_dead_letter_store.h"
#include "sourcing/sqlite_event_store.h"
#include "sourcing/sqlite_order_read_model.h"

#include <fmt/format.h>

#include <stdexcept>

namespace eventscope::test {

namespace {

template <class T>
T orThrow(core::Result<T> result)
{
    if (!result) {
        throw std::runtime_error(result.error().message);
    }
    return std::move(*result);
}

class Directory final : public core::CustomerDirectory {
public:
    core::Result<std::string> nameOf(std::string_view customerId) const override
    {
        const app::Customer* customer = app::findCustomer(customerId);
        return customer == nullptr ? core::Result<std::string>(fail(core::ErrorCode::NotFound, "unknown"))
                                   : std::string(customer->name);
    }
};

/// The types of a stream, counted.
using Types = std::map<std::string, int, std::less<>>;

class Auditor {
public:
    explicit Auditor(const std::filesystem::path& file)
        : m_database(orThrow(core::SqliteDatabase::open(file, {.access = core::SqliteAccess::ReadOnly})))
        , m_store(orThrow(core::SqliteEventStore::open(m_database)))
    {
    }

    StoryAudit run()
    {
        readEvents();
        readLetters();
        for (const auto& [id, saga] : m_sagas) {
            checkSaga(id, saga);
        }
        checkHandler("notifications", "OrderPlaced", "NotificationSent");
        checkHandler("loyalty", "OrderShipped", "LoyaltyPointsEarned");
        checkIndex();
        checkReadModel();
        if (orThrow(m_store->backlog()) != 0) {
            wrong("the outbox is not empty");
        }
        return std::move(m_audit);
    }

private:
    void wrong(std::string sentence) { m_audit.violations.push_back(std::move(sentence)); }

    void readEvents()
    {
        core::GlobalPosition next{1};
        bool more = true;
        while (more) {
            const auto end = orThrow(m_store->visitAll({.from = next}, [this](const core::EventView& event) {
                take(event.toRecorded());
                return true;
            }));
            next = end.last.next();
            more = !end.endReached;
        }
    }

    void take(const core::RecordedEvent& event)
    {
        ++m_audit.events;
        m_audit.idPositions[event.id] = event.position.value;
        ++m_types[event.stream][event.type];
        m_byType[event.type].push_back(event);
        if (core::categoryOf(event.stream) == core::SagaState::kCategory) {
            if (const auto applied = m_sagas[event.stream].apply(event); !applied) {
                wrong(event.stream + ": " + applied.error().message);
            }
        }
    }

    void readLetters()
    {
        const auto letters = orThrow(core::SqliteDeadLetterStore::open(m_database));
        for (const core::ParkedEvent& letter : orThrow(letters->list())) {
            ++m_audit.letters;
            if (!m_parked[letter.queue].insert(letter.original.id).second) {
                ++m_audit.parkedTwice;
            }
        }
    }

    int count(const std::string& stream, std::string_view type) const
    {
        const auto types = m_types.find(stream);
        if (types == m_types.end()) {
            return 0;
        }
        const auto found = types->second.find(type);
        return found == types->second.end() ? 0 : found->second;
    }

    // `expected` of each of these in that stream of the order.
    void expectCounts(const std::string& stream, const std::map<std::string, int>& expected)
    {
        for (const auto& [type, number] : expected) {
            if (count(stream, type) != number) {
                wrong(fmt::format("{} has {} {} instead of {}", stream, count(stream, type), type, number));
            }
        }
    }

    void checkSaga(const std::string& stream, const core::SagaState& saga)
    {
        ++m_audit.sagas[std::string(core::toString(saga.status()))];
        const std::string order = saga.id(); // "order-<id>"
        const std::string id(core::aggregateIdOf(order));
        switch (saga.status()) {
        case core::SagaStatus::Completed:
            expectCounts(
                order, {{"OrderPlaced", 1}, {"PaymentConfirmed", 1}, {"OrderShipped", 1}, {"OrderCancelled", 0}});
            expectCounts("payment-" + id, {{"PaymentAuthorized", 1}, {"PaymentRefunded", 0}, {"PaymentVoided", 0}});
            expectCounts("inventory-" + id, {{"InventoryReserved", 1}, {"InventoryReleased", 0}});
            expectCounts("shipment-" + id, {{"ShipmentCreated", 1}, {"ShipmentCancelled", 0}});
            break;
        case core::SagaStatus::Compensated:
            expectCounts(order, {{"OrderPlaced", 1}, {"OrderShipped", 0}, {"OrderCancelled", 1}});
            checkTakenBack("payment-" + id, "PaymentAuthorized", "PaymentRefunded");
            checkTakenBack("inventory-" + id, "InventoryReserved", "InventoryReleased");
            checkTakenBack("shipment-" + id, "ShipmentCreated", "ShipmentCancelled");
            break;
        case core::SagaStatus::Stuck:
            expectCounts("payment-" + id, {{"PaymentAuthorized", 1}, {"PaymentRefunded", 0}});
            break;
        default: wrong(fmt::format("{} is half done: {}", stream, core::toString(saga.status())));
        }
    }

    void checkTakenBack(const std::string& stream, std::string_view done, std::string_view undone)
    {
        if (count(stream, done) > 1 || count(stream, done) != count(stream, undone)) {
            wrong(fmt::format(
                "{} has {} {} but {} {}", stream, count(stream, done), done, count(stream, undone), undone));
        }
    }

    bool isParked(std::string_view handler, const std::string& eventId) const
    {
        const auto queue = m_parked.find(handler);
        return queue != m_parked.end() && queue->second.contains(eventId);
    }

    void checkHandler(std::string_view handler, const std::string& type, const std::string& effect)
    {
        std::map<std::string, int> effects; // by the id of the event that caused them
        for (const core::RecordedEvent& event : m_byType[effect]) {
            ++effects[event.metadata.causationId];
            ++m_audit.effects;
        }
        for (const core::RecordedEvent& event : m_byType[type]) {
            const int times = effects[event.id];
            if (times > 1 || (times == 0 && !isParked(handler, event.id))) {
                wrong(fmt::format("{} acted {} times for {} of {}", handler, times, type, event.stream));
            }
        }
    }

    void checkIndex()
    {
        auto read = orThrow(m_database->read());
        for (const core::RecordedEvent& event : m_byType["OrderPlaced"]) {
            auto* select
                = orThrow(read.connection().prepared("SELECT COUNT(*) FROM demo_search_index WHERE event_id = ?1"));
            select->bind(1, event.id);
            orThrow(select->step());
            const std::int64_t times = select->integer(0);
            m_audit.effects += static_cast<std::size_t>(times);
            if (times != 1 && !isParked("search-index", event.id)) {
                wrong(fmt::format("search-index has {} entries for {}", times, event.stream));
            }
        }
    }

    void checkReadModel()
    {
        const auto live = orThrow(core::SqliteOrderReadModel::open(m_database));
        core::MemoryOrderReadModel rebuilt;
        core::SystemClock clock;
        const Directory customers;
        const core::UpcasterChain upcasters = core::orderUpcasters();
        core::OrderProjection projection(rebuilt, *m_store, customers, upcasters);
        core::ProjectionRunner runner(*m_store, clock);
        if (!runner.add(projection) || !runner.waitUntilLive(projection.name())) {
            wrong("the read model cannot be rebuilt");
            return;
        }
        if (orThrow(live->count()) != orThrow(rebuilt.count())
            || orThrow(live->count()) != m_byType["OrderPlaced"].size()) {
            wrong(fmt::format("the read model has {} rows, a rebuild {}, and there are {} orders",
                orThrow(live->count()), orThrow(rebuilt.count()), m_byType["OrderPlaced"].size()));
        }
        for (const core::RecordedEvent& event : m_byType["OrderPlaced"]) {
            const std::string_view id = core::aggregateIdOf(event.stream);
            if (orThrow(live->find(id)) != orThrow(rebuilt.find(id))) {
                wrong(fmt::format("the read model's row of {} is not what a rebuild makes", event.stream));
            }
        }
    }

    const std::shared_ptr<core::SqliteDatabase> m_database;
    const std::shared_ptr<core::SqliteEventStore> m_store;
    StoryAudit m_audit;
    std::map<std::string, Types> m_types; // by stream
    std::map<std::string, std::vector<core::RecordedEvent>> m_byType;
    std::map<std::string, core::SagaState> m_sagas;                     // by stream
    std::map<std::string, std::set<std::string>, std::less<>> m_parked; // event ids by queue
};

} // namespace

std::string StoryAudit::summary() const
{
    std::string text = fmt::format("{} events,", events);
    for (const auto& [status, number] : sagas) {
        text += fmt::format(" {} sagas {},", number, status);
    }
    return text
        + fmt::format(" {} effects, {} letters (of them parked twice: {}), {} violations", effects, letters,
            parkedTwice, violations.size());
}

StoryAudit auditStory(const std::filesystem::path& file)
{
    return Auditor(file).run();
}

} // namespace eventscope::test
