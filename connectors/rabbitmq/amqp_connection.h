// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "amqp_value.h"
#include "rabbit_options.h"

#include "event/error.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct amqp_connection_state_t_;
struct amqp_frame_t_;
struct amqp_rpc_reply_t_;

namespace eventscope::rabbitmq {

class SendWatchdog;

/// A message as the broker brought it. Views into the library's buffers: until the next call of next().
struct Delivery {
    enum class Kind { Delivered, Got, Returned };
    Kind kind = Kind::Delivered;
    std::uint64_t tag = 0; ///< for ack and nack, on its channel
    bool redelivered = false;
    std::string_view exchange, routingKey;
    std::string_view consumer; ///< which consume() it is for
    int replyCode = 0;         ///< why it was returned
    std::string_view replyText;
    const amqp_basic_properties_t_* properties = nullptr;
    std::string_view body;
    std::uint64_t bodySize = 0; ///< more than body.size() when it was cut at AmqpConnection::kLargestBody

    bool isCut() const { return bodySize != body.size(); }
};

struct AmqpEvent {
    enum class Kind {
        Nothing,       ///< the time was over
        Woken,         ///< by wake()
        Message,       ///< `message`
        Empty,         ///< the answer to get() on an empty queue
        Confirmed,     ///< the broker took the message `tag` (and those before it, when `multiple`)
        Rejected,      ///< it did not
        ConsumerGone,  ///< the broker ended our consumer: its queue was deleted
        ChannelClosed, ///< by an error, see `error`; open it again
        Blocked,       ///< the broker takes no messages: memory or disk alarm, see `text`
        Unblocked,
    };
    Kind kind = Kind::Nothing;
    std::uint16_t channel = 0;
    std::uint64_t tag = 0;
    bool multiple = false;
    Delivery message{};
    std::string text{};
    core::Error error{};
};

struct QueueState {
    std::string name;
    std::uint32_t messages = 0; ///< ready
    std::uint32_t consumers = 0;
};

struct QueueSpec {
    std::string name; ///< empty: the server chooses
    bool passive = false, durable = false, exclusive = false, autoDelete = false;
    AmqpTable arguments{};
};

/// One connection to a broker, read frame by frame: the library's own ways of waiting for a message
/// have no end with a peer that hangs, and lose confirmations that arrive between two messages.
/// Channels are numbers from 1 that the caller chooses. // one thread at a time, but wake()
class AmqpConnection {
public:
    /// Bytes of a message that are kept.
    static constexpr std::size_t kLargestBody = std::size_t{64} << 20;

    /// Connects, with deadlines on every step. Unreachable, Timeout or Refused otherwise.
    static core::Result<std::unique_ptr<AmqpConnection>> open(const RabbitOptions& options);
    ~AmqpConnection();
    AmqpConnection(const AmqpConnection&) = delete;
    AmqpConnection& operator=(const AmqpConnection&) = delete;

    const std::string& address() const { return m_address; }
    const std::string& serverVersion() const { return m_version; } ///< "3.10.8"; empty when it is not RabbitMQ
    int serverMajor() const;

    // Each waits for the broker's answer. An error with isLost() false closed only the channel.
    core::Status openChannel(std::uint16_t channel);
    core::Status closeChannel(std::uint16_t channel);
    core::Status confirmSelect(std::uint16_t channel);
    core::Status declareExchange(std::uint16_t channel, std::string_view name, std::string_view type);
    core::Status expectExchange(std::uint16_t channel, std::string_view name); ///< only looks
    core::Status deleteExchange(std::uint16_t channel, std::string_view name);
    core::Result<QueueState> declareQueue(std::uint16_t channel, const QueueSpec& spec);
    core::Status bindQueue(std::uint16_t channel, std::string_view queue, std::string_view exchange,
        std::string_view key, const AmqpTable& arguments = {});
    core::Status deleteQueue(std::uint16_t channel, std::string_view name);
    core::Status limitUnacknowledged(std::uint16_t channel, std::uint16_t count);
    core::Status consume(std::uint16_t channel, std::string_view queue, bool withoutAck,
        const AmqpTable& arguments = {}, std::string_view consumer = {});

    // These only send.
    core::Status get(std::uint16_t channel, std::string_view queue); ///< answered by Message or Empty
    core::Status ack(std::uint16_t channel, std::uint64_t tag, bool multiple = false);
    core::Status nackToQueue(std::uint16_t channel, std::uint64_t tag, bool multiple); ///< back to where it was
    core::Status publish(std::uint16_t channel, std::string_view exchange, std::string_view key, bool mandatory,
        const MessageProperties& properties, std::string_view body);

    /// The next thing the broker says; an error means that the connection is lost.
    core::Result<AmqpEvent> next(std::chrono::milliseconds timeout);
    /// Ends a wait in next(). // any thread
    void wake();

    bool isLost() const { return m_isLost; }
    bool isBlocked() const { return m_isBlocked; } ///< as far as next() was told

private:
    struct Handle {
        void operator()(amqp_connection_state_t_* state) const noexcept;
    };
    struct Assembly; // a message of which more frames must come

    AmqpConnection(const RabbitOptions& options, int wakeDescriptor);
    core::Status connect(const RabbitOptions& options);
    core::Status openSocket(const RabbitOptions& options);
    core::Status logIn(const RabbitOptions& options);
    core::Status answered(std::uint16_t channel, std::string_view doing);
    core::Status replied(const amqp_rpc_reply_t_& reply, std::uint16_t channel, std::string_view doing);
    core::Status sent(int status, std::string_view doing);
    std::unexpected<core::Error> lost(core::Error error);
    std::optional<AmqpEvent> take(const amqp_frame_t_& frame);
    std::optional<AmqpEvent> takeMethod(const amqp_frame_t_& frame);
    std::optional<AmqpEvent> takeContent(const amqp_frame_t_& frame);
    AmqpEvent finish(std::uint16_t channel, Assembly& assembly);
    bool waitReadable(std::chrono::milliseconds timeout); ///< false: woken
    void release();

    const std::string m_address;
    const std::chrono::milliseconds m_answerTimeout;
    std::unique_ptr<amqp_connection_state_t_, Handle> m_state;
    int m_wake;
    std::string m_version;
    std::map<std::uint16_t, Assembly> m_assemblies;
    std::uint16_t m_toRelease = 0;
    bool m_isLost = false;
    bool m_isBlocked = false;
    core::Error m_lastError; // why it was lost
    std::unique_ptr<SendWatchdog> m_watchdog;
};

} // namespace eventscope::rabbitmq
