// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "message_events.h"

#include "amqp_connection.h"
#include "amqp_library.h"

#include <fmt/format.h>

#include <chrono>
#include <utility>

namespace eventscope::rabbitmq {

namespace {

constexpr std::string_view kStreamOffset = "x-stream-offset";

struct NamedFlag {
    amqp_flags_t flag;
    amqp_bytes_t amqp_basic_properties_t_::*member;
    std::string_view name;
};
// content-type, message-id, type and correlation-id have places of their own, but a filter may ask for them.
constexpr NamedFlag kProperties[]{
    {AMQP_BASIC_CONTENT_TYPE_FLAG, &amqp_basic_properties_t_::content_type, "content-type"},
    {AMQP_BASIC_CONTENT_ENCODING_FLAG, &amqp_basic_properties_t_::content_encoding, "content-encoding"},
    {AMQP_BASIC_REPLY_TO_FLAG, &amqp_basic_properties_t_::reply_to, "reply-to"},
    {AMQP_BASIC_EXPIRATION_FLAG, &amqp_basic_properties_t_::expiration, "expiration"},
    {AMQP_BASIC_USER_ID_FLAG, &amqp_basic_properties_t_::user_id, "user-id"},
    {AMQP_BASIC_APP_ID_FLAG, &amqp_basic_properties_t_::app_id, "app-id"},
};

std::string_view propertyOf(const amqp_basic_properties_t_& properties, amqp_flags_t flag, const amqp_bytes_t& bytes)
{
    return (properties._flags & flag) != 0 ? viewOf(bytes) : std::string_view();
}

} // namespace

std::int64_t MessageEvents::streamOffset(const amqp_basic_properties_t_& properties)
{
    if ((properties._flags & AMQP_BASIC_HEADERS_FLAG) != 0) {
        for (int i = 0; i < properties.headers.num_entries; ++i) {
            const amqp_table_entry_t_& entry = properties.headers.entries[i];
            if (viewOf(entry.key) == kStreamOffset) {
                bool ignored = false;
                return valueFrom(entry.value, ignored).integer().value_or(core::SourceEvent::kNone);
            }
        }
    }
    return core::SourceEvent::kNone;
}

std::string_view MessageEvents::keep(std::string text)
{
    return m_texts.emplace_back(std::move(text));
}

void MessageEvents::addHeaders(const Delivery& message, std::string_view queue)
{
    const amqp_basic_properties_t_& properties = *message.properties;
    m_headers.clear();
    m_texts.clear();
    if (!queue.empty())
        m_headers.push_back({"amqp.queue", queue});
    m_headers.push_back({"amqp.exchange", message.exchange});
    m_headers.push_back({"amqp.routing-key", message.routingKey});
    if (message.redelivered)
        m_headers.push_back({"amqp.redelivered", "true"});
    for (const NamedFlag& property : kProperties) {
        if ((properties._flags & property.flag) != 0)
            m_headers.push_back({property.name, viewOf(properties.*property.member)});
    }
    if ((properties._flags & AMQP_BASIC_PRIORITY_FLAG) != 0)
        m_headers.push_back({"priority", keep(std::to_string(properties.priority))});
    if ((properties._flags & AMQP_BASIC_HEADERS_FLAG) == 0)
        return;
    for (int i = 0; i < properties.headers.num_entries; ++i) {
        const amqp_table_entry_t_& entry = properties.headers.entries[i];
        const std::string_view name = viewOf(entry.key);
        if (name == kStreamOffset)
            continue;
        if (entry.value.kind == AMQP_FIELD_KIND_UTF8 || entry.value.kind == AMQP_FIELD_KIND_BYTES) {
            m_headers.push_back({name, viewOf(entry.value.value.bytes)});
        } else {
            bool ignored = false;
            m_headers.push_back({name, keep(valueFrom(entry.value, ignored).display())});
        }
    }
}

core::SourceEvent MessageEvents::read(const Delivery& message, std::string_view queue)
{
    const amqp_basic_properties_t_& properties = *message.properties;
    addHeaders(message, queue);
    core::SourceEvent event;
    event.source = m_source;
    event.position = streamOffset(properties);
    event.id = propertyOf(properties, AMQP_BASIC_MESSAGE_ID_FLAG, properties.message_id);
    event.type = propertyOf(properties, AMQP_BASIC_TYPE_FLAG, properties.type);
    event.correlationId = propertyOf(properties, AMQP_BASIC_CORRELATION_ID_FLAG, properties.correlation_id);
    event.hasTime = (properties._flags & AMQP_BASIC_TIMESTAMP_FLAG) != 0;
    if (event.hasTime) {
        // Some clients write milliseconds where the standard says seconds.
        constexpr std::uint64_t kYear5000 = 95'617'584'000;
        const std::uint64_t stamp = properties.timestamp;
        event.time = stamp < kYear5000
            ? core::Timestamp(std::chrono::seconds(static_cast<std::int64_t>(stamp)))
            : core::Timestamp(std::chrono::milliseconds(static_cast<std::int64_t>(stamp % (kYear5000 * 1000))));
    }
    event.headers = m_headers;
    event.payload = message.body;
    const std::string_view contentType = propertyOf(properties, AMQP_BASIC_CONTENT_TYPE_FLAG, properties.content_type);
    core::SourceEvent complete = m_reader.read(event, contentType);
    complete.position = event.position; // a stream's offset, whatever the envelope counts
    if (complete.stream.empty())
        complete.stream = queue.empty() ? message.exchange : queue;
    if (message.isCut()) {
        m_reason = fmt::format(
            "The message is {} bytes large; the first {} are here.", message.bodySize, message.body.size());
        complete.undecodable = m_reason;
    }
    return complete;
}

} // namespace eventscope::rabbitmq
