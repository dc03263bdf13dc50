// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/event_log.h"
#include "inspect/filter/event_attributes.h"
#include "inspect/filter/filter_expression.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace eventscope::core {

/// Which rows of the log somebody wants to see: all that is set must hold.
struct RowFilter {
    std::optional<std::string> source, stream, type, correlationId;
    std::optional<Timestamp> from, to; ///< both included; events without a time are in no range
    std::optional<FilterExpression> expression;
};

/// Decides about rows; columns first, the expression only for rows that these let through.
/// // one thread at a time
class RowMatcher {
public:
    /// `log` must outlive this.
    RowMatcher(const EventLog& log, RowFilter filter);

    /// Appends the rows of [from, to) that match.
    void match(LogRow from, LogRow to, std::vector<std::uint32_t>& rows);

    /// Rows that the expression could not decide about: they do not match.
    std::uint64_t errors() const { return m_errors; }
    /// The first such error's sentence.
    const std::string& firstError() const { return m_firstError; }

private:
    /// A text that a column must have; it gets its number when the log has it.
    struct Wanted {
        std::optional<std::string> text;
        TextId id = 0;
        bool known = false;
    };
    bool resolve(Wanted& wanted);
    bool columnsMatch(LogRow row) const;
    bool timeMatches(LogRow row) const;
    bool expressionMatches(LogRow row);

    const EventLog& m_log;
    const RowFilter m_filter;
    Wanted m_source, m_stream, m_type, m_correlation;
    LogRowAttributes m_attributes;
    std::uint64_t m_errors = 0;
    std::string m_firstError;
};

} // namespace eventscope::core
