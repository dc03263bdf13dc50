// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "amqp_connection.h"
#include "broker_topology.h"

#include "event/error.h"

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
};

enum class LookWay {
    Fetch,
    ShowSeen,    ///< what the last look brought
    ShowNothing, ///< there is nothing; what was seen is kept all the same, as counts are not to be trusted
};

struct LookDecision {
    LookWay way = LookWay::Fetch;
    std::string sentence; ///< for people, when it is not fetched
};

/// Whether to look now that the broker counts `ready` messages. A look that costs something is not taken
/// again while there are as many, nor because there seem to be none, nor, even when it was asked for,
/// when it is known that the broker would drop what is given back.
core::Result<LookDecision> decideLook(
    std::string_view queue, const LookCost& cost, LookPolicy policy, const TakenLook* before, std::int64_t ready);

/// How much a queue holds, asked again while the answer is the 0 of a quorum queue whose leader did not
/// answer the broker within its 250 ms.
core::Result<QueueState> countOf(AmqpConnection& connection, std::uint16_t channel, std::string_view queue);

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
    core::Status acknowledge(std::uint64_t tag);

    std::vector<HeldMessage>& messages() { return m_messages; }
    bool isEmpty() const { return m_messages.empty(); }
    /// The largest number of deliveries among the messages, this one included.
    std::int64_t mostDeliveries() const;

private:
    AmqpConnection& m_connection;
    const std::uint16_t m_channel;
    std::string m_queue;
    std::vector<HeldMessage> m_messages;
};

} // namespace eventscope::rabbitmq
