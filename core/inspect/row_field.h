// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/error.h"
#include "inspect/event_log.h"
#include "inspect/filter/event_attributes.h"
#include "inspect/filter/filter_names.h"
#include "inspect/filter/filter_value.h"

#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace eventscope::core {

/// A field that the log has no column for: of the payload ("data.items[0].sku") or a header
/// ("headers['x-retry-count']", "tenant"), by its name in the filter language. // any thread, as a value
class RowField {
public:
    /// Unparsable with a sentence for anything else.
    static Result<RowField> parse(std::string_view text);

    const std::string& text() const { return m_text; } ///< in normal form
    /// Its last name alone, for a narrow place: "sku".
    std::string shortName() const;
    bool isOfPayload() const;

    /// What stands there; nothing where there is no such field, or null in it. A view into the event.
    std::optional<FilterValue> valueIn(const FilterAttributes& event) const;

    bool operator==(const RowField& other) const { return m_text == other.m_text; }

private:
    RowField(std::string text, std::variant<AttributeName, FilterPath> name)
        : m_text(std::move(text)), m_name(std::move(name))
    {
    }

    std::string m_text;
    std::variant<AttributeName, FilterPath> m_name;
};

/// Fields of a log's rows, read when they are asked for. // one thread at a time
class RowFieldReader {
public:
    /// `log` must outlive this.
    explicit RowFieldReader(const EventLog& log) : m_attributes(log) { }

    /// As RowField::valueIn(); a view that ends with the next call and with the log's hold.
    std::optional<FilterValue> value(LogRow row, const RowField& field);

private:
    LogRowAttributes m_attributes;
};

} // namespace eventscope::core
