// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "amqp_connection.h"
#include "confirm_window.h"
#include "event_message.h"

#include "event/error.h"

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace eventscope::rabbitmq {

struct PublisherOptions {
    std::size_t window = 256;                   ///< messages that may wait for their confirmation
    std::chrono::milliseconds patience{30'000}; ///< from handing over to confirmation, reconnects included
    /// Declares what messages are sent to; after each connect and each error of the channel.
    std::function<core::Status(AmqpConnection&)> topology{};
    /// Told of the state in a sentence, on the publisher's thread.
    std::function<void(std::string_view)> onState{};
};

/// Publishes for everybody over one connection of its own: pipelined, mandatory, confirmed. What a lost
/// connection leaves unconfirmed is sent again after the next, so a message may arrive twice and is
/// never lost; what cannot be confirmed in time ends InDoubt, or Unreachable when it never left.
/// // any thread
class Publisher {
public:
    /// Called once, on the publisher's thread; must not block.
    using Outcome = std::function<void(const core::Status&)>;

    /// The first connection is made here, so that what is wrong with it is known at once.
    static core::Result<std::shared_ptr<Publisher>> open(const RabbitOptions& rabbit, PublisherOptions options);
    ~Publisher(); ///< not on its own thread: the pointer of open() sees to that
    Publisher(const Publisher&) = delete;
    Publisher& operator=(const Publisher&) = delete;

    void send(
        std::vector<OutgoingMessage> messages, const std::function<void(std::size_t, const core::Status&)>& outcome);
    void send(OutgoingMessage message, Outcome outcome);

private:
    struct Request {
        OutgoingMessage message;
        Outcome outcome;
        std::chrono::steady_clock::time_point deadline{};
        int attempts = 0;
        bool wasSent = false;
    };

    Publisher(RabbitOptions rabbit, PublisherOptions options);
    void run(std::stop_token stop);
    core::Status connect();
    core::Status openChannel();
    core::Status work(std::stop_token stop);
    core::Status sendWaiting();
    core::Status take(const AmqpEvent& event);
    core::Status reopenChannel(const core::Error& why);
    void resendUnconfirmed(bool isTheirFault);
    void expire(const core::Error& why);
    void finishAll(const core::Error& why);
    void say(std::string_view sentence) const;
    void waitBeforeReconnect(std::stop_token stop);

    const RabbitOptions m_rabbit;
    const PublisherOptions m_options;
    std::mutex m_mutex;
    std::condition_variable_any m_changed;
    std::deque<Request> m_arrived;        // under the mutex
    AmqpConnection* m_sleeping = nullptr; // under the mutex: whom to wake

    // The thread's own.
    std::unique_ptr<AmqpConnection> m_connection;
    std::deque<Request> m_waiting;
    ConfirmWindow<Request> m_unconfirmed;
    std::size_t m_window;
    int m_failures = 0;
    std::jthread m_thread; // last: it uses everything above
};

} // namespace eventscope::rabbitmq
