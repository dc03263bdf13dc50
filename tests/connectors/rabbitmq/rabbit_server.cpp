// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "rabbit_server.h"

#include "event_inbox.h"

#include "event/clock.h"
#include "event/ids.h"

#include <fmt/format.h>

#include <chrono>
#include <cstdlib>
#include <stdexcept>
#include <thread>

#include <gtest/gtest.h>

namespace eventscope::test {

using rabbitmq::AmqpEvent;

namespace {

const char* needed(const char* variable)
{
    const char* value = std::getenv(variable);
    if (value == nullptr)
        throw std::runtime_error(std::string(variable) + " is not set: run this through ./dev test rabbitmq");
    return value;
}

std::string uniqueName()
{
    static core::SystemClock clock;
    static core::UuidV7Generator ids(clock);
    return "test-" + ids.next();
}

} // namespace

rabbitmq::RabbitOptions sharedRabbit()
{
    rabbitmq::RabbitOptions options;
    options.host = "127.0.0.1";
    options.port = static_cast<std::uint16_t>(std::stoi(needed("EVENTSCOPE_TEST_RABBITMQ_PORT")));
    options.management = needed("EVENTSCOPE_TEST_RABBITMQ_MANAGEMENT");
    return options;
}

OwnVhost::OwnVhost(const rabbitmq::RabbitOptions& broker)
    : m_options([&] {
        rabbitmq::RabbitOptions options = broker;
        options.vhost = uniqueName();
        return options;
    }())
    , m_management(m_options)
{
    const core::Status made = m_management.send("PUT", "vhosts/" + m_options.vhost);
    if (!made)
        throw std::runtime_error(made.error().message);
    const core::Status allowed = m_management.send("PUT", "permissions/" + m_options.vhost + '/' + m_options.user,
        R"({"configure":".*","write":".*","read":".*"})");
    if (!allowed)
        throw std::runtime_error(allowed.error().message);
}

OwnVhost::~OwnVhost()
{
    m_connection.reset();
    static_cast<void>(m_management.send("DELETE", "vhosts/" + m_options.vhost));
}

rabbitmq::AmqpConnection& OwnVhost::connection()
{
    if (!m_connection || m_connection->isLost()) {
        rabbitmq::RabbitOptions options = m_options;
        options.heartbeat = std::chrono::seconds(0); // the test may be busy elsewhere
        auto opened = rabbitmq::AmqpConnection::open(options);
        if (!opened)
            throw std::runtime_error(opened.error().message);
        m_connection = std::move(*opened);
        EXPECT_TRUE(m_connection->openChannel(kTestChannel));
        EXPECT_TRUE(m_connection->confirmSelect(kTestChannel));
    }
    return *m_connection;
}

void OwnVhost::declareQueue(const std::string& name, rabbitmq::AmqpTable arguments)
{
    const auto declared
        = connection().declareQueue(kTestChannel, {.name = name, .durable = true, .arguments = std::move(arguments)});
    ASSERT_TRUE(declared) << declared.error().message;
}

void OwnVhost::publish(const rabbitmq::OutgoingMessage& message)
{
    EXPECT_TRUE(tryPublish(message)) << "returned: " << message.routingKey;
}

bool OwnVhost::tryPublish(const rabbitmq::OutgoingMessage& message)
{
    EXPECT_TRUE(connection().publish(
        kTestChannel, message.exchange, message.routingKey, true, message.properties, message.body));
    for (bool wasTaken = true;;) {
        const auto event = connection().next(kPatience);
        if (!event || event->kind == AmqpEvent::Kind::Nothing) {
            ADD_FAILURE() << (event ? "no confirmation came" : event.error().message);
            return false;
        }
        wasTaken = wasTaken && event->kind != AmqpEvent::Kind::Message; // a return comes before its confirmation
        if (event->kind == AmqpEvent::Kind::Confirmed)
            return wasTaken;
    }
}

void OwnVhost::publish(const std::string& queue, std::string_view body, rabbitmq::MessageProperties properties)
{
    publish({{}, queue, std::move(properties), std::string(body)});
}

std::size_t OwnVhost::depth(const std::string& queue)
{
    const auto state = connection().declareQueue(kTestChannel, {.name = queue, .passive = true});
    EXPECT_TRUE(state) << state.error().message;
    return state ? state->messages : 0;
}

void OwnVhost::holdLeader(const std::string& queue, std::chrono::milliseconds time) const
{
    const std::string program = fmt::format("L = {{'{}_{}', node()}}, ok = sys:suspend(L), "
                                            "spawn(fun() -> timer:sleep({}), sys:resume(L) end), ok.",
        m_options.vhost, queue, time.count());
    const std::string command = fmt::format("{}/services/rabbitmq/service ctl {} eval \"{}\" >/dev/null",
        EVENTSCOPE_TESTS_DIR, needed("EVENTSCOPE_TEST_RABBITMQ_FOLDER"), program);
    ASSERT_EQ(std::system(command.c_str()), 0) << command;
}

std::optional<OwnVhost::Taken> OwnVhost::takeOne(const std::string& queue)
{
    EXPECT_TRUE(connection().get(kTestChannel, queue));
    for (;;) {
        const auto event = connection().next(kPatience);
        if (!event || event->kind == AmqpEvent::Kind::Empty || event->kind == AmqpEvent::Kind::Nothing)
            return std::nullopt;
        if (event->kind != AmqpEvent::Kind::Message)
            continue;
        const rabbitmq::Delivery& message = event->message;
        Taken taken{rabbitmq::propertiesFrom(*message.properties), std::string(message.exchange),
            std::string(message.routingKey), std::string(message.body), message.redelivered};
        EXPECT_TRUE(connection().ack(kTestChannel, message.tag));
        return taken;
    }
}

std::vector<OwnVhost::Taken> OwnVhost::takeAll(const std::string& queue)
{
    std::vector<Taken> all;
    while (auto one = takeOne(queue))
        all.push_back(std::move(*one));
    return all;
}

std::vector<OwnVhost::Taken> OwnVhost::take(const std::string& queue, std::size_t count)
{
    std::vector<Taken> all;
    const auto deadline = std::chrono::steady_clock::now() + kPatience;
    while (all.size() < count && std::chrono::steady_clock::now() < deadline) {
        if (auto one = takeOne(queue))
            all.push_back(std::move(*one));
        else
            std::this_thread::yield();
    }
    return all;
}

} // namespace eventscope::test
