// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "amqp_connection.h"
#include "event_message.h"
#include "management_api.h"
#include "rabbit_options.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace eventscope::test {

/// The broker that was started for the tests; throws without one, so that the test fails.
rabbitmq::RabbitOptions sharedRabbit();

/// A virtual host of one test's own on a broker, gone with the object.
class OwnVhost {
public:
    OwnVhost() : OwnVhost(sharedRabbit()) { }
    explicit OwnVhost(const rabbitmq::RabbitOptions& broker);
    ~OwnVhost();
    OwnVhost(const OwnVhost&) = delete;
    OwnVhost& operator=(const OwnVhost&) = delete;

    const rabbitmq::RabbitOptions& options() const { return m_options; }
    /// For what the test itself does to the broker.
    rabbitmq::AmqpConnection& connection();
    rabbitmq::ManagementApi& management() { return m_management; }
    /// After the broker went away.
    void reconnect() { m_connection.reset(); }

    void declareQueue(const std::string& name, rabbitmq::AmqpTable arguments = {});
    /// Publishes through the default exchange unless told otherwise, and waits for the confirmation.
    void publish(const rabbitmq::OutgoingMessage& message);
    /// False when no queue took it: after a restart that of a stream comes last.
    bool tryPublish(const rabbitmq::OutgoingMessage& message);
    void publish(const std::string& queue, std::string_view body, rabbitmq::MessageProperties properties = {});
    std::size_t depth(const std::string& queue);
    /// The leader of a quorum queue answers nobody for so long, as on a machine with too much to do; from
    /// now on. Only on the broker that the tests share.
    void holdLeader(const std::string& queue, std::chrono::milliseconds time) const;
    /// A message as the broker gives it, taken for good.
    struct Taken {
        rabbitmq::MessageProperties properties;
        std::string exchange, routingKey, body;
        bool redelivered = false;
    };
    std::vector<Taken> takeAll(const std::string& queue);
    /// The same, waiting until there are as many.
    std::vector<Taken> take(const std::string& queue, std::size_t count);

private:
    std::optional<Taken> takeOne(const std::string& queue);

    rabbitmq::RabbitOptions m_options;
    rabbitmq::ManagementApi m_management;
    std::unique_ptr<rabbitmq::AmqpConnection> m_connection;
};

inline constexpr std::uint16_t kTestChannel = 1;

} // namespace eventscope::test
