// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/event_log.h"
#include "inspect/filter/filter_attributes.h"
#include "inspect/filter/payload_reader.h"
#include "inspect/source_event.h"

#include <functional>
#include <optional>
#include <string>

namespace eventscope::core {

/// What all our events have in common, wherever their fields come from. Names that are no attribute
/// are headers, the first of that name in any case. "specversion" is always "1.0".
class EventAttributes : public FilterAttributes {
public:
    std::optional<FilterValue> attribute(const AttributeName& name) const final;
    std::optional<FilterValue> field(const FilterPath& path) const final;
    bool containsText(std::string_view text) const final;
    /// The same without payload, source, type, subject and correlation id, for who has looked there.
    bool containsTextInRest(std::string_view text) const;

protected:
    /// Takes each header; goes on while it returns true.
    using HeaderVisitor = std::function<bool(const HeaderView&)>;

    virtual std::string_view textOf(KnownAttribute attribute) const = 0; ///< empty: absent
    virtual std::int64_t numberOf(KnownAttribute attribute) const = 0;   ///< SourceEvent::kNone: absent
    virtual std::optional<Timestamp> time() const = 0;
    virtual std::string_view payload() const = 0;
    virtual bool payloadIsNull() const = 0;
    virtual PayloadReader& payloadReader() const = 0; ///< with the payload set
    virtual void visitHeaders(const HeaderVisitor& visit) const = 0;
    /// The note of the event's mark; nothing: it has no mark.
    virtual std::optional<std::string> mark() const { return std::nullopt; }

private:
    std::optional<FilterValue> header(std::string_view name) const;
};

/// An event as a source delivers it.
class SourceEventAttributes final : public EventAttributes {
public:
    SourceEventAttributes() = default;
    explicit SourceEventAttributes(const SourceEvent& event) { setEvent(event); }
    /// The event that is read from now on; its buffers must stay until the next one.
    void setEvent(const SourceEvent& event);

private:
    std::string_view textOf(KnownAttribute attribute) const override;
    std::int64_t numberOf(KnownAttribute attribute) const override;
    std::optional<Timestamp> time() const override;
    std::string_view payload() const override { return m_event.payload; }
    bool payloadIsNull() const override { return m_event.payloadIsNull; }
    PayloadReader& payloadReader() const override { return m_reader; }
    void visitHeaders(const HeaderVisitor& visit) const override;
    std::optional<std::string> mark() const override;

    SourceEvent m_event;
    mutable PayloadReader m_reader;
};

/// A row of the log; its columns are read when they are asked for.
class LogRowAttributes final : public EventAttributes {
public:
    explicit LogRowAttributes(const EventLog& log) : m_log(log) { }
    void setRow(LogRow row);

private:
    std::string_view textOf(KnownAttribute attribute) const override;
    std::int64_t numberOf(KnownAttribute attribute) const override;
    std::optional<Timestamp> time() const override;
    std::string_view payload() const override { return m_log.payloadAt(m_row); }
    bool payloadIsNull() const override { return event().payloadIsNull; }
    PayloadReader& payloadReader() const override;
    void visitHeaders(const HeaderVisitor& visit) const override;
    std::optional<std::string> mark() const override;
    const LogEvent& event() const;

    const EventLog& m_log;
    LogRow m_row = 0;
    mutable bool m_hasEvent = false;
    mutable bool m_hasPayload = false;
    mutable LogEvent m_event;
    mutable PayloadReader m_reader;
};

} // namespace eventscope::core
