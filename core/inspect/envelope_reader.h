// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/envelope.h"
#include "inspect/source_event.h"

#include <string>
#include <string_view>
#include <vector>

namespace eventscope::core {

/// Completes what a transport knows of an event by what the envelope in its bytes and headers says.
/// Keeps its buffers from one event to the next. // one thread at a time
class EnvelopeReader {
public:
    /// `event` is filled with what the transport knows: its payload all the bytes, its headers as they
    /// came, its id, time, correlation id and the like only as the transport's own properties, which the
    /// envelope outranks. `contentType` is given where it is no header (AMQP); `key` is a Kafka record's.
    ///
    /// The result's payload is the data inside the envelope, its headers those that came and behind
    /// them what else the envelope carries, its stream the transport's unless that is empty. A view: it
    /// ends with the transport's buffers, and with the next call.
    SourceEvent read(const SourceEvent& event, std::string_view contentType = {}, std::string_view key = {});

    /// What the last event's envelope said.
    const Envelope& envelope() const { return m_envelope; }

private:
    void addHeaders(const SourceEvent& event);

    Envelope m_envelope;
    std::vector<HeaderView> m_headers;
    std::string m_stream;
    std::string m_reason, m_attempts;
};

} // namespace eventscope::core
