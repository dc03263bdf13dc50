// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/row_filter.h"

#include <utility>

namespace eventscope::core {

RowMatcher::RowMatcher(const EventLog& log, RowFilter filter)
    : m_log(log)
    , m_filter(std::move(filter))
    , m_source{m_filter.source}
    , m_stream{m_filter.stream}
    , m_type{m_filter.type}
    , m_correlation{m_filter.correlationId}
    , m_attributes(log)
{
}

void RowMatcher::match(LogRow from, LogRow to, std::vector<std::uint32_t>& rows)
{
    // A text that the log does not have is in none of these rows, but may come with later ones.
    if (!resolve(m_source) || !resolve(m_stream) || !resolve(m_type) || !resolve(m_correlation)) {
        return;
    }
    for (LogRow row = from; row < to; ++row) {
        if (columnsMatch(row) && timeMatches(row) && expressionMatches(row)) {
            rows.push_back(static_cast<std::uint32_t>(row));
        }
    }
}

bool RowMatcher::resolve(Wanted& wanted)
{
    if (wanted.text && !wanted.known) {
        wanted.known = m_log.findText(*wanted.text, wanted.id);
    }
    return !wanted.text || wanted.known;
}

bool RowMatcher::columnsMatch(LogRow row) const
{
    return (!m_stream.text || m_log.streamAt(row) == m_stream.id) && (!m_type.text || m_log.typeAt(row) == m_type.id)
        && (!m_source.text || m_log.sourceAt(row) == m_source.id)
        && (!m_correlation.text || m_log.correlationAt(row) == m_correlation.id);
}

bool RowMatcher::timeMatches(LogRow row) const
{
    if (!m_filter.from && !m_filter.to) {
        return true;
    }
    const Timestamp time = m_log.timeAt(row);
    if ((m_filter.from && time < *m_filter.from) || (m_filter.to && time > *m_filter.to)) {
        return false;
    }
    // The epoch stands for no time; only then the row must tell.
    return time != Timestamp{} || m_log.at(row).hasTime;
}

bool RowMatcher::expressionMatches(LogRow row)
{
    if (!m_filter.expression) {
        return true;
    }
    m_attributes.setRow(row);
    const FilterMatch match = m_filter.expression->match(m_attributes);
    if (match == FilterMatch::Error) {
        if (m_errors++ == 0) {
            m_firstError = m_filter.expression->explain(m_filter.expression->evaluate(m_attributes));
        }
    }
    return match == FilterMatch::Yes;
}

} // namespace eventscope::core
