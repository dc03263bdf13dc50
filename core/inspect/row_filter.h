// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/event_log.h"
#include "inspect/filter/filter_expression.h"
#include "inspect/filter/log_predicate.h"

#include <cstddef>
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

/// What a matcher found in a range of rows.
struct RowMatches {
    std::vector<std::uint32_t> rows;
    std::uint64_t errors = 0;         ///< rows that the expression could not decide about: they do not match
    std::optional<LogRow> firstError; ///< the first of these

    void clear();
    void add(LogRow from, const RowMask& mask);
};

/// Decides about rows; columns first, the expression only for rows that these let through.
/// // one thread at a time
class RowMatcher {
public:
    /// `log` must outlive this.
    RowMatcher(const EventLog& log, const RowFilter& filter);

    /// Adds the rows of [from, to) that match.
    void match(LogRow from, LogRow to, RowMatches& matches);

    /// The sentence of the expression's error at that row.
    std::string explain(LogRow row) const;

private:
    /// A text that a column must have; it gets its number when the log has it.
    struct Wanted {
        std::optional<std::string> text;
        TextId id = 0;
        bool known = false;
        std::size_t lookedAt = 0; ///< places of a narrow column that are something else
    };
    bool resolve(Wanted& wanted);
    template <class Names, class Column>
    void keepNarrow(Wanted& wanted, const Names& names, const Column& column, LogRow from, RowMask& rows) const;
    bool isOfSource(TextId id) const;
    void keepSource(LogRow from, RowMask& rows);
    void keepTexts(LogRow from, RowMask& rows);
    void keepTimes(LogRow from, RowMask& rows) const;

    const EventLog& m_log;
    const RowFilter m_filter;
    LogPredicatePtr m_predicate; ///< of the expression
    Wanted m_stream, m_type, m_correlation;
    std::vector<bool> m_sources; ///< by place of the source column: whether it is wanted
};

} // namespace eventscope::core
