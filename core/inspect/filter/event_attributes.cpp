// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/filter/event_attributes.h"

#include "inspect/event_marks.h"
#include "inspect/filter/filter_text.h"

#include <algorithm>
#include <array>

namespace eventscope::core {

namespace {

constexpr std::array kTexts{
    KnownAttribute::Type, KnownAttribute::Source, KnownAttribute::Subject, KnownAttribute::CorrelationId};

} // namespace

std::optional<FilterValue> EventAttributes::attribute(const AttributeName& name) const
{
    switch (name.known) {
    case KnownAttribute::Id:
    case KnownAttribute::Type:
    case KnownAttribute::Source: return FilterValue::view(textOf(name.known));
    case KnownAttribute::Subject:
    case KnownAttribute::CorrelationId:
    case KnownAttribute::CausationId:
        if (const std::string_view text = textOf(name.known); !text.empty())
            return FilterValue::view(text);
        return std::nullopt;
    case KnownAttribute::SpecVersion: return FilterValue::view("1.0");
    case KnownAttribute::Time:
        if (const auto at = time())
            return FilterValue(formatTimestamp(*at));
        return std::nullopt;
    case KnownAttribute::Version:
    case KnownAttribute::Position:
    case KnownAttribute::Partition:
        if (const std::int64_t number = numberOf(name.known); number != SourceEvent::kNone)
            return FilterValue(FilterNumber(number));
        return std::nullopt;
    case KnownAttribute::Marked: return FilterValue(mark().has_value());
    case KnownAttribute::Note:
        if (auto note = mark(); note && !note->empty())
            return FilterValue(*std::move(note));
        break;
    case KnownAttribute::Other: break;
    }
    return header(name.name);
}

std::optional<FilterValue> EventAttributes::field(const FilterPath& path) const
{
    switch (path.root) {
    case PathRoot::Data:
        if (payloadIsNull())
            return std::nullopt;
        return payloadReader().field(path.steps);
    case PathRoot::Headers: return header(path.headerName());
    case PathRoot::State: break;
    }
    return std::nullopt;
}

std::optional<FilterValue> EventAttributes::header(std::string_view name) const
{
    std::optional<FilterValue> found;
    visitHeaders([&](const HeaderView& header) {
        if (!sameName(header.name, name))
            return true;
        found = FilterValue::view(header.value);
        return false;
    });
    return found;
}

bool EventAttributes::containsText(std::string_view text) const
{
    return containsBytes(payload(), text)
        || std::any_of(kTexts.begin(), kTexts.end(), [&](auto a) { return containsBytes(textOf(a), text); })
        || containsTextInRest(text);
}

bool EventAttributes::containsTextInRest(std::string_view text) const
{
    bool found
        = containsBytes(textOf(KnownAttribute::Id), text) || containsBytes(textOf(KnownAttribute::CausationId), text);
    if (found)
        return true;
    visitHeaders([&](const HeaderView& header) {
        found = containsBytes(header.name, text) || containsBytes(header.value, text);
        return !found;
    });
    return found;
}

void SourceEventAttributes::setEvent(const SourceEvent& event)
{
    m_event = event;
    m_reader.setPayload(event.payload);
}

std::string_view SourceEventAttributes::textOf(KnownAttribute attribute) const
{
    switch (attribute) {
    case KnownAttribute::Id: return m_event.id;
    case KnownAttribute::Type: return m_event.type;
    case KnownAttribute::Source: return m_event.source;
    case KnownAttribute::Subject: return m_event.stream;
    case KnownAttribute::CorrelationId: return m_event.correlationId;
    case KnownAttribute::CausationId: return m_event.causationId;
    default: return {};
    }
}

std::int64_t SourceEventAttributes::numberOf(KnownAttribute attribute) const
{
    switch (attribute) {
    case KnownAttribute::Version: return m_event.version;
    case KnownAttribute::Position: return m_event.position;
    case KnownAttribute::Partition: return m_event.partition < 0 ? SourceEvent::kNone : m_event.partition;
    default: return SourceEvent::kNone;
    }
}

std::optional<Timestamp> SourceEventAttributes::time() const
{
    return m_event.hasTime ? std::optional(m_event.time) : std::nullopt;
}

void SourceEventAttributes::visitHeaders(const HeaderVisitor& visit) const
{
    for (const HeaderView& header : m_event.headers) {
        if (!visit(header))
            return;
    }
}

std::optional<std::string> SourceEventAttributes::mark() const
{
    return m_event.isMarked ? std::optional(std::string(m_event.note)) : std::nullopt;
}

void LogRowAttributes::setRow(LogRow row)
{
    m_row = row;
    m_hasEvent = false;
    m_hasPayload = false;
}

const LogEvent& LogRowAttributes::event() const
{
    if (!m_hasEvent) {
        m_event = m_log.at(m_row);
        m_hasEvent = true;
    }
    return m_event;
}

PayloadReader& LogRowAttributes::payloadReader() const
{
    if (!m_hasPayload) {
        m_reader.setPaddedPayload(payload());
        m_hasPayload = true;
    }
    return m_reader;
}

std::string_view LogRowAttributes::textOf(KnownAttribute attribute) const
{
    switch (attribute) {
    case KnownAttribute::Id: return event().id.view();
    case KnownAttribute::Type: return m_log.text(m_log.typeAt(m_row));
    case KnownAttribute::Source: return m_log.text(m_log.sourceAt(m_row));
    case KnownAttribute::Subject: return m_log.text(m_log.streamAt(m_row));
    case KnownAttribute::CorrelationId: return m_log.text(m_log.correlationAt(m_row));
    case KnownAttribute::CausationId: return event().causationId.view();
    default: return {};
    }
}

std::int64_t LogRowAttributes::numberOf(KnownAttribute attribute) const
{
    switch (attribute) {
    case KnownAttribute::Version: return event().version;
    case KnownAttribute::Position: return event().position;
    case KnownAttribute::Partition: return event().partition < 0 ? SourceEvent::kNone : event().partition;
    default: return SourceEvent::kNone;
    }
}

std::optional<Timestamp> LogRowAttributes::time() const
{
    return event().hasTime ? std::optional(event().time) : std::nullopt;
}

std::optional<std::string> LogRowAttributes::mark() const
{
    return m_log.marks().note(m_row);
}

void LogRowAttributes::visitHeaders(const HeaderVisitor& visit) const
{
    bool more = true;
    m_log.headersAt(m_row, [&](HeaderView header) { more = more && visit(header); });
}

} // namespace eventscope::core
