// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "amqp_value.h"

#include "event/header_view.h"
#include "inspect/envelope_reader.h"
#include "inspect/source_event.h"

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace eventscope::rabbitmq {

struct Delivery;

/// Messages as events: the properties as headers (content-type, …, and amqp.queue, amqp.exchange,
/// amqp.routing-key, amqp.redelivered), the message's own headers behind them, and what the envelope in
/// its bytes says. Keeps its buffers. // one thread at a time
class MessageEvents {
public:
    explicit MessageEvents(std::string source) : m_source(std::move(source)) { }

    /// A view: until the message's buffers end, and until the next call. `queue` is where it was found:
    /// the stream of an event whose envelope names none; empty: the exchange.
    core::SourceEvent read(const Delivery& message, std::string_view queue);

    /// The number in the header that a stream gives each message; kNone without one.
    static std::int64_t streamOffset(const amqp_basic_properties_t_& properties);

private:
    void addHeaders(const Delivery& message, std::string_view queue);
    std::string_view keep(std::string text);

    const std::string m_source;
    core::EnvelopeReader m_reader;
    std::vector<core::HeaderView> m_headers;
    std::deque<std::string> m_texts; // of values that are no text
    std::string m_reason;
};

} // namespace eventscope::rabbitmq
