// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "amqp_value.h"

#include "inspect/dead_letter.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace eventscope::rabbitmq {

/// What a dead letter says of itself, in whosever convention.
struct ReadLetter {
    core::DeadLetter letter; ///< without its id
    // Where it came from, as far as it is told.
    std::string queue;                ///< the one it failed in
    std::string exchange, routingKey; ///< what it was published with
    bool knowsExchange = false;       ///< an exchange may be the default one, ""
    MessageProperties properties;     ///< of the message that is sent again, failure headers stripped
};

/// Reads a message of a dead letter queue. Conventions, in this order: ours ("eventscope"), "easynetq"
/// (the original is inside the body), "masstransit", "nservicebus", "rebus", "wolverine", "spring-amqp",
/// "celery", the broker's own x-death ("rabbitmq"), "unknown".
ReadLetter readLetter(
    std::string_view queue, std::string_view routingKey, const MessageProperties& properties, std::string_view body);

} // namespace eventscope::rabbitmq
