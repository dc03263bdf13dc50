// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "amqp_connection.h"
#include "broker_topology.h"

#include "event/error.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace eventscope::rabbitmq {

/// Whether a queue that cannot be read twice may be looked into.
enum class LookPolicy {
    Never,
    Harmless, ///< when nothing can be lost and nobody is kept waiting
    Forced,   ///< somebody was told what it costs and wants it
};

/// What a look into a queue would do to it.
struct LookCost {
    bool canDrop = false;  ///< a message that was given back too often is dropped or dead-lettered
    bool disturbs = false; ///< consumers get their messages later and in another order
    bool isPossible = true;
    std::optional<std::int64_t> deliveryLimit; ///< of which a look uses one up
    std::string sentence;                      ///< for people: what a look does, and what to do instead
    bool isHarmless() const { return !canDrop && !disturbs && isPossible; }
};

/// Says it before anything is fetched. `info` is nullptr where the management API does not answer:
/// then only the number of consumers and the broker's version are known, and a look counts as unsafe.
LookCost costOfLook(std::string_view queue, const QueueInfo* info, std::int64_t consumers, std::string_view version);

/// Refused with the cost as its sentence, when this policy does not allow it.
core::Status allowLook(std::string_view queue, const LookCost& cost, LookPolicy policy);

/// A look that was taken and is remembered, for it cost something.
struct TakenLook {
    std::int64_t ready = 0;      ///< how many messages there were to get
    std::int64_t deliveries = 0; ///< of the message that was delivered most often, that look included
    std::chrono::steady_clock::time_point at{};
};

/// Where the count of a queue is asked for: the broker, or a test.
class CountSource {
public:
    virtual ~CountSource() = default;
    struct Answer {
        QueueState state;
        std::chrono::milliseconds took{}; ///< the broker gives a leader 250 ms, and says 0 when they are over
    };
    virtual core::Result<Answer> ask() = 0;
    virtual void pause(std::chrono::milliseconds time) = 0;
};

struct QueueCount {
    std::int64_t ready = 0;
    std::int64_t consumers = 0;
    /// False: there seem to be fewer than were seen before, and it is not certain that they are gone. A
    /// quorum queue counts 0 when its leader does not answer, when it has none, and when it was told to
    /// take messages back and has not yet; the management plugin's count is seconds old.
    bool isSure = true;
};

/// How much a queue holds. Fewer than were seen before are believed only when the broker repeats it and
/// the management plugin's count (of `info`, which may be nullptr) says the same and is younger than that
/// look. `before` may be nullptr: what there is to get is found out by getting it then.
core::Result<QueueCount> countSurely(
    CountSource& source, const QueueInfo* info, const TakenLook* before, std::chrono::steady_clock::time_point now);

enum class LookWay {
    Fetch,
    ShowSeen,    ///< what the last look brought
    ShowNothing, ///< there is nothing; what was seen is kept all the same
};

struct LookDecision {
    LookWay way = LookWay::Fetch;
    std::string sentence; ///< for people, when it is not fetched
};

/// Whether to look now that the broker counts so many. A look that costs something is not taken again
/// while there are as many, nor because there seem to be fewer, nor, even when it was asked for, when it
/// is known that the broker would drop what is given back.
core::Result<LookDecision> decideLook(
    std::string_view queue, const LookCost& cost, LookPolicy policy, const TakenLook* before, const QueueCount& count);

/// Asks the broker, on a channel of its own.
core::Result<QueueCount> countOf(AmqpConnection& connection, std::uint16_t channel, std::string_view queue,
    const QueueInfo* info, const TakenLook* before);

/// A message that was taken out of a queue and is not acknowledged.
struct HeldMessage {
    std::uint64_t tag = 0;
    bool redelivered = false;
    bool isCut = false;
    std::uint64_t bodySize = 0;
    std::string exchange, routingKey, body;
    MessageProperties properties;
};

/// Takes messages out of a queue without acknowledging them, all together, and gives them back with
/// one nack: taken one by one the broker would show the head of the queue again and again. The channel
/// is for this alone, as confirmations and gets disturb each other.
class QueueHold {
public:
    QueueHold(AmqpConnection& connection, std::uint16_t channel) : m_connection(connection), m_channel(channel) { }

    /// At most `limit`, and what the queue has when it begins. What was taken is held when it fails too.
    core::Status take(std::string_view queue, std::size_t limit, std::stop_token stop);
    /// By nack, never by reject and never by closing: those count as a failed delivery. Returns when they
    /// are counted again: a quorum queue is told of a nack and does not answer, and who counted before it
    /// was carried out would find fewer messages or none.
    core::Status giveBack();
    /// Gives back and closes the channel, unless an error has done both.
    core::Status end();
    core::Status acknowledge(std::uint64_t tag);

    std::vector<HeldMessage>& messages() { return m_messages; }
    bool isEmpty() const { return m_messages.empty(); }
    /// The look that this was, with so many to get.
    TakenLook lookTaken(std::int64_t ready) const;

private:
    AmqpConnection& m_connection;
    const std::uint16_t m_channel;
    std::string m_queue;
    std::vector<HeldMessage> m_messages;
    bool m_isOpen = true;
};

} // namespace eventscope::rabbitmq
