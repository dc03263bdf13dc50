// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// AmqpConnection: what the broker says, frame by frame.
#include "amqp_connection.h"

#include "amqp_assembly.h"
#include "amqp_error.h"
#include "amqp_library.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

namespace eventscope::rabbitmq {

using core::Result;

namespace {

// The library sends and checks heartbeats only when it is called.
constexpr std::chrono::milliseconds kLongestWait{1000};

} // namespace

void AmqpConnection::wake()
{
    const std::uint64_t one = 1;
    static_cast<void>(!::write(m_wake, &one, sizeof one)); // full is as good as written
}

bool AmqpConnection::waitReadable(std::chrono::milliseconds timeout)
{
    pollfd descriptors[2]{{amqp_get_sockfd(m_state.get()), POLLIN, 0}, {m_wake, POLLIN, 0}};
    ::poll(descriptors, 2, static_cast<int>(std::clamp(timeout, std::chrono::milliseconds(0), kLongestWait).count()));
    if ((descriptors[1].revents & POLLIN) == 0)
        return true;
    std::uint64_t count = 0;
    static_cast<void>(!::read(m_wake, &count, sizeof count));
    return false;
}

void AmqpConnection::release()
{
    if (m_toRelease != 0) {
        m_assemblies[m_toRelease].end();
        amqp_maybe_release_buffers_on_channel(m_state.get(), m_toRelease);
        m_toRelease = 0;
    }
}

Result<AmqpEvent> AmqpConnection::next(std::chrono::milliseconds timeout)
{
    if (m_isLost)
        return std::unexpected(m_lastError);
    release();
    std::optional<std::chrono::steady_clock::time_point> deadline; // from when there is nothing at once
    for (;;) {
        amqp_frame_t frame{};
        timeval atOnce{};
        const int status = amqp_simple_wait_frame_noblock(m_state.get(), &frame, &atOnce);
        if (status == AMQP_STATUS_OK) {
            if (auto event = take(frame))
                return std::move(*event);
            if (m_isLost)
                return std::unexpected(m_lastError);
            continue;
        }
        if (status != AMQP_STATUS_TIMEOUT)
            return lost(libraryError(status, m_address, "Listening"));
        const auto now = std::chrono::steady_clock::now();
        if (!deadline)
            deadline = now + timeout;
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(*deadline - now);
        if (left.count() <= 0)
            return AmqpEvent{};
        if (!waitReadable(left))
            return AmqpEvent{.kind = AmqpEvent::Kind::Woken};
    }
}

std::optional<AmqpEvent> AmqpConnection::take(const amqp_frame_t_& frame)
{
    switch (frame.frame_type) {
    case AMQP_FRAME_METHOD: return takeMethod(frame);
    case AMQP_FRAME_HEADER:
    case AMQP_FRAME_BODY: return takeContent(frame);
    default: return std::nullopt;
    }
}

std::optional<AmqpEvent> AmqpConnection::takeMethod(const amqp_frame_t_& frame)
{
    const void* decoded = frame.payload.method.decoded;
    AmqpEvent event;
    event.channel = frame.channel;
    Delivery message;
    switch (frame.payload.method.id) {
    case AMQP_BASIC_DELIVER_METHOD: {
        const auto* method = static_cast<const amqp_basic_deliver_t*>(decoded);
        message.tag = method->delivery_tag;
        message.redelivered = method->redelivered != 0;
        message.exchange = viewOf(method->exchange);
        message.routingKey = viewOf(method->routing_key);
        message.consumer = viewOf(method->consumer_tag);
        break;
    }
    case AMQP_BASIC_GET_OK_METHOD: {
        const auto* method = static_cast<const amqp_basic_get_ok_t*>(decoded);
        message.kind = Delivery::Kind::Got;
        message.tag = method->delivery_tag;
        message.redelivered = method->redelivered != 0;
        message.exchange = viewOf(method->exchange);
        message.routingKey = viewOf(method->routing_key);
        break;
    }
    case AMQP_BASIC_RETURN_METHOD: {
        const auto* method = static_cast<const amqp_basic_return_t*>(decoded);
        message.kind = Delivery::Kind::Returned;
        message.replyCode = method->reply_code;
        message.replyText = viewOf(method->reply_text);
        message.exchange = viewOf(method->exchange);
        message.routingKey = viewOf(method->routing_key);
        break;
    }
    case AMQP_BASIC_ACK_METHOD: {
        const auto* method = static_cast<const amqp_basic_ack_t*>(decoded);
        event.kind = AmqpEvent::Kind::Confirmed;
        event.tag = method->delivery_tag;
        event.multiple = method->multiple != 0;
        return event;
    }
    case AMQP_BASIC_NACK_METHOD: {
        const auto* method = static_cast<const amqp_basic_nack_t*>(decoded);
        event.kind = AmqpEvent::Kind::Rejected;
        event.tag = method->delivery_tag;
        event.multiple = method->multiple != 0;
        return event;
    }
    case AMQP_BASIC_GET_EMPTY_METHOD: event.kind = AmqpEvent::Kind::Empty; return event;
    case AMQP_BASIC_CANCEL_METHOD: event.kind = AmqpEvent::Kind::ConsumerGone; return event;
    case AMQP_CONNECTION_BLOCKED_METHOD:
        event.kind = AmqpEvent::Kind::Blocked;
        event.text = viewOf(static_cast<const amqp_connection_blocked_t*>(decoded)->reason);
        m_isBlocked = true;
        return event;
    case AMQP_CONNECTION_UNBLOCKED_METHOD:
        event.kind = AmqpEvent::Kind::Unblocked;
        m_isBlocked = false;
        return event;
    case AMQP_CHANNEL_CLOSE_METHOD: {
        const auto* close = static_cast<const amqp_channel_close_t*>(decoded);
        event.kind = AmqpEvent::Kind::ChannelClosed;
        event.error = brokerError(close->reply_code, viewOf(close->reply_text), "The channel was closed");
        amqp_channel_close_ok_t ok{};
        amqp_send_method(m_state.get(), frame.channel, AMQP_CHANNEL_CLOSE_OK_METHOD, &ok);
        m_assemblies.erase(frame.channel);
        return event;
    }
    case AMQP_CONNECTION_CLOSE_METHOD: {
        const auto* close = static_cast<const amqp_connection_close_t*>(decoded);
        core::Error error = brokerError(close->reply_code, viewOf(close->reply_text), "The connection was closed");
        amqp_connection_close_ok_t ok{};
        amqp_send_method(m_state.get(), 0, AMQP_CONNECTION_CLOSE_OK_METHOD, &ok);
        static_cast<void>(lost(std::move(error)));
        return std::nullopt;
    }
    default: return std::nullopt;
    }
    m_assemblies[frame.channel].begin(message);
    return std::nullopt;
}

std::optional<AmqpEvent> AmqpConnection::takeContent(const amqp_frame_t_& frame)
{
    const auto found = m_assemblies.find(frame.channel);
    if (found == m_assemblies.end() || !found->second.isUsed)
        return std::nullopt;
    Assembly& assembly = found->second;
    Delivery& message = assembly.message;
    if (frame.frame_type == AMQP_FRAME_HEADER) {
        if (!assembly.awaitsHeader)
            return std::nullopt;
        assembly.awaitsHeader = false;
        message.bodySize = frame.payload.properties.body_size;
        message.properties = static_cast<const amqp_basic_properties_t_*>(frame.payload.properties.decoded);
        if (message.bodySize == 0)
            return finish(frame.channel, assembly);
        return std::nullopt;
    }
    const std::string_view fragment = viewOf(frame.payload.body_fragment);
    if (assembly.received == 0 && fragment.size() == message.bodySize) {
        message.body = fragment;
        return finish(frame.channel, assembly);
    }
    if (assembly.received == 0) {
        // The library's buffers are given back after each fragment, or 100 MB would be held twice.
        assembly.exchange = message.exchange;
        assembly.routingKey = message.routingKey;
        assembly.consumer = message.consumer;
        assembly.replyText = message.replyText;
        assembly.properties = propertiesFrom(*message.properties);
        message.exchange = assembly.exchange;
        message.routingKey = assembly.routingKey;
        message.consumer = assembly.consumer;
        message.replyText = assembly.replyText;
        assembly.own = toLibrary(assembly.properties, assembly.pool.get());
        message.properties = &assembly.own;
        assembly.body.reserve(static_cast<std::size_t>(std::min<std::uint64_t>(message.bodySize, kLargestBody)));
    }
    assembly.received += fragment.size();
    assembly.body.append(fragment.substr(0, kLargestBody - std::min(kLargestBody, assembly.body.size())));
    amqp_maybe_release_buffers_on_channel(m_state.get(), frame.channel);
    if (assembly.received < message.bodySize)
        return std::nullopt;
    message.body = assembly.body;
    return finish(frame.channel, assembly);
}

AmqpEvent AmqpConnection::finish(std::uint16_t channel, Assembly& assembly)
{
    m_toRelease = channel;
    return {.kind = AmqpEvent::Kind::Message, .channel = channel, .message = assembly.message};
}

} // namespace eventscope::rabbitmq
