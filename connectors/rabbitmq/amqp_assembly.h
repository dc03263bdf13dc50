// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "amqp_connection.h"
#include "amqp_library.h"
#include "amqp_pool.h"

#include <cstdint>
#include <string>

namespace eventscope::rabbitmq {

/// A message of which more frames must come.
struct AmqpConnection::Assembly {
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
