// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "amqp_connection.h"
#include "broker_topology.h"
#include "dead_letter_reader.h"
#include "management_api.h"
#include "queue_look.h"
#include "rabbit_options.h"

#include "event/clock.h"
#include "inspect/dead_letter_queue.h"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace eventscope::rabbitmq {

struct RabbitDeadLettersOptions {
    std::vector<std::string> queues{}; ///< to look at where the management plugin does not list them
    LookPolicy look = LookPolicy::Harmless;
    std::size_t mostLetters = 10'000; ///< of one queue
};

/// The dead letter queues of a virtual host. Listing fetches all of a queue's messages, holds them, and
/// gives them back with one nack; what a look costs decides whether it is allowed (costOfLook).
///
/// A letter goes back to the queue it failed in, by its name through the default exchange, so that no
/// other queue gets it again; as a target may be named "QUEUE", "queue:NAME", "exchange:" (where it was
/// published first) or "exchange:NAME/KEY". Publishing is mandatory and confirmed, on a channel apart
/// from the one that holds the letters; only then the letter is acknowledged. What the broker forgets of
/// that in a crash is listed again, and the journal knows it. // as DeadLetterQueue says
class RabbitDeadLetters final : public core::DeadLetterQueue {
public:
    static core::Result<std::unique_ptr<RabbitDeadLetters>> open(
        const RabbitOptions& rabbit, core::Clock& clock, RabbitDeadLettersOptions options = {});
    ~RabbitDeadLetters() override;

    Capabilities capabilities() const override;
    core::Result<std::vector<core::DeadLetter>> list(std::string_view queue, std::stop_token stop) override;
    core::Status send(const core::Requeue& requeue) override;
    core::Status acknowledge(const core::DeadLetter& letter) override;
    core::Status discard(const core::DeadLetter& letter) override;
    core::Status restore(const core::DeadLetter& letter) override;
    core::Result<std::string> keepsake(const core::DeadLetter& letter) override;
    core::Result<core::SendState> settle(std::string_view sendId, const core::DeadLetter& letter) override;
    core::Result<std::optional<std::size_t>> newerOfSameKey(const core::DeadLetter& letter) override;
    std::string returnsTo(const core::DeadLetter& letter) const override;
    std::vector<std::string> notices() const override { return m_notices; }

private:
    /// One dead letter queue whose messages are on hold.
    struct Held {
        std::uint16_t channel = 0;
        std::unique_ptr<QueueHold> hold;
        std::map<std::string, std::uint64_t> tags; ///< by the letter's id
    };
    struct Cached {
        TakenLook look;
        std::vector<core::DeadLetter> letters;
    };
    struct Target {
        std::string exchange, routingKey;
    };

    RabbitDeadLetters(const RabbitOptions& rabbit, core::Clock& clock, RabbitDeadLettersOptions options);
    core::Status connect();
    core::Result<std::vector<core::DeadLetter>> listAll(std::string_view queue, std::stop_token stop);
    core::Result<std::vector<QueueInfo>> queuesToLookAt(std::string_view queue, std::stop_token stop);
    core::Status listOne(const QueueInfo& queue, std::vector<core::DeadLetter>& letters, std::stop_token stop);
    core::Result<Held*> hold(const std::string& queue);
    core::Result<const HeldMessage*> heldMessage(const core::DeadLetter& letter);
    core::Status sendOne(const core::Requeue& requeue);
    core::Result<Target> targetOf(const core::Requeue& requeue, const ReadLetter& letter);
    core::Status publish(const Target& target, const MessageProperties& properties, std::string_view body);
    core::Status remove(const core::DeadLetter& letter);
    void giveBackAll();
    void note(std::string sentence);

    const RabbitOptions m_rabbit;
    core::Clock& m_clock;
    const RabbitDeadLettersOptions m_options;
    ManagementApi m_management;
    std::unique_ptr<AmqpConnection> m_connection;
    std::map<std::string, Held> m_held;
    std::map<std::string, Cached> m_cached;
    std::uint64_t m_published = 0; ///< on the confirming channel
    std::vector<std::string> m_notices;
};

} // namespace eventscope::rabbitmq
