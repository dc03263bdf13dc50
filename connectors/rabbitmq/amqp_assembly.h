// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "amqp_connection.h"
#include "amqp_library.h"
#include "amqp_pool.h"

#include <cstdint>
#include <string>

namespace eventscope::rabbitmq {

/// A message of which more frames must come; used again for the next one of its channel.
struct AmqpConnection::Assembly {
    void begin(const Delivery& next)
    {
        message = next;
        isUsed = awaitsHeader = true;
    }
    /// Nobody looks at it any more.
    void end()
    {
        isUsed = false;
        if (received > 0) { // else it came in one frame, and nothing was kept
            body = std::string();
            pool.recycle();
            received = 0;
        }
    }

    bool isUsed = false;
    Delivery message;
    std::string exchange, routingKey, consumer, replyText;
    MessageProperties properties; // of a message in several frames; those of one frame stay where they are
    AmqpPool pool;
    amqp_basic_properties_t_ own{};
    std::string body;
    bool awaitsHeader = false;
    std::uint64_t received = 0;
};

} // namespace eventscope::rabbitmq
