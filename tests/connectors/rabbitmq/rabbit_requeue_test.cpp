// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "event_inbox.h"
#include "forked_process.h"
#include "rabbit_server.h"
#include "temp_dir.h"

#include "event/ids.h"
#include "inspect/journal.h"
#include "inspect/requeue.h"
#include "rabbit_dead_letters.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

using namespace eventscope;
using namespace eventscope::test;
using namespace eventscope::rabbitmq;

namespace {

MessageProperties failedIn(const std::string& queue, const std::string& id)
{
    MessageProperties properties;
    properties.messageId = id;
    properties.deliveryMode = 2;
    properties.headers = {{"eventscope-error-type", "HandlerFailed"}, {"eventscope-error-message", "no such customer"},
        {"eventscope-queue", queue}, {"eventscope-exchange", "events"}, {"eventscope-routing-key", "order.placed"},
        {"eventscope-attempts", 4}};
    return properties;
}

class RabbitRequeueTest : public testing::Test {
protected:
    void SetUp() override
    {
        auto& broker = m_vhost.connection();
        ASSERT_TRUE(broker.declareExchange(kTestChannel, "events", "topic"));
        for (const char* queue : {"orders", "audit-log"}) {
            m_vhost.declareQueue(queue);
            ASSERT_TRUE(broker.bindQueue(kTestChannel, queue, "events", "order.*"));
        }
        m_vhost.declareQueue("orders.dlq");
    }
    std::unique_ptr<RabbitDeadLetters> open(RabbitDeadLettersOptions options = {})
    {
        auto opened = RabbitDeadLetters::open(m_vhost.options(), m_clock, std::move(options));
        EXPECT_TRUE(opened) << opened.error().message;
        return opened ? std::move(*opened) : nullptr;
    }
    core::DeadLetter onlyLetter(RabbitDeadLetters& letters)
    {
        const auto listed = letters.list("orders.dlq", {});
        EXPECT_TRUE(listed) << listed.error().message;
        EXPECT_EQ(listed->size(), 1u);
        return listed && !listed->empty() ? listed->front() : core::DeadLetter{};
    }
    static core::Requeue requeueOf(const core::DeadLetter& letter, std::string target = {})
    {
        return {"send-1", letter, std::move(target), letter.original.data, false};
    }

    OwnVhost m_vhost;
    core::SystemClock m_clock;
};

} // namespace

TEST_F(RabbitRequeueTest, GoesStraightToItsQueueSoThatNoOtherGetsItAgain)
{
    MessageProperties properties = failedIn("orders", "m-1");
    properties.priority = 7;
    properties.correlationId = "flow";
    properties.headers.emplace_back("tenant", "a");
    properties.headers.emplace_back("x-retry-count", 3);
    m_vhost.publish("orders.dlq", R"({"total":38.00})", properties);
    const auto letters = open();
    const core::DeadLetter letter = onlyLetter(*letters);
    ASSERT_TRUE(letters->send(requeueOf(letter)));
    ASSERT_TRUE(letters->acknowledge(letter));
    EXPECT_EQ(m_vhost.depth("audit-log"), 0u);
    EXPECT_EQ(m_vhost.depth("orders.dlq"), 0u);
    const auto taken = m_vhost.takeAll("orders");
    ASSERT_EQ(taken.size(), 1u);
    EXPECT_EQ(taken[0].body, R"({"total":38.00})");
    EXPECT_EQ(taken[0].properties.messageId, "m-1");
    EXPECT_EQ(taken[0].properties.priority, 7);
    EXPECT_EQ(taken[0].properties.correlationId, "flow");
    std::set<std::string> headers;
    for (const auto& [name, value] : taken[0].properties.headers)
        headers.insert(name);
    EXPECT_EQ(headers, (std::set<std::string>{"tenant", "eventscope-requeue"}));
    const AmqpTable& provenance = *find(taken[0].properties.headers, "eventscope-requeue")->table();
    EXPECT_EQ(find(provenance, "send")->text(), "send-1");
    EXPECT_EQ(find(provenance, "from")->text(), "orders.dlq");
    EXPECT_EQ(find(provenance, "times")->integer(), 1);
}

TEST_F(RabbitRequeueTest, GoesThroughTheExchangeWhenThatIsAskedFor)
{
    m_vhost.publish("orders.dlq", "{}", failedIn("orders", "m-1"));
    const auto letters = open();
    const core::DeadLetter letter = onlyLetter(*letters);
    ASSERT_TRUE(letters->send(requeueOf(letter, "exchange:")));
    EXPECT_EQ(m_vhost.depth("orders"), 1u);
    EXPECT_EQ(m_vhost.depth("audit-log"), 1u);
    ASSERT_TRUE(letters->send(requeueOf(letter, "exchange:events/order.paid")));
    ASSERT_TRUE(letters->send(requeueOf(letter, "queue:audit-log")));
    ASSERT_TRUE(letters->send(requeueOf(letter, "audit-log")));
    EXPECT_EQ(m_vhost.depth("orders"), 2u);
    EXPECT_EQ(m_vhost.depth("audit-log"), 4u);
}

TEST_F(RabbitRequeueTest, StaysWhereItIsWhenItsTargetDoesNotTakeIt)
{
    m_vhost.publish("orders.dlq", "{}", failedIn("gone", "m-1"));
    m_vhost.declareQueue("full", {{"x-max-length", 0}, {"x-overflow", "reject-publish"}});
    m_vhost.publish("orders", "{}", failedIn("orders", "other"));
    {
        const auto letters = open();
        const core::DeadLetter letter = onlyLetter(*letters);
        const core::Status returned = letters->send(requeueOf(letter));
        ASSERT_FALSE(returned);
        EXPECT_EQ(returned.error().code, core::ErrorCode::InvalidArgument);
        EXPECT_NE(returned.error().message.find("'gone'"), std::string::npos) << returned.error().message;
        const core::Status noExchange = letters->send(requeueOf(letter, "exchange:nowhere/key"));
        ASSERT_FALSE(noExchange);
        EXPECT_EQ(noExchange.error().code, core::ErrorCode::InvalidArgument) << noExchange.error().message;
        const core::Status full = letters->send(requeueOf(letter, "full"));
        ASSERT_FALSE(full);
        EXPECT_EQ(full.error().code, core::ErrorCode::Refused) << full.error().message;
        EXPECT_TRUE(letters->send(requeueOf(letter, "orders"))) << "the channel lives on";
    }
    EXPECT_EQ(m_vhost.depth("orders.dlq"), 1u);
}

TEST_F(RabbitRequeueTest, SendsTheLetterOfAnotherUserAndWithCopiesOnlyToItsQueue)
{
    MessageProperties properties = failedIn("orders", "m-1");
    properties.userId = m_vhost.options().user; // the broker checks it when it is published
    m_vhost.publish("orders.dlq", "{}", properties);
    auto& management = m_vhost.management();
    const std::string user = "other-" + m_vhost.options().vhost;
    ASSERT_TRUE(management.send("PUT", "users/" + user, R"({"password":"p","tags":"management"})"));
    ASSERT_TRUE(management.send("PUT", "permissions/" + m_vhost.options().vhost + '/' + user,
        R"({"configure":".*","write":".*","read":".*"})"));
    RabbitOptions options = m_vhost.options();
    options.user = user;
    options.password = "p";
    auto letters = RabbitDeadLetters::open(options, m_clock);
    ASSERT_TRUE(letters) << letters.error().message;
    const core::DeadLetter letter = onlyLetter(**letters);
    const core::Status sent = (*letters)->send(requeueOf(letter));
    EXPECT_TRUE(sent) << sent.error().message;
    const auto taken = m_vhost.takeAll("orders");
    ASSERT_EQ(taken.size(), 1u);
    EXPECT_FALSE(taken[0].properties.userId);
    EXPECT_EQ(find(taken[0].properties.headers, "eventscope-user-id")->text(), m_vhost.options().user);
    letters->reset();
    ASSERT_TRUE(management.send("DELETE", "users/" + user));
}

TEST_F(RabbitRequeueTest, TellsTwoEqualLettersApart)
{
    for (int i = 0; i < 3; ++i)
        m_vhost.publish("orders.dlq", "{}", failedIn("orders", "same"));
    const auto letters = open();
    const auto listed = letters->list("orders.dlq", {});
    ASSERT_TRUE(listed);
    ASSERT_EQ(listed->size(), 3u);
    EXPECT_NE((*listed)[0].id, (*listed)[1].id);
    ASSERT_TRUE(letters->discard((*listed)[1]));
    const auto left = letters->list("orders.dlq", {});
    ASSERT_TRUE(left);
    EXPECT_EQ(left->size(), 2u);
}

TEST_F(RabbitRequeueTest, RefusesToListWhatALookCouldDropAndShowsWhatItSawBefore)
{
    m_vhost.declareQueue("careful.dlq", {{"x-queue-type", "quorum"}, {"x-delivery-limit", 3}});
    for (int i = 0; i < 2; ++i)
        m_vhost.publish("careful.dlq", "{}", failedIn("orders", fmt::format("m-{}", i)));
    const auto polite = open();
    const auto refused = polite->list("careful.dlq", {});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, core::ErrorCode::Refused);
    const auto others = polite->list({}, {});
    ASSERT_TRUE(others) << "the other queues are worth seeing";
    EXPECT_TRUE(others->empty());
    const std::vector<std::string> notices = polite->notices();
    EXPECT_TRUE(std::ranges::any_of(
        notices, [](const std::string& notice) { return notice.find("careful") != std::string::npos; }));
    const auto forced = open({.look = LookPolicy::Forced});
    for (int look = 0; look < 10; ++look) {
        const auto listed = forced->list("careful.dlq", {});
        ASSERT_TRUE(listed) << listed.error().message;
        EXPECT_EQ(listed->size(), 2u);
    }
    EXPECT_EQ(m_vhost.takeAll("careful.dlq").size(), 2u);
}

TEST_F(RabbitRequeueTest, PutsADiscardedLetterBackAsItWasAndOnlyIntoItsQueue)
{
    MessageProperties properties;
    properties.messageId = "m-1";
    properties.userId = m_vhost.options().user; // refused by the broker from anybody else
    properties.expiration = "3600000";
    properties.priority = 3;
    properties.timestamp = 1'700'000'000;
    AmqpValue bytes(std::string_view("\xff\0\x01", 3));
    AmqpValue decimal;
    decimal.kind = 'D';
    decimal.value = AmqpValue::Decimal{2, 3800};
    AmqpValue real;
    real.kind = 'd';
    real.value = 0.1;
    AmqpValue list;
    list.kind = 'A';
    list.value = AmqpArray{AmqpValue(1), AmqpValue("two"), AmqpValue(true), AmqpValue()};
    properties.headers = {{"x-exception-message", "no such customer"},
        {"x-exception-stacktrace", "java.lang.IllegalState: x"}, {"bytes", bytes}, {"decimal", decimal}, {"real", real},
        {"list", list}, {"table", AmqpTable{{"n", std::int64_t{1} << 60}}}};
    auto& broker = m_vhost.connection();
    ASSERT_TRUE(broker.declareExchange(kTestChannel, "failed", "topic"));
    ASSERT_TRUE(broker.bindQueue(kTestChannel, "orders.dlq", "failed", "#"));
    const std::string body("\xfe\0{", 3);
    m_vhost.publish({"failed", "error.order.placed", properties, body});
    const MessageProperties asSeen = [&] {
        const auto letters = open();
        const core::DeadLetter before = onlyLetter(*letters);
        core::DeadLetter kept = before;
        const auto keepsake = letters->keepsake(before);
        EXPECT_TRUE(keepsake) << keepsake.error().message;
        kept.keepsake = keepsake.value_or("");
        EXPECT_TRUE(letters->discard(before));
        EXPECT_TRUE(letters->list("orders.dlq", {})->empty());
        const core::Status restored = letters->restore(kept);
        EXPECT_TRUE(restored) << restored.error().message;
        EXPECT_EQ(onlyLetter(*letters), before) << "its id too";
        EXPECT_EQ(m_vhost.depth("orders"), 0u);
        const core::Status sent = letters->send(requeueOf(before, "queue:orders"));
        EXPECT_TRUE(sent) << sent.error().message;
        return m_vhost.takeAll("orders").at(0).properties;
    }();
    std::set<std::string> headers;
    for (const auto& [name, value] : asSeen.headers)
        headers.insert(name);
    EXPECT_EQ(headers,
        (std::set<std::string>{
            "bytes", "decimal", "real", "list", "table", "eventscope-requeue", "eventscope-user-id"}));
    for (const char* name : {"bytes", "decimal", "real", "list", "table"})
        EXPECT_EQ(*find(asSeen.headers, name), *find(properties.headers, name)) << name;
    EXPECT_EQ(asSeen.timestamp, properties.timestamp);
    EXPECT_EQ(asSeen.priority, properties.priority);
}

TEST_F(RabbitRequeueTest, SaysWhenALetterCannotBePutBack)
{
    m_vhost.publish("orders.dlq", "{}", failedIn("orders", "m-1"));
    const auto letters = open();
    core::DeadLetter letter = onlyLetter(*letters);
    const core::Status unkept = letters->restore(letter);
    ASSERT_FALSE(unkept);
    EXPECT_EQ(unkept.error().code, core::ErrorCode::Unsupported);
    letter.keepsake = *letters->keepsake(letter);
    letter.queue = "gone";
    const core::Status gone = letters->restore(letter);
    ASSERT_FALSE(gone);
    EXPECT_NE(gone.error().message.find("'gone'"), std::string::npos) << gone.error().message;
    EXPECT_EQ(letters->list("orders.dlq", {})->size(), 1u);
}

// A crash of the broker, or of a program whose death it notices late, brings back what was acknowledged.
TEST_F(RabbitRequeueTest, SendsALetterThatCameBackAfterItsRemovalOnlyWhenItIsAskedTo)
{
    const TempDir folder;
    core::UuidV7Generator ids(m_clock);
    const auto journal = core::Journal::open(folder / "journal.db", m_clock);
    ASSERT_TRUE(journal);
    const auto letters = open();
    core::RequeueRunner runner(*letters, **journal, m_clock, ids);
    std::vector<core::LetterOutcome> outcomes;
    const auto requeueAll = [&](bool resendDone) {
        outcomes.clear();
        const auto plan = core::makeRequeuePlan(
            {.source = "amqp:test", .letters = *letters->list("orders.dlq", {}), .resendDone = resendDone}, *letters,
            **journal, m_clock);
        ASSERT_TRUE(plan) << plan.error().message;
        ASSERT_TRUE(runner.run(*plan, [&](const core::LetterOutcome& outcome) { outcomes.push_back(outcome); }, {}));
    };
    m_vhost.publish("orders.dlq", "{}", failedIn("orders", "m-1"));
    requeueAll(false);
    ASSERT_EQ(outcomes.size(), 1u);
    EXPECT_EQ(outcomes[0].outcome, core::RequeueOutcome::Requeued);
    m_vhost.publish("orders.dlq", "{}", failedIn("orders", "m-1")); // the same in every byte
    requeueAll(false);
    ASSERT_EQ(outcomes.size(), 1u);
    EXPECT_EQ(outcomes[0].outcome, core::RequeueOutcome::Skipped);
    EXPECT_NE(outcomes[0].reason.find("already requeued at"), std::string::npos) << outcomes[0].reason;
    EXPECT_EQ(m_vhost.depth("orders"), 1u);
    requeueAll(true);
    EXPECT_EQ(m_vhost.depth("orders"), 2u);
    // One that failed once more after it was requeued is another letter.
    MessageProperties again = failedIn("orders", "m-1");
    again.headers = m_vhost.takeAll("orders").back().properties.headers;
    const MessageProperties fresh = failedIn("orders", "m-1");
    again.headers.insert(again.headers.end(), fresh.headers.begin(), fresh.headers.end());
    m_vhost.publish("orders.dlq", "{}", again);
    requeueAll(false);
    ASSERT_EQ(outcomes.size(), 1u);
    EXPECT_EQ(outcomes[0].outcome, core::RequeueOutcome::Requeued);
}

// Each life of the program requeues until it is killed, at a moment that nobody chose.
TEST_F(RabbitRequeueTest, AThousandLettersOverFiftyKillsArriveEachAtLeastOnceAndNoneTwiceUnreported)
{
    constexpr std::size_t kLetters = 1000;
    constexpr int kKills = 50;
    constexpr const char* kSource = "amqp:test";
    for (std::size_t i = 0; i < kLetters; ++i) {
        const MessageProperties properties = failedIn("orders", fmt::format("m-{}", i));
        ASSERT_TRUE(m_vhost.connection().publish(kTestChannel, "", "orders.dlq", true, properties, "{}"));
    }
    for (std::size_t confirmed = 0; confirmed < kLetters;) {
        const auto event = m_vhost.connection().next(std::chrono::seconds(60));
        ASSERT_TRUE(event && event->kind == AmqpEvent::Kind::Confirmed);
        confirmed = event->multiple ? event->tag : confirmed + 1;
        if (event->tag == kLetters)
            break;
    }
    // In memory where there is such a folder: the program dies here, not the machine, and each life
    // notes a thousand letters.
    if (std::filesystem::is_directory("/dev/shm"))
        setenv("TMPDIR", "/dev/shm", 1);
    const TempDir folder;
    const auto live = [&](bool resendDoubts, const PipeBell& bell) {
        core::SystemClock clock;
        core::UuidV7Generator ids(clock);
        auto letters = RabbitDeadLetters::open(m_vhost.options(), clock);
        auto journal = core::Journal::open(folder / "journal.db", clock);
        if (!letters || !journal)
            return 2;
        core::RequeueRunner runner(**letters, **journal, clock, ids);
        const auto report = [&](const core::LetterOutcome&) { bell.ring(); };
        if (!runner.recover(kSource, report))
            return 3;
        const auto listed = (*letters)->list("orders.dlq", {});
        if (!listed)
            return 4;
        const auto plan = core::makeRequeuePlan(
            {.source = kSource, .letters = *listed, .resendDoubts = resendDoubts}, **letters, **journal, clock);
        if (!plan || !runner.run(*plan, report, {}))
            return 5;
        return 0;
    };
    std::mt19937 random(4711);
    int kills = 0;
    while (kills < kKills) {
        PipeBell bell;
        ForkedProcess life([&] { return live(false, bell); });
        const unsigned letters = 1 + static_cast<unsigned>(random() % 28);
        bell.closeWriting(); // a life that ends by itself ends the waiting
        for (unsigned i = 0; i < letters && bell.await(); ++i) { }
        life.kill();
        ++kills;
    }
    const PipeBell bell;
    ForkedProcess last([&] { return live(false, bell); });
    ASSERT_EQ(last.wait(), 0);
    core::SystemClock clock;
    const auto journal = core::Journal::open(folder / "journal.db", clock);
    ASSERT_TRUE(journal);
    const auto entries = (*journal)->entries();
    ASSERT_TRUE(entries);
    std::set<std::string> doubtful;
    for (const core::JournalEntry& entry : *entries) {
        if (entry.state == core::WriteState::InDoubt)
            doubtful.insert((*journal)->letterOf(entry.id)->original.id);
    }
    // What a killed life had in its hands is back in the queue when the broker notices its death, which it
    // does not while it takes no messages for want of memory (see the tests of faults).
    std::map<std::string, int> arrived;
    const auto deadline = std::chrono::steady_clock::now() + kPatience;
    do {
        ForkedProcess resend([&] { return live(true, bell); });
        ASSERT_EQ(resend.wait(), 0);
        for (const OwnVhost::Taken& taken : m_vhost.takeAll("orders"))
            ++arrived[*taken.properties.messageId];
    } while (arrived.size() < kLetters && std::chrono::steady_clock::now() < deadline);
    std::size_t doubles = 0, unreported = 0;
    for (const auto& [id, times] : arrived) {
        doubles += times > 1 ? 1 : 0;
        unreported += times > 1 && !doubtful.contains(id) ? 1 : 0;
    }
    EXPECT_EQ(arrived.size(), kLetters) << "lost";
    EXPECT_EQ(unreported, 0u);
    // A letter whose removal was lost with its life is not sent again unasked.
    for (const OwnVhost::Taken& left : m_vhost.takeAll("orders.dlq"))
        EXPECT_TRUE(arrived.contains(*left.properties.messageId));
    std::printf("%d kills: %zu of %zu arrived, %zu in doubt, %zu of those twice\n", kills, arrived.size(), kLetters,
        doubtful.size(), doubles);
}
