// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "collecting_sink.h"
#include "event_inbox.h"
#include "rabbit_server.h"

#include "rabbit_source.h"

#include <algorithm>
#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <pthread.h>

using namespace eventscope;
using namespace eventscope::test;
using namespace eventscope::rabbitmq;

namespace {

/// Collects, and does something at the first tick, when everything is set up.
class TickingSink final : public core::EventSink {
public:
    explicit TickingSink(std::size_t wanted, std::function<void()> atFirstTick = {})
        : m_wanted(wanted), m_atFirstTick(std::move(atFirstTick))
    {
    }
    bool deliver(std::span<const core::SourceEvent> batch) override
    {
        for (const core::SourceEvent& event : batch)
            events.add(event);
        return events.size() < m_wanted;
    }
    bool tick() override
    {
        if (m_atFirstTick)
            std::exchange(m_atFirstTick, nullptr)();
        return events.size() < m_wanted;
    }
    std::vector<std::string> ids() const
    {
        std::vector<std::string> ids;
        for (const core::SourceEvent& event : events.events())
            ids.emplace_back(event.id);
        return ids;
    }

    core::EventBatch events;

private:
    std::size_t m_wanted;
    std::function<void()> m_atFirstTick;
};

MessageProperties named(const std::string& id)
{
    MessageProperties properties;
    properties.messageId = id;
    properties.deliveryMode = 2;
    return properties;
}

class RabbitSourceTest : public testing::Test {
protected:
    std::unique_ptr<RabbitSource> open(RabbitSourceOptions options = {})
    {
        auto opened = RabbitSource::open("rabbit", m_vhost.options(), std::move(options));
        EXPECT_TRUE(opened) << opened.error().message;
        return opened ? std::move(*opened) : nullptr;
    }
    std::vector<std::string> read(core::Source& source, const core::ReadRange& range)
    {
        TickingSink sink(1'000'000);
        m_receipt = source.read(range, sink, {});
        return sink.ids();
    }
    void publishMany(const std::string& queue, int count, const std::string& prefix = "m")
    {
        for (int i = 0; i < count; ++i)
            m_vhost.publish(queue, R"({"n":)" + std::to_string(i) + '}', named(prefix + std::to_string(i)));
    }
    static std::vector<std::string> idsTo(int count, int from = 0)
    {
        std::vector<std::string> ids;
        for (int i = from; i < count; ++i)
            ids.push_back("m" + std::to_string(i));
        return ids;
    }

    OwnVhost m_vhost;
    core::Result<core::ScanReceipt> m_receipt;
};

} // namespace

TEST_F(RabbitSourceTest, ListsQueuesStreamsExchangesAndDeadLettersByTopology)
{
    auto& broker = m_vhost.connection();
    ASSERT_TRUE(broker.declareExchange(kTestChannel, "events", "topic"));
    ASSERT_TRUE(broker.declareExchange(kTestChannel, "graveyard", "fanout"));
    m_vhost.declareQueue("log", {{"x-queue-type", "stream"}});
    m_vhost.declareQueue("orders", {{"x-dead-letter-exchange", "graveyard"}});
    m_vhost.declareQueue("the-dead");
    m_vhost.declareQueue("orders.retry.1000",
        {{"x-message-ttl", 1000}, {"x-dead-letter-exchange", ""}, {"x-dead-letter-routing-key", "orders"}});
    m_vhost.declareQueue("mails_error");
    ASSERT_TRUE(broker.bindQueue(kTestChannel, "the-dead", "graveyard", ""));
    publishMany("orders", 3);
    const auto source = open();
    const auto catalog = source->catalog({});
    ASSERT_TRUE(catalog) << catalog.error().message;
    std::map<std::string, core::CatalogKind> kinds;
    for (const core::CatalogEntry& entry : *catalog)
        kinds[entry.name] = entry.kind;
    using Kind = core::CatalogKind;
    EXPECT_EQ(kinds,
        (std::map<std::string, Kind>{{"events", Kind::Topic}, {"graveyard", Kind::Topic}, {"log", Kind::Stream},
            {"orders", Kind::Queue}, {"the-dead", Kind::DeadLetter}, {"orders.retry.1000", Kind::Queue},
            {"mails_error", Kind::DeadLetter}}));
}

TEST_F(RabbitSourceTest, ReadsAStreamAtAnyOffsetAsOftenAsOneLikes)
{
    m_vhost.declareQueue("log", {{"x-queue-type", "stream"}});
    publishMany("log", 30);
    const auto source = open();
    EXPECT_EQ(read(*source, {.stream = "log"}), idsTo(30));
    ASSERT_TRUE(m_receipt) << m_receipt.error().message;
    EXPECT_TRUE(m_receipt->complete);
    ASSERT_EQ(m_receipt->ranges.size(), 1u);
    EXPECT_EQ(m_receipt->ranges[0].from, 0);
    EXPECT_EQ(m_receipt->ranges[0].to, 29);
    EXPECT_EQ(read(*source, {}), idsTo(30)) << "all streams";
    EXPECT_EQ(read(*source, {.stream = "log", .fromPosition = 12, .toPosition = 19}), idsTo(20, 12));
    EXPECT_EQ(read(*source, {.stream = "log", .limit = 5}), idsTo(5));
    EXPECT_FALSE(m_receipt->complete);
    EXPECT_TRUE(read(*source, {.stream = "log", .fromPosition = 99}).empty());
    EXPECT_TRUE(m_receipt->complete);
}

// Its end is looked for first, and what is published meanwhile comes in between.
TEST_F(RabbitSourceTest, ReadsAStreamToWhichSomebodyGoesOnPublishing)
{
    m_vhost.declareQueue("log", {{"x-queue-type", "stream"}});
    publishMany("log", 50);
    std::atomic<bool> done{false};
    std::jthread publisher([&] {
        const auto connection = AmqpConnection::open(m_vhost.options());
        ASSERT_TRUE(connection && (*connection)->openChannel(1));
        while (!done) {
            for (int i = 0; i < 50; ++i)
                ASSERT_TRUE((*connection)->publish(1, "", "log", false, named("more"), "{}"));
            std::this_thread::yield();
        }
    });
    for (int look = 0; look < 3; ++look) {
        const auto source = open();
        EXPECT_EQ(read(*source, {.stream = "log", .limit = 50}), idsTo(50));
        ASSERT_TRUE(m_receipt) << m_receipt.error().message;
        EXPECT_TRUE(m_receipt->stoppedBecause.empty()) << m_receipt->stoppedBecause;
    }
    done = true;
}

TEST_F(RabbitSourceTest, GoesOnBehindItsCursorAfterALoss)
{
    m_vhost.declareQueue("log", {{"x-queue-type", "stream"}});
    publishMany("log", 10);
    std::string cursor;
    {
        const auto source = open();
        TickingSink sink(4);
        ASSERT_TRUE(source->follow(core::Source::kBeginning, sink, {}));
        EXPECT_GE(sink.ids().size(), 4u);
        cursor = source->cursor();
    }
    const auto source = open();
    core::FollowStart start;
    start.cursor = cursor;
    TickingSink sink(1, [&] { m_vhost.publish("log", "{}", named("new")); });
    ASSERT_TRUE(source->follow(start, sink, {}));
    EXPECT_EQ(sink.ids().back(), "new");
    EXPECT_EQ(std::ranges::count(sink.ids(), "m0"), 0);
}

TEST_F(RabbitSourceTest, FollowsLiveTrafficThroughAQueueOfItsOwn)
{
    auto& broker = m_vhost.connection();
    ASSERT_TRUE(broker.declareExchange(kTestChannel, "events", "topic"));
    ASSERT_TRUE(broker.declareExchange(kTestChannel, "jobs", "direct"));
    m_vhost.declareQueue("orders");
    ASSERT_TRUE(broker.bindQueue(kTestChannel, "orders", "events", "order.*"));
    m_vhost.declareQueue("mails");
    ASSERT_TRUE(broker.bindQueue(kTestChannel, "mails", "jobs", "mail"));
    const auto source = open();
    TickingSink sink(3, [&] {
        m_vhost.publish({"events", "order.placed", named("a"), "{}"});
        m_vhost.publish({"jobs", "mail", named("b"), "{}"});
        m_vhost.publish({"events", "order.paid", named("c"), "{}"});
    });
    ASSERT_TRUE(source->follow(core::SourceEvent::kNone, sink, {}));
    EXPECT_EQ(sink.ids(), (std::vector<std::string>{"a", "b", "c"}));
    EXPECT_EQ(sink.events.events()[0].stream, "events");
    EXPECT_EQ(m_vhost.depth("orders"), 2u) << "the application's copies are its own";
    EXPECT_EQ(m_vhost.takeAll("mails").at(0).redelivered, false);
    const auto queues = m_vhost.management().get("queues/" + m_vhost.options().vhost + "?columns=name");
    ASSERT_TRUE(queues);
    EXPECT_EQ(queues->asArray().size(), 2u) << "the shadow queue goes with the follower";
}

TEST_F(RabbitSourceTest, FollowsOneQueueByItsBindings)
{
    auto& broker = m_vhost.connection();
    ASSERT_TRUE(broker.declareExchange(kTestChannel, "events", "topic"));
    m_vhost.declareQueue("orders");
    ASSERT_TRUE(broker.bindQueue(kTestChannel, "orders", "events", "order.*"));
    m_vhost.declareQueue("rest");
    ASSERT_TRUE(broker.bindQueue(kTestChannel, "rest", "events", "#"));
    const auto source = open();
    TickingSink sink(1, [&] {
        m_vhost.publish({"events", "customer.moved", named("other"), "{}"});
        m_vhost.publish({"events", "order.placed", named("mine"), "{}"});
    });
    core::FollowStart start;
    start.stream = "orders";
    ASSERT_TRUE(source->follow(start, sink, {}));
    EXPECT_EQ(sink.ids(), (std::vector<std::string>{"mine"}));
}

TEST_F(RabbitSourceTest, LooksIntoAClassicQueueAndLeavesItAsItWas)
{
    m_vhost.declareQueue("idle");
    publishMany("idle", 200);
    const auto source = open();
    for (int look = 0; look < 3; ++look)
        EXPECT_EQ(read(*source, {.stream = "idle"}), idsTo(200));
    ASSERT_FALSE(source->notices().empty());
    EXPECT_NE(source->notices()[0].find("redelivered"), std::string::npos) << source->notices()[0];
    std::vector<std::string> left;
    for (const OwnVhost::Taken& taken : m_vhost.takeAll("idle"))
        left.push_back(*taken.properties.messageId);
    EXPECT_EQ(left, idsTo(200));
}

TEST_F(RabbitSourceTest, LosesNothingOfAQueueWithADeliveryLimitHoweverOftenOneLooks)
{
    m_vhost.declareQueue("careful", {{"x-queue-type", "quorum"}, {"x-delivery-limit", 2}});
    publishMany("careful", 3);
    const auto source = open();
    for (int look = 0; look < 10; ++look) {
        EXPECT_TRUE(read(*source, {.stream = "careful"}).empty());
        ASSERT_FALSE(m_receipt);
        EXPECT_EQ(m_receipt.error().code, core::ErrorCode::Refused);
        EXPECT_NE(m_receipt.error().message.find("2 deliveries"), std::string::npos) << m_receipt.error().message;
    }
    // Asked for in spite of that it is fetched once, and shown again from here.
    const auto forced = open({.look = LookPolicy::Forced});
    for (int look = 0; look < 10; ++look) {
        auto ids = read(*forced, {.stream = "careful"});
        ASSERT_TRUE(m_receipt) << m_receipt.error().message;
        std::ranges::sort(ids);
        EXPECT_EQ(ids, idsTo(3));
    }
    EXPECT_EQ(m_vhost.takeAll("careful").size(), 3u);
}

// A nack is only handed to a quorum queue: counted at once, or while its leader does not answer, it seems
// to hold nothing. To fetch again for that is one delivery more, until the broker drops the messages.
TEST_F(RabbitSourceTest, FetchesNothingAgainBecauseOfACountThatIsNoCount)
{
    m_vhost.declareQueue("careful", {{"x-queue-type", "quorum"}, {"x-delivery-limit", 2}});
    publishMany("careful", 3);
    const auto forced = open({.look = LookPolicy::Forced});
    EXPECT_EQ(read(*forced, {.stream = "careful"}).size(), 3u);
    m_vhost.holdLeader("careful", std::chrono::milliseconds(3000));
    for (int look = 0; look < 5; ++look) {
        EXPECT_EQ(read(*forced, {.stream = "careful"}).size(), 3u) << "what is not certain is shown as it was";
        ASSERT_TRUE(m_receipt) << m_receipt.error().message;
    }
    EXPECT_EQ(m_vhost.take("careful", 3).size(), 3u);
}

TEST_F(RabbitSourceTest, TakesNoLookOfWhichItKnowsThatTheBrokerWouldDropAMessage)
{
    m_vhost.declareQueue("careful", {{"x-queue-type", "quorum"}, {"x-delivery-limit", 2}});
    const auto forced = open({.look = LookPolicy::Forced});
    for (int count = 1; count <= 6; ++count) {
        publishMany("careful", 1, "m" + std::to_string(count)); // another count, so what was seen is old
        const std::size_t seen = read(*forced, {.stream = "careful"}).size();
        ASSERT_TRUE(m_receipt) << m_receipt.error().message;
        EXPECT_EQ(seen, static_cast<std::size_t>(std::min(count, 2)));
    }
    EXPECT_NE(forced->notices().back().find("would drop"), std::string::npos) << forced->notices().back();
    EXPECT_EQ(m_vhost.takeAll("careful").size(), 6u);
}

// What a minute of looking does: the catalog and the figures every second, the queue opened again and
// again, its live traffic followed. The consumer must not notice.
TEST_F(RabbitSourceTest, DoesNotDisturbAConsumerHoweverOftenOneLooks)
{
    constexpr int kMessages = 60;
    auto& broker = m_vhost.connection();
    ASSERT_TRUE(broker.declareExchange(kTestChannel, "events", "topic"));
    m_vhost.declareQueue("busy");
    ASSERT_TRUE(broker.bindQueue(kTestChannel, "busy", "events", "#"));
    const auto consumer = AmqpConnection::open(m_vhost.options());
    ASSERT_TRUE(consumer);
    ASSERT_TRUE((*consumer)->openChannel(1) && (*consumer)->limitUnacknowledged(1, 10));
    ASSERT_TRUE((*consumer)->consume(1, "busy", false));
    for (int i = 0; i < kMessages; ++i)
        m_vhost.publish({"events", "tick", named("m" + std::to_string(i)), "{}"});
    const auto source = open();
    const auto watcher = open();
    std::stop_source stop;
    std::jthread following([&] {
        TickingSink sink(1'000'000);
        EXPECT_TRUE(watcher->follow(core::SourceEvent::kNone, sink, stop.get_token()));
    });
    std::vector<std::string> handled;
    bool redelivered = false;
    while (handled.size() < kMessages) {
        EXPECT_TRUE(source->catalog({}));
        EXPECT_TRUE(source->probe({}));
        read(*source, {.stream = "busy"});
        if (!m_receipt) {
            EXPECT_EQ(m_receipt.error().code, core::ErrorCode::Refused);
        }
        const auto event = (*consumer)->next(kPatience);
        ASSERT_TRUE(event);
        if (event->kind != AmqpEvent::Kind::Message)
            continue;
        redelivered = redelivered || event->message.redelivered;
        handled.push_back(*propertiesFrom(*event->message.properties).messageId);
        ASSERT_TRUE((*consumer)->ack(1, event->message.tag));
    }
    stop.request_stop();
    EXPECT_EQ(handled, idsTo(kMessages));
    EXPECT_FALSE(redelivered);
    EXPECT_EQ(m_vhost.depth("busy"), 0u);
}

TEST_F(RabbitSourceTest, WorksWithLessWithoutTheManagementPlugin)
{
    auto& broker = m_vhost.connection();
    ASSERT_TRUE(broker.declareExchange(kTestChannel, "events", "topic"));
    m_vhost.declareQueue("orders");
    publishMany("orders", 2);
    RabbitOptions options = m_vhost.options();
    options.management = "http://127.0.0.1:1";
    auto opened = RabbitSource::open("rabbit", options, {.queues = {"orders", "nowhere"}});
    ASSERT_TRUE(opened) << opened.error().message;
    const auto catalog = (*opened)->catalog({});
    ASSERT_TRUE(catalog) << catalog.error().message;
    ASSERT_EQ(catalog->size(), 2u);
    EXPECT_EQ((*catalog)[0].name, "orders");
    EXPECT_EQ((*catalog)[0].count, 2);
    EXPECT_EQ((*catalog)[1].name, "events");
    ASSERT_EQ((*opened)->notices().size(), 2u);
    EXPECT_NE((*opened)->notices()[0].find("management"), std::string::npos) << (*opened)->notices()[0];
    EXPECT_NE((*opened)->notices()[1].find("'nowhere'"), std::string::npos) << (*opened)->notices()[1];
    TickingSink sink(1, [&] { m_vhost.publish({"events", "order.placed", named("live"), "{}"}); });
    m_vhost.declareQueue("sinkhole");
    ASSERT_TRUE(broker.bindQueue(kTestChannel, "sinkhole", "events", "#"));
    ASSERT_TRUE((*opened)->follow(core::SourceEvent::kNone, sink, {}));
    EXPECT_EQ(sink.ids(), (std::vector<std::string>{"live"}));
    // A look whose cost nobody can tell is not taken.
    EXPECT_TRUE(read(**opened, {.stream = "orders"}).empty());
    ASSERT_FALSE(m_receipt);
    EXPECT_EQ(m_receipt.error().code, core::ErrorCode::Refused);
}

TEST_F(RabbitSourceTest, SaysWhichRightIsMissing)
{
    auto& management = m_vhost.management();
    auto& broker = m_vhost.connection();
    ASSERT_TRUE(broker.declareExchange(kTestChannel, "events", "topic"));
    m_vhost.declareQueue("secret");
    publishMany("secret", 1);
    const std::string user = "reader-" + m_vhost.options().vhost;
    ASSERT_TRUE(management.send("PUT", "users/" + user, R"({"password":"p","tags":""})"));
    ASSERT_TRUE(management.send("PUT", "permissions/" + m_vhost.options().vhost + '/' + user,
        R"({"configure":"^$","write":"^$","read":"^$"})"));
    RabbitOptions options = m_vhost.options();
    options.user = user;
    options.password = "p";
    auto opened = RabbitSource::open("rabbit", options, {.queues = {"secret"}, .look = LookPolicy::Forced});
    ASSERT_TRUE(opened) << opened.error().message;
    const auto catalog = (*opened)->catalog({});
    ASSERT_TRUE(catalog) << catalog.error().message;
    ASSERT_FALSE((*opened)->notices().empty());
    EXPECT_NE((*opened)->notices()[0].find("refuses the user"), std::string::npos) << (*opened)->notices()[0];
    TickingSink sink(1);
    const auto look = (*opened)->read({.stream = "secret"}, sink, {});
    ASSERT_FALSE(look);
    EXPECT_EQ(look.error().code, core::ErrorCode::Refused) << look.error().message;
    const core::Status follow = (*opened)->follow(core::SourceEvent::kNone, sink, {});
    ASSERT_FALSE(follow);
    EXPECT_EQ(follow.error().code, core::ErrorCode::Refused) << follow.error().message;
    EXPECT_NE(follow.error().message.find("permissions"), std::string::npos) << follow.error().message;
    ASSERT_TRUE(management.send("DELETE", "users/" + user));
}

TEST_F(RabbitSourceTest, KeepsBytesThatAreNoTextAndHeadersOfEveryKind)
{
    m_vhost.declareQueue("odd");
    MessageProperties properties = named("odd");
    AmqpValue decimal;
    decimal.kind = 'D';
    decimal.value = AmqpValue::Decimal{2, 3800};
    properties.headers = {{"bytes", std::string("\xff\0\xfe", 3)}, {"truth", true}, {"number", std::int64_t{1} << 60},
        {"decimal", decimal}, {"table", AmqpTable{{"inner", AmqpTable{{"n", 1}}}}}};
    m_vhost.publish("odd", std::string_view("\xff\xfe\0payload", 10), properties);
    const auto source = open();
    TickingSink sink(1);
    ASSERT_TRUE(source->read({.stream = "odd"}, sink, {}));
    ASSERT_EQ(sink.events.size(), 1u);
    const core::SourceEvent& event = sink.events.events()[0];
    std::map<std::string, std::string> headers;
    for (const core::HeaderView& header : event.headers)
        headers[std::string(header.name)] = header.value;
    EXPECT_EQ(headers["bytes"], std::string("\xff\0\xfe", 3));
    EXPECT_EQ(headers["truth"], "true");
    EXPECT_EQ(headers["number"], "1152921504606846976");
    EXPECT_EQ(headers["decimal"], "38.00");
    EXPECT_EQ(headers["table"], R"({"inner":{"n":1}})");
    EXPECT_EQ(event.payload, std::string("\xff\xfe\0payload", 10));
    EXPECT_EQ(m_vhost.takeAll("odd").at(0).properties.headers, properties.headers);
}

TEST_F(RabbitSourceTest, SurvivesHeadersNestedTenThousandsDeepOnASmallStack)
{
    constexpr int kDepth = 20'000;
    m_vhost.declareQueue("deep");
    AmqpValue nested(1);
    for (int i = 0; i < kDepth; ++i) {
        AmqpValue outer;
        outer.kind = 'A';
        outer.value = AmqpArray{};
        std::get<AmqpArray>(outer.value).push_back(std::move(nested));
        nested = std::move(outer);
    }
    MessageProperties properties = named("deep");
    properties.headers.emplace_back("nested", std::move(nested));
    m_vhost.publish("deep", "{}", properties);
    struct Look {
        RabbitSource* source;
        std::size_t seen = 0;
    };
    const auto source = open();
    Look look{source.get()};
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, 256 * 1024);
    pthread_t thread{};
    ASSERT_EQ(pthread_create(
                  &thread, &attributes,
                  [](void* context) -> void* {
                      auto* inner = static_cast<Look*>(context);
                      TickingSink sink(1);
                      EXPECT_TRUE(inner->source->read({.stream = "deep"}, sink, {}));
                      inner->seen = sink.events.size();
                      return nullptr;
                  },
                  &look),
        0);
    pthread_join(thread, nullptr);
    pthread_attr_destroy(&attributes);
    EXPECT_EQ(look.seen, 1u);
}

TEST_F(RabbitSourceTest, CutsAMessageOfAHundredMegabytesAndSaysSo)
{
    m_vhost.declareQueue("huge");
    m_vhost.publish("huge", std::string(std::size_t{100} << 20, 'x'), named("huge"));
    const auto source = open();
    TickingSink sink(1);
    ASSERT_TRUE(source->read({.stream = "huge"}, sink, {}));
    ASSERT_EQ(sink.events.size(), 1u);
    EXPECT_EQ(sink.events.events()[0].payload.size(), AmqpConnection::kLargestBody);
    EXPECT_NE(sink.events.events()[0].undecodable.find("104857600 bytes"), std::string_view::npos)
        << sink.events.events()[0].undecodable;
}

TEST(LookCost, IsToldBeforeAnythingIsFetched)
{
    QueueInfo queue;
    queue.name = "q";
    const auto cost
        = [&](const char* version, std::int64_t consumers = 0) { return costOfLook("q", &queue, consumers, version); };
    EXPECT_TRUE(cost("3.10.8").isHarmless());
    EXPECT_TRUE(cost("3.10.8", 1).disturbs);
    queue.type = "quorum";
    EXPECT_TRUE(cost("3.10.8").isHarmless());
    EXPECT_NE(cost("3.10.8").sentence.find("at the queue's end"), std::string::npos);
    EXPECT_TRUE(cost("4.0.2").canDrop) << "a limit of 20 unless told otherwise";
    EXPECT_FALSE(cost("4.3.0").canDrop) << "a nack does not count any more";
    queue.arguments = core::Json(core::Json::Object{{"x-delivery-limit", core::Json(-1)}});
    EXPECT_FALSE(cost("4.0.2").canDrop);
    queue.arguments = core::Json(core::Json::Object{});
    queue.policy = core::Json(core::Json::Object{{"delivery-limit", core::Json(5)}});
    EXPECT_TRUE(cost("3.10.8").canDrop);
    EXPECT_NE(cost("3.10.8").sentence.find("5 deliveries"), std::string::npos);
    queue.arguments = core::Json(core::Json::Object{{"x-single-active-consumer", core::Json(true)}});
    EXPECT_FALSE(cost("3.10.8").isPossible);
    EXPECT_TRUE(costOfLook("q", nullptr, 0, "3.10.8").canDrop);
    EXPECT_FALSE(allowLook("q", cost("3.10.8"), LookPolicy::Forced));
}

TEST(DeadLetterNames, AreThoseThatPeopleUse)
{
    for (const char* name : {"orders.dlq", "orders-dead-letter", "orders_dead_letters", "orders.DeadLetter",
             "Sales_error", "sales_skipped", "error", "audit", "EasyNetQ_Default_Error_Queue",
             "wolverine-dead-letter-queue", "orders.parking-lot", "orders.poison"})
        EXPECT_TRUE(isDeadLetterName(name)) << name;
    for (const char* name : {"orders", "errors-of-orders", "terror", "dlq-reader", "", "orders.retry.1000"})
        EXPECT_FALSE(isDeadLetterName(name)) << name;
}
