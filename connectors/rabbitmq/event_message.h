// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "amqp_value.h"

#include "event/error.h"
#include "event/event.h"

#include <string>
#include <string_view>

namespace eventscope::rabbitmq {

/// A message on its way to the broker.
struct OutgoingMessage {
    std::string exchange;
    std::string routingKey;
    MessageProperties properties;
    std::string body;
};

// Headers of ours. "x-" belongs to the broker, but for the one that the classic system agreed on.
inline constexpr std::string_view kRetryCount = "x-retry-count";
inline constexpr std::string_view kEventType = "eventType";
inline constexpr std::string_view kErrorType = "eventscope-error-type";
inline constexpr std::string_view kErrorMessage = "eventscope-error-message";
inline constexpr std::string_view kErrorStack = "eventscope-error-stack";
inline constexpr std::string_view kFailedAt = "eventscope-failed-at";
inline constexpr std::string_view kAttempts = "eventscope-attempts";
inline constexpr std::string_view kOriginQueue = "eventscope-queue";
inline constexpr std::string_view kOriginExchange = "eventscope-exchange";
inline constexpr std::string_view kOriginRoutingKey = "eventscope-routing-key";
inline constexpr std::string_view kRequeue = "eventscope-requeue"; ///< a table: who sent it again, and how often

/// "order.placed" for OrderPlaced: the first word, then the others joined by '-'. A type of one word
/// gets its stream's category in front ("counter.counted"); one with dots is taken as it is.
std::string routingKeyOf(std::string_view type, std::string_view stream);

/// Persistent, application/json, message id = event id, timestamp, header eventType; the body is the
/// event's classic form.
OutgoingMessage messageOf(const core::RecordedEvent& event, std::string_view exchange);

/// The event in a message of the bus: the classic form; of somebody else's JSON, its body with what the
/// properties say. Unparsable otherwise.
core::Result<core::RecordedEvent> eventOf(const MessageProperties& properties, std::string_view body);

/// How often the message was tried again; also where a foreign client wrote it as text.
int retryCountOf(const AmqpTable& headers);

/// What the broker wrote when a message died; a copy that starts anew goes without.
bool isDeathHeader(std::string_view name);

} // namespace eventscope::rabbitmq
