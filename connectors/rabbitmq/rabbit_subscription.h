// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "publisher.h"
#include "rabbit_bus.h"
#include "topology.h"

#include "event/clock.h"
#include "sourcing/message_bus.h"

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace eventscope::rabbitmq {

/// Consumes from one queue: a thread for the connection, and as many for the handler as may run at a
/// time. What must outlive a handler that ends its own subscription is shared.
class RabbitSubscription final : public std::enable_shared_from_this<RabbitSubscription> {
public:
    struct Parts {
        RabbitOptions rabbit;
        RabbitBusOptions options;
        core::SubscriptionSpec spec;
        std::shared_ptr<Publisher> publisher;
        core::Clock* clock = nullptr;
    };
    /// Connects and declares before it returns.
    static core::Result<std::shared_ptr<RabbitSubscription>> start(Parts parts);
    explicit RabbitSubscription(Parts parts);
    ~RabbitSubscription();

    /// Returns when no handler runs any more, unless it is called by one.
    void stop();
    /// Somebody deleted something: declares and binds everything once more. // any thread
    void declareSoon();

private:
    /// A message that was delivered and is neither acknowledged nor given back.
    struct Held {
        std::uint64_t generation = 0; ///< of the connection that its tag belongs to
        std::uint64_t tag = 0;
        MessageProperties properties;
        std::string exchange, routingKey, body;
        core::Result<core::RecordedEvent> event;
    };
    using Moment = std::chrono::steady_clock::time_point;
    struct Answer {
        std::uint64_t generation = 0, tag = 0;
        bool ack = true;
        Moment due{};
    };
    struct Lane {
        std::deque<Held> waiting;
        std::thread thread;
    };

    // The connection's thread.
    core::Status connect();
    void consume();
    core::Status serve();
    core::Status sendAnswers();
    core::Status declareAnew(bool withPlainDelays);
    void keep(const Delivery& message);
    void giveBackTheRest();

    // The handlers' threads.
    void work(Lane& lane);
    void handle(Held held);
    enum class CopyKind { Retry, DeadLetter };
    void sendCopy(Held held, OutgoingMessage copy, CopyKind kind);
    void copySettled(std::uint64_t generation, std::uint64_t tag, CopyKind kind, const core::Status& confirmed);
    static void rememberOrigin(const Held& held, AmqpTable& headers);
    OutgoingMessage retryOf(const Held& held, std::chrono::milliseconds delay, int count) const;
    OutgoingMessage deadLetterOf(const Held& held, const core::Error& error, int attempts) const;

    void answer(const Answer& answer); // any thread
    bool isOwnThread() const;
    void join();
    bool isStopping() const;
    void say(std::string_view sentence) const;

    const Parts m_parts;
    const SubscriptionTopology m_topology;
    std::unique_ptr<AmqpConnection> m_connection; // the connection's thread's
    std::uint64_t m_generation = 0;               // ditto
    int m_failures = 0;
    std::vector<Answer> m_later; // ditto: not due yet

    mutable std::mutex m_mutex;
    std::condition_variable m_changed;
    std::vector<std::unique_ptr<Lane>> m_lanes;
    std::vector<Answer> m_answers;
    std::size_t m_copies = 0; // under way
    bool m_noMoreHandlers = false, m_isStopping = false, m_hasStopped = false;
    bool m_declareAgain = false;
    bool m_wantsPlain = false, m_usesPlain = false; // delay queues that do confirm
    Moment m_delaysSafeFrom{};
    AmqpConnection* m_listening = nullptr; // whom to wake
    std::thread m_consumer;
};

} // namespace eventscope::rabbitmq
