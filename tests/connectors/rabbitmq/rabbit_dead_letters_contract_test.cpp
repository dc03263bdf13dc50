// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dead_letter_queue_contract.h"
#include "rabbit_server.h"

#include "rabbit_dead_letters.h"

#include <fmt/format.h>

using namespace eventscope;
using namespace eventscope::rabbitmq;

namespace {

/// A queue of orders and its dead letters, in a virtual host of their own.
class RabbitFixture final : public DeadLetterQueueFixture {
public:
    explicit RabbitFixture(AmqpTable arguments)
    {
        m_vhost.declareQueue("orders");
        m_vhost.declareQueue("orders.dead-letter", std::move(arguments));
        connect();
    }

    core::DeadLetterQueue& queue() override { return *m_letters; }
    void park(std::size_t count) override
    {
        for (std::size_t i = 0; i < count; ++i, ++m_next) {
            MessageProperties properties;
            properties.messageId = fmt::format("message-{}", m_next);
            properties.contentType = "application/json";
            properties.headers = {{"eventType", "OrderPlaced"}, {"raw", std::string("\xff\0x", 3)}, {"raw", "again"},
                {"eventscope-error-type", "HandlerFailed"}, {"eventscope-error-message", "no such customer"},
                {"eventscope-attempts", 4}, {"eventscope-queue", "orders"},
                {"eventscope-failed-at", fmt::format("2026-11-23T09:00:{:02}Z", m_next % 60)}};
            m_vhost.publish("orders.dead-letter",
                m_next % 3 == 0 ? std::string("no json \xfe\0 at all", 15) : R"({"total": 38.00})", properties);
        }
    }
    std::vector<std::string> arrived() override
    {
        for (test::OwnVhost::Taken& taken : m_vhost.takeAll("orders")) {
            m_arrived.push_back(*taken.properties.messageId);
            m_data[m_arrived.back()] = taken.body;
        }
        return m_arrived;
    }
    std::string arrivedData(const std::string& messageId) override
    {
        arrived();
        return m_data[messageId];
    }
    void restart() override { connect(); }

private:
    void connect()
    {
        m_letters.reset();
        auto opened = RabbitDeadLetters::open(m_vhost.options(), m_clock);
        ASSERT_TRUE(opened) << opened.error().message;
        m_letters = std::move(*opened);
    }

    test::OwnVhost m_vhost;
    core::SystemClock m_clock;
    std::unique_ptr<RabbitDeadLetters> m_letters;
    std::size_t m_next = 0;
    std::vector<std::string> m_arrived;
    std::map<std::string, std::string> m_data;
};

std::unique_ptr<RabbitFixture> classicFixture()
{
    return std::make_unique<RabbitFixture>(AmqpTable{});
}

} // namespace

INSTANTIATE_TEST_SUITE_P(RabbitMq, DeadLetterQueueContract,
    testing::Values(std::pair<const char*, DeadLetterQueueFactory>("Classic", &classicFixture)),
    [](const auto& parameter) { return parameter.param.first; });
