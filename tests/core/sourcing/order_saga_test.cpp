// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sourcing/order_saga.h"

#include "event/message_context.h"
#include "sourcing/memory_event_store.h"
#include "sourcing/saga_events.h"
#include "sourcing/saga_process.h"
#include "sourcing/saga_retry.h"
#include "sourcing/saga_story.h"

#include "dying_store.h"
#include "effect_ledger.h"
#include "scripted_order_services.h"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>
#include <vector>

using namespace eventscope::core;
using namespace eventscope::test;
using Answer = EffectLedger::Answer;

namespace {

const OrderSagaInput kInput{.order = {.orderId = "7f3a",
                                .customerId = "c1",
                                .items = {{.sku = "lamp", .quantity = 3, .price = Decimal::parse("0.10").value()},
                                    {.sku = "desk", .quantity = 1, .price = Decimal::parse("37.70").value()}},
                                .currency = "EUR"},
    .payment = Json("a card"),
    .shipping = Json("a street")};

/// A process that runs order sagas on some store.
struct OrderProgram {
    OrderProgram(EventStore& through, EffectLedger& ledger, Clock& clock, IdGenerator& ids, OrderSagaPolicy policy)
        : store(through)
        , aggregates(through, upcasters, clock, ids)
        , orders(aggregates)
        , commands(orders, clock)
        , services(ledger, through, clock, ids)
        , definitions{orderSaga({.orders = orders,
                                    .commands = commands,
                                    .payments = services,
                                    .inventory = services,
                                    .shipping = services,
                                    .ids = ids,
                                    .clock = clock},
              policy)}
    {
    }

    EventStore& store;
    UpcasterChain upcasters = orderUpcasters();
    AggregateStore aggregates;
    Repository<Order> orders;
    OrderCommandHandler commands;
    ScriptedOrderServices services;
    std::vector<SagaDefinition> definitions;
};

struct OrderWorld {
    MemoryEventStore store;
    EffectLedger ledger;
    ManualClock clock{storyStart()};
    CountingIds ids;
    OrderSagaPolicy policy{};
    OrderProgram program{store, ledger, clock, ids, policy};

    OrderWorld() : OrderWorld(OrderSagaPolicy{}) { }
    explicit OrderWorld(OrderSagaPolicy chosen) : policy(chosen) { }

    void begin()
    {
        const auto draft = saga_event::started("order-7f3a", program.definitions[0], toJson(kInput));
        const NewEvent started{.id = ids.next(),
            .type = std::string(draft.type),
            .time = clock.now(),
            .metadata = {.correlationId = "the-flow", .causationId = {}, .userId = {}, .headers = {}},
            .data = draft.data};
        ASSERT_TRUE(store.append("saga-order-7f3a", ExpectedVersion::noStream(), {&started, 1}));
    }

    SagaPause carryOn(OrderProgram& running)
    {
        while (true) {
            SagaProcess process(
                {.store = running.store, .clock = clock, .ids = ids, .definitions = running.definitions}, "order-7f3a");
            SagaPause pause = process.run({});
            if (pause.kind != SagaPause::Kind::Waiting)
                return pause;
            clock.set(pause.until);
        }
    }

    SagaState run()
    {
        begin();
        EXPECT_EQ(carryOn(program).kind, SagaPause::Kind::Ended);
        return saga();
    }

    SagaState saga() const { return SagaState::fold(store.readStream("saga-order-7f3a").value()).value(); }
    Order order() const { return program.orders.load("7f3a").value(); }

    std::vector<std::string> types(const std::string& stream) const
    {
        std::vector<std::string> types;
        const auto events = store.readStream(stream).value_or(std::vector<RecordedEvent>());
        for (const RecordedEvent& event : events)
            types.push_back(event.type);
        return types;
    }

    int net(std::string_view step) const { return ledger.net(sagaIdempotencyKey("order-7f3a", step)); }
};

using Types = std::vector<std::string>;

/// The order, its saga and the world tell the same story.
void expectNothingHalfDone(const OrderWorld& world)
{
    const SagaState saga = world.saga();
    ASSERT_TRUE(saga.hasEnded());
    const bool completed = saga.status() == SagaStatus::Completed;
    for (const std::string_view step :
        {order_step::kProcessPayment, order_step::kReserveInventory, order_step::kCreateShipment}) {
        EXPECT_EQ(world.net(step), completed ? 1 : 0) << step;
        EXPECT_LE(world.ledger.applied(sagaIdempotencyKey("order-7f3a", step)), 1) << step;
    }
    const auto order = world.program.orders.load("7f3a");
    if (completed) {
        ASSERT_TRUE(order);
        EXPECT_EQ(order->status(), OrderStatus::Shipped);
        EXPECT_EQ(world.types("order-7f3a"), (Types{"OrderPlaced", "PaymentConfirmed", "OrderShipped"}));
        EXPECT_EQ(world.types("payment-7f3a"), Types{"PaymentAuthorized"});
    } else if (order) {
        EXPECT_EQ(order->status(), OrderStatus::Cancelled);
    }
}

} // namespace

TEST(OrderSaga, BringsAnOrderFromPlacedToShipped)
{
    OrderWorld world;
    const SagaState saga = world.run();
    EXPECT_EQ(saga.status(), SagaStatus::Completed);
    EXPECT_EQ(world.types("order-7f3a"), (Types{"OrderPlaced", "PaymentConfirmed", "OrderShipped"}));
    EXPECT_EQ(world.types("payment-7f3a"), Types{"PaymentAuthorized"});
    EXPECT_EQ(world.types("inventory-7f3a"), Types{"InventoryReserved"});
    EXPECT_EQ(world.types("shipment-7f3a"), Types{"ShipmentCreated"});
    expectNothingHalfDone(world);
}

TEST(OrderSaga, ChargesTheExactTotal)
{
    OrderWorld world;
    const SagaState saga = world.run();
    EXPECT_EQ(
        saga.step(order_step::kCreateOrder)->result, R"({"orderId":"7f3a","totalAmount":38.00,"currency":"EUR"})");
    EXPECT_EQ(world.store.readStream("payment-7f3a").value().front().data, R"({"orderId":"7f3a","amount":38.00})");
}

TEST(OrderSaga, CancelsTheOrderWhenThePaymentIsDeclined)
{
    OrderWorld world;
    world.ledger.script("process payment", {Answer::Refuse});
    const SagaState saga = world.run();
    EXPECT_EQ(saga.status(), SagaStatus::Compensated);
    EXPECT_EQ(world.types("order-7f3a"), (Types{"OrderPlaced", "OrderCancelled"}));
    EXPECT_EQ(world.types("payment-7f3a"), Types{"PaymentDeclined"});
    EXPECT_EQ(world.types("inventory-7f3a"), Types{});
    EXPECT_EQ(world.order().state().at("/cancellation/reason")->asString(), "process payment: no, never");
    expectNothingHalfDone(world);
}

TEST(OrderSaga, RefundsWhenSomethingIsOutOfStock)
{
    OrderWorld world;
    world.ledger.script("reserve inventory", {Answer::Refuse});
    const SagaState saga = world.run();
    EXPECT_EQ(saga.status(), SagaStatus::Compensated);
    EXPECT_EQ(world.types("order-7f3a"), (Types{"OrderPlaced", "PaymentConfirmed", "OrderCancelled"}));
    EXPECT_EQ(world.types("payment-7f3a"), (Types{"PaymentAuthorized", "PaymentRefunded"}));
    EXPECT_EQ(world.types("inventory-7f3a"), Types{"OutOfStock"});
    expectNothingHalfDone(world);
}

TEST(OrderSaga, TakesEverythingBackWhenItCannotBeShipped)
{
    OrderWorld world;
    world.ledger.script("create shipment", {Answer::Refuse});
    EXPECT_EQ(world.run().status(), SagaStatus::Compensated);
    EXPECT_EQ(world.types("shipment-7f3a"), Types{"ShipmentFailed"});
    EXPECT_EQ(world.types("inventory-7f3a"), (Types{"InventoryReserved", "InventoryReleased"}));
    EXPECT_EQ(world.types("payment-7f3a"), (Types{"PaymentAuthorized", "PaymentRefunded"}));
    EXPECT_EQ(world.types("order-7f3a").back(), "OrderCancelled");
    expectNothingHalfDone(world);
}

TEST(OrderSaga, FailsWithoutATraceWhenTheOrderItselfIsRefused)
{
    OrderWorld world;
    OrderSagaInput empty = kInput;
    empty.order.items.clear();
    const auto draft = saga_event::started("order-7f3a", world.program.definitions[0], toJson(empty));
    const NewEvent started{
        .id = "s", .type = std::string(draft.type), .time = storyStart(), .metadata = {}, .data = draft.data};
    ASSERT_TRUE(world.store.append("saga-order-7f3a", ExpectedVersion::noStream(), {&started, 1}));
    world.carryOn(world.program);
    EXPECT_EQ(world.saga().status(), SagaStatus::Failed);
    EXPECT_EQ(world.types("order-7f3a"), Types{});
}

TEST(OrderSaga, TurnsRoundWhenTheCustomerCancelsMeanwhile)
{
    OrderWorld world;
    world.program.services.onReserve = [&] {
        const auto cancel
            = makeCommand(CancelOrder{.orderId = "7f3a", .reason = "changed my mind"}, world.ids, world.clock);
        ASSERT_TRUE(world.program.commands.handle(cancel));
    };
    const SagaState saga = world.run();
    EXPECT_EQ(saga.status(), SagaStatus::Compensated);
    EXPECT_EQ(saga.step(order_step::kCreateShipment)->status, SagaStepStatus::Compensated)
        << "the parcel was created before the order refused to be shipped";
    EXPECT_EQ(world.types("shipment-7f3a"), (Types{"ShipmentCreated", "ShipmentCancelled"}));
    EXPECT_EQ(world.order().state().at("/cancellation/reason")->asString(), "changed my mind");
    expectNothingHalfDone(world);
}

TEST(OrderSaga, VoidsAPaymentOfWhichNobodyHeardAgain)
{
    OrderWorld world;
    world.ledger.script("process payment", {Answer::LoseRequest});
    EXPECT_EQ(world.run().status(), SagaStatus::Compensated);
    EXPECT_EQ(world.types("payment-7f3a"), Types{"PaymentVoided"});
    EXPECT_EQ(world.ledger.execute("process payment", "order-7f3a/process payment").error().code, ErrorCode::Refused)
        << "a request that arrives late finds the door shut";
    expectNothingHalfDone(world);
}

TEST(OrderSaga, AsksAgainForStockWhenToldTo)
{
    OrderWorld world(OrderSagaPolicy{.waitForStock = true});
    world.ledger.script("reserve inventory", {Answer::Refuse, Answer::Refuse, Answer::Ok});
    const SagaState saga = world.run();
    EXPECT_EQ(saga.status(), SagaStatus::Completed);
    EXPECT_EQ(saga.step(order_step::kReserveInventory)->attempts, 3);
}

TEST(OrderSaga, IsStuckUntilAnOperatorGetsTheRefundThrough)
{
    OrderWorld world;
    world.ledger.script("create shipment", {Answer::Refuse});
    world.ledger.script("refund payment",
        {Answer::LoseRequest, Answer::LoseRequest, Answer::LoseRequest, Answer::LoseRequest, Answer::LoseRequest,
            Answer::LoseRequest, Answer::Ok});
    EXPECT_EQ(world.run().status(), SagaStatus::Stuck);
    EXPECT_EQ(world.order().status(), OrderStatus::Cancelled);
    EXPECT_EQ(world.net(order_step::kProcessPayment), 1);
    ASSERT_TRUE(
        requestSagaRetry(world.store, world.clock, world.ids, "order-7f3a", order_step::kProcessPayment, "ann"));
    world.carryOn(world.program);
    EXPECT_EQ(world.saga().status(), SagaStatus::Compensated);
    expectNothingHalfDone(world);
}

TEST(OrderSaga, LeavesOneFlowWithoutAHoleAcrossItsStreams)
{
    OrderWorld world;
    world.ledger.script("create shipment", {Answer::Refuse});
    world.run();
    std::map<std::string, std::string> typeOfId;
    std::set<std::string> categories;
    const auto all = world.store.readAll().value();
    for (const RecordedEvent& event : all) {
        EXPECT_EQ(event.metadata.correlationId, "the-flow") << event.type;
        if (event.type != saga_event::kStarted) {
            const auto cause = typeOfId.find(event.metadata.causationId);
            ASSERT_NE(cause, typeOfId.end()) << event.type << " is caused by nothing that is stored";
            if (!event.stream.starts_with("saga-")) {
                EXPECT_TRUE(
                    cause->second == saga_event::kStepStarted || cause->second == saga_event::kCompensationStarted)
                    << event.type;
            }
        }
        typeOfId[event.id] = event.type;
        categories.emplace(categoryOf(event.stream));
    }
    EXPECT_EQ(categories, (std::set<std::string>{"inventory", "order", "payment", "saga", "shipment"}));
}

TEST(OrderSaga, SurvivesADeathAtEveryAppendOfEveryStream)
{
    using Script = std::function<void(EffectLedger&)>;
    const std::vector<std::pair<std::string, Script>> scripts{
        {"shipped", [](EffectLedger&) {}},
        {"declined", [](EffectLedger& l) { l.script("process payment", {Answer::Refuse}); }},
        {"out of stock", [](EffectLedger& l) { l.script("reserve inventory", {Answer::Refuse}); }},
        {"not shipped", [](EffectLedger& l) { l.script("create shipment", {Answer::Refuse}); }},
        {"answer lost", [](EffectLedger& l) { l.script("process payment", {Answer::LoseAnswer}); }},
    };
    int deaths = 0;
    for (const auto& [name, script] : scripts) {
        OrderWorld calm;
        script(calm.ledger);
        calm.begin();
        DyingStore counting(calm.store);
        OrderProgram counted(counting, calm.ledger, calm.clock, calm.ids, {});
        calm.carryOn(counted);
        for (int append = 1; append <= counting.appends(); ++append) {
            for (const bool stored : {false, true}) {
                SCOPED_TRACE(name + ", append " + std::to_string(append) + (stored ? ", stored" : ", lost"));
                OrderWorld world;
                script(world.ledger);
                world.begin();
                DyingStore dying(world.store, DyingStore::Death{append, stored});
                OrderProgram doomed(dying, world.ledger, world.clock, world.ids, {});
                ASSERT_EQ(world.carryOn(doomed).kind, SagaPause::Kind::Trouble);
                ASSERT_EQ(world.carryOn(world.program).kind, SagaPause::Kind::Ended);
                EXPECT_EQ(world.saga().status(), calm.saga().status());
                expectNothingHalfDone(world);
                ++deaths;
            }
        }
    }
    RecordProperty("deaths", deaths);
    EXPECT_GT(deaths, 80);
}
