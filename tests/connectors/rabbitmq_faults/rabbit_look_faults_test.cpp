// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "collecting_sink.h"
#include "rabbit_faults.h"
#include "rabbit_server.h"
#include "tcp_proxy.h"

#include "queue_look.h"
#include "rabbit_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

using namespace eventscope;
using namespace eventscope::test;
using namespace eventscope::rabbitmq;

namespace {

/// As a frame names them.
constexpr std::string_view kGet("\x00\x3c\x00\x46", 4), kNack("\x00\x3c\x00\x78", 4);
/// More than are asked for at once: the 65th is asked for when the first is held.
constexpr std::size_t kMessages = 100, kAskedBlindly = 64;

/// Does something the moment that a client sends the so-manieth of these methods, before the broker sees it.
class Moment {
public:
    Moment(std::string_view method, std::size_t number, std::function<void()> deed)
        : m_method(method), m_left(number), m_deed(std::move(deed))
    {
    }
    TcpProxy::Verdict operator()(std::string_view bytes)
    {
        for (auto at = bytes.find(m_method); at != std::string_view::npos; at = bytes.find(m_method, at + 1)) {
            if (m_left > 0 && --m_left == 0)
                m_deed();
        }
        return TcpProxy::Verdict::Pass;
    }

private:
    std::string_view m_method;
    std::size_t m_left;
    std::function<void()> m_deed;
};

class RabbitLookFaults : public RabbitFaults {
protected:
    RabbitLookFaults() : m_vhost(broker().options()), m_proxy(broker().options().port) { }

    RabbitOptions throughTheProxy() const
    {
        RabbitOptions options = m_vhost.options();
        options.port = m_proxy.port();
        options.heartbeat = std::chrono::seconds(20); // what happens at the moment takes its time
        return options;
    }
    void fill(const std::string& type)
    {
        m_vhost.declareQueue("orders", {{"x-queue-type", type}});
        for (std::size_t i = 0; i < kMessages; ++i) {
            MessageProperties properties;
            properties.messageId = std::to_string(i);
            properties.deliveryMode = 2;
            m_vhost.publish("orders", "{}", properties);
        }
    }
    /// Waits until the queue has a leader and its messages back.
    std::size_t lookUntilAllAreThere(core::Source& source)
    {
        const auto deadline = std::chrono::steady_clock::now() + kPatience;
        std::size_t seen = 0;
        while (seen < kMessages && std::chrono::steady_clock::now() < deadline) {
            CollectingSink sink;
            if (source.read({.stream = "orders"}, sink, {}))
                seen = sink.count();
        }
        return seen;
    }
    /// Each once.
    void expectAllStillThere()
    {
        std::multiset<std::string> left;
        for (const OwnVhost::Taken& taken : m_vhost.take("orders", kMessages))
            left.insert(*taken.properties.messageId);
        EXPECT_EQ(left.size(), kMessages);
        EXPECT_EQ(std::set<std::string>(left.begin(), left.end()).size(), kMessages);
        EXPECT_TRUE(m_vhost.takeAll("orders").empty());
    }
    void killInTheMiddleOfALook(const std::string& type, std::string_view method, std::size_t number)
    {
        fill(type);
        broker().writeDown();
        const auto source = RabbitSource::open("rabbit", throughTheProxy());
        ASSERT_TRUE(source) << source.error().message;
        bool wasKilled = false;
        m_proxy.inspect(Moment(method, number, [&] {
            broker().kill();
            wasKilled = true;
        }));
        CollectingSink sink;
        const auto looked = (*source)->read({.stream = "orders"}, sink, {});
        m_proxy.inspect({});
        EXPECT_TRUE(wasKilled);
        ASSERT_FALSE(looked);
        EXPECT_EQ(looked.error().code, core::ErrorCode::Unreachable);
        EXPECT_NE(looked.error().message.find("the broker has what it held of 'orders' again"), std::string::npos)
            << looked.error().message;
        broker().restart();
        m_vhost.reconnect();
        EXPECT_EQ(lookUntilAllAreThere(**source), kMessages);
        expectAllStillThere();
    }

    OwnVhost m_vhost;
    TcpProxy m_proxy;
};

} // namespace

TEST_F(RabbitLookFaults, NothingIsLostOfAClassicQueueWhenTheBrokerIsKilledWhileItsMessagesAreTaken)
{
    killInTheMiddleOfALook("classic", kGet, kAskedBlindly + 1);
}

TEST_F(RabbitLookFaults, NothingIsLostOfAClassicQueueWhenTheBrokerIsKilledBeforeItsMessagesAreGivenBack)
{
    killInTheMiddleOfALook("classic", kNack, 1);
}

TEST_F(RabbitLookFaults, NothingIsLostOfAQuorumQueueWhenTheBrokerIsKilledWhileItsMessagesAreTaken)
{
    killInTheMiddleOfALook("quorum", kGet, kAskedBlindly + 1);
}

TEST_F(RabbitLookFaults, NothingIsLostOfAQuorumQueueWhenTheBrokerIsKilledBeforeItsMessagesAreGivenBack)
{
    killInTheMiddleOfALook("quorum", kNack, 1);
}

TEST_F(RabbitLookFaults, AMemoryAlarmInTheMiddleOfALookDoesNotHoldItUp)
{
    fill("classic");
    const auto source = RabbitSource::open("rabbit", throughTheProxy());
    ASSERT_TRUE(source) << source.error().message;
    bool isShort = false;
    m_proxy.inspect(Moment(kGet, kAskedBlindly + 1, [&] {
        broker().ctl("set_vm_memory_high_watermark absolute 1MB");
        isShort = true;
    }));
    CollectingSink sink;
    const auto looked = (*source)->read({.stream = "orders"}, sink, {});
    m_proxy.inspect({});
    EXPECT_TRUE(looked) << looked.error().message;
    EXPECT_TRUE(isShort);
    EXPECT_EQ(sink.count(), kMessages);
    EXPECT_EQ(m_vhost.depth("orders"), kMessages) << "given back while it lasts";
    EXPECT_EQ(lookUntilAllAreThere(**source), kMessages);
    broker().ctl("set_vm_memory_high_watermark absolute 6GB");
    expectAllStillThere();
}

// A connection that publishes too, as that of the dead letters does: the broker reads no more of it.
TEST_F(RabbitLookFaults, ALookOnAConnectionThatIsBlockedReturnsAndItsMessagesComeBack)
{
    fill("classic");
    RabbitOptions impatient = m_vhost.options();
    impatient.answerTimeout = std::chrono::milliseconds(2000);
    auto connection = AmqpConnection::open(impatient);
    ASSERT_TRUE(connection && (*connection)->openChannel(1) && (*connection)->openChannel(2));
    QueueHold hold(**connection, 1);
    ASSERT_TRUE(hold.take("orders", kMessages / 2, {}));
    EXPECT_EQ(hold.messages().size(), kMessages / 2);
    broker().ctl("set_vm_memory_high_watermark absolute 1MB");
    while (!(*connection)->isBlocked()) { // only who publishes is
        ASSERT_TRUE((*connection)->publish(2, "", "elsewhere", false, {}, "{}"));
        ASSERT_TRUE((*connection)->next(std::chrono::milliseconds(100)));
    }
    const core::Status taken = hold.take("orders", kMessages, {});
    ASSERT_FALSE(taken) << "nobody answers";
    EXPECT_NE(taken.error().message.find("memory"), std::string::npos) << taken.error().message;
    EXPECT_TRUE(hold.end()) << "they come back by themselves";
    connection->reset();
    broker().ctl("set_vm_memory_high_watermark absolute 6GB");
    const auto deadline = std::chrono::steady_clock::now() + kPatience;
    while (m_vhost.depth("orders") < kMessages && std::chrono::steady_clock::now() < deadline) { }
    expectAllStillThere();
}
