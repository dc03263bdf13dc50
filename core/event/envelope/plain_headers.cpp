// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "event/envelope/envelope_fields.h"

#include <string_view>

namespace eventscope::core {

namespace {

/// Header values are often JSON strings: "abc" with its quotes.
std::string_view unquoted(std::string_view value)
{
    const bool isQuoted = value.size() >= 2 && value.front() == '"' && value.back() == '"'
        && value.find_first_of("\"\\", 1) == value.size() - 1;
    return isQuoted ? value.substr(1, value.size() - 2) : value;
}

/// The trace's id of a W3C traceparent, "00-<32 hex>-<16 hex>-<2 hex>"; else empty.
std::string_view traceOf(std::string_view value)
{
    constexpr std::size_t kIdAt = 3;
    constexpr std::size_t kIdSize = 32;
    constexpr std::size_t kSize = 55;
    const bool isTrace = value.size() >= kSize && value[2] == '-' && value[kIdAt + kIdSize] == '-';
    return isTrace ? value.substr(kIdAt, kIdSize) : std::string_view();
}

/// "OrderPlaced" of "com.example.OrderPlaced" and of "Shop.OrderPlaced, Shop, Version=1.0".
std::string_view shortClass(std::string_view name)
{
    name = name.substr(0, name.find_first_of(",;"));
    return name.substr(name.find_last_of(".$+") + 1);
}

} // namespace

void readPlainHeaders(const EnvelopeInput& input, Envelope& envelope)
{
    std::string_view className;
    std::string_view conversation;
    std::string_view trace;
    for (const HeaderView& header : input.headers) {
        const std::string_view value = unquoted(header.value);
        switch (knownKey(header.name)) {
        case KnownKey::Id: setOnce(envelope.id, value); break;
        case KnownKey::Type: setOnce(envelope.type, value); break;
        case KnownKey::ClassName: className = shortClass(value); break;
        case KnownKey::Correlation: setOnce(envelope.correlationId, value); break;
        case KnownKey::Conversation: conversation = value; break;
        case KnownKey::Causation: setOnce(envelope.causationId, value); break;
        case KnownKey::TraceParent: trace = traceOf(value); break;
        case KnownKey::Time:
            if (!envelope.time) {
                envelope.time = timeOf(value);
            }
            break;
        case KnownKey::Version:
            if (envelope.version == Envelope::kNone) {
                envelope.version = integerOf(value).value_or(Envelope::kNone);
            }
            break;
        case KnownKey::None: break;
        }
    }
    setOnce(envelope.type, className);
    setOnce(envelope.correlationId, conversation);
    setOnce(envelope.correlationId, trace);
}

} // namespace eventscope::core
