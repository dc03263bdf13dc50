// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/envelope_reader.h"

namespace eventscope::core {

namespace {

void prefer(std::string_view& field, const std::string& said)
{
    if (!said.empty()) {
        field = said;
    }
}

} // namespace

SourceEvent EnvelopeReader::read(const SourceEvent& event, std::string_view contentType, std::string_view key)
{
    decodeEnvelope({.bytes = event.payload,
                       .isNull = event.payloadIsNull,
                       .headers = event.headers,
                       .contentType = contentType,
                       .key = key},
        m_envelope);
    SourceEvent read = event;
    prefer(read.id, m_envelope.id);
    prefer(read.type, m_envelope.type);
    prefer(read.correlationId, m_envelope.correlationId);
    prefer(read.causationId, m_envelope.causationId);
    if (m_envelope.time) {
        read.time = *m_envelope.time;
        read.hasTime = true;
    }
    if (m_envelope.version != Envelope::kNone) {
        read.version = m_envelope.version;
    }
    m_stream = m_envelope.streamName();
    addHeaders(event);
    if (read.stream.empty()) {
        read.stream = m_stream;
    }
    read.headers = m_headers;
    read.payload = m_envelope.payload;
    read.payloadIsNull = m_envelope.payloadIsNull;
    m_reason = m_envelope.whyUndecodable();
    if (read.undecodable.empty()) {
        read.undecodable = m_reason;
    }
    m_attempts.clear();
    if (m_reason.empty()) { // else they all stand there
        for (const EnvelopeAttempt& attempt : m_envelope.attempts) {
            m_attempts += (m_attempts.empty() ? "" : "\n") + attempt.what + ": " + attempt.reason;
        }
    }
    read.attempts = m_attempts;
    return read;
}

void EnvelopeReader::addHeaders(const SourceEvent& event)
{
    m_headers.assign(event.headers.begin(), event.headers.end());
    // The others' fields stand in the headers or in the payload already.
    const bool isUnwrapped = m_envelope.kind == EnvelopeKind::CloudEventsStructured
        || m_envelope.kind == EnvelopeKind::Classic || m_envelope.kind == EnvelopeKind::MassTransit;
    if (!isUnwrapped) {
        return;
    }
    if (!event.stream.empty()) { // the transport's stream; what the event belongs to must not get lost
        if (!m_envelope.stream.empty()) {
            m_headers.push_back({"stream", m_envelope.stream});
        }
        if (!m_envelope.aggregateId.empty()) {
            const bool isSubject = m_envelope.kind == EnvelopeKind::CloudEventsStructured;
            m_headers.push_back({isSubject ? "subject" : "aggregateId", m_envelope.aggregateId});
        }
        if (!m_envelope.aggregateType.empty()) {
            m_headers.push_back({"aggregateType", m_envelope.aggregateType});
        }
    }
    if (!m_envelope.origin.empty()) {
        m_headers.push_back({"source", m_envelope.origin});
    }
    for (const Header& attribute : m_envelope.attributes) {
        m_headers.push_back({attribute.name, attribute.value});
    }
}

} // namespace eventscope::core
