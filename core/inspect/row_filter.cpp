// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/row_filter.h"

#include "inspect/filter/column_scan.h"
#include "inspect/filter/event_attributes.h"
#include "inspect/log_storage.h"
#include "inspect/log_windows.h"

#include <limits>

namespace eventscope::core {

void RowMatches::clear()
{
    rows.clear();
    errors = 0;
    firstError.reset();
}

void RowMatches::add(LogRow from, const RowMask& mask)
{
    const std::size_t before = rows.size();
    rows.resize(before + mask.count());
    std::uint32_t* out = rows.data() + before;
    mask.forEach([&](std::size_t row) { *out++ = static_cast<std::uint32_t>(from + row); });
}

RowMatcher::RowMatcher(const EventLog& log, const RowFilter& filter)
    : m_log(log)
    , m_filter(filter)
    , m_predicate(m_filter.expression ? makeLogPredicate(*m_filter.expression, log) : nullptr)
    , m_stream{m_filter.stream}
    , m_type{m_filter.type}
    , m_correlation{m_filter.correlationId}
{
}

void RowMatcher::match(LogRow from, LogRow to, RowMatches& matches)
{
    forEachWindow(m_log, from, to, [&](LogRow begin, RowMask& rows) {
        // A text that the log does not have is in none of these rows, but may come with later ones.
        if (!resolve(m_stream) || !resolve(m_type) || !resolve(m_correlation))
            return true;
        keepTexts(begin, rows);
        keepTimes(begin, rows);
        RowMask errors(rows.rows());
        if (m_predicate && !rows.isEmpty())
            m_predicate->decide(begin, rows, errors);
        matches.add(begin, rows);
        errors.forEach([&](std::size_t row) {
            ++matches.errors;
            matches.firstError = matches.firstError.value_or(begin + row);
        });
        return true;
    });
}

bool RowMatcher::resolve(Wanted& wanted)
{
    if (wanted.text && !wanted.known)
        wanted.known = m_log.findText(*wanted.text, wanted.id);
    return !wanted.text || wanted.known;
}

template <class Names, class Column>
void RowMatcher::keepNarrow(Wanted& wanted, const Names& names, const Column& column, LogRow from, RowMask& rows) const
{
    using Narrow = typename Column::value_type;
    if (!wanted.text)
        return;
    const std::size_t count = names.count();
    if (count == Names::kElsewhere) {
        rows.forEach([&](std::size_t row) {
            if (m_log.typeAt(from + row) != wanted.id)
                rows.remove(row);
        });
        return;
    }
    while (wanted.lookedAt < count && names.at(static_cast<Narrow>(wanted.lookedAt)) != wanted.id)
        ++wanted.lookedAt;
    if (wanted.lookedAt == count)
        rows.clear();
    else
        keepEqual(column.data() + from % LogChunk::kRows, static_cast<Narrow>(wanted.lookedAt), rows);
}

/// A connection's rows are those of its topics as well: "kafka@host" and "kafka@host/orders".
bool RowMatcher::isOfSource(TextId id) const
{
    const std::string_view name = m_log.text(id);
    const std::string_view wanted = *m_filter.source;
    return name.starts_with(wanted) && (name.size() == wanted.size() || name[wanted.size()] == '/');
}

void RowMatcher::keepSource(LogRow from, RowMask& rows)
{
    if (!m_filter.source)
        return;
    const LogStorage& storage = m_log.storage();
    const std::size_t count = storage.sources.count();
    if (count == storage.sources.kElsewhere) {
        rows.forEach([&](std::size_t row) {
            if (!isOfSource(m_log.sourceAt(from + row)))
                rows.remove(row);
        });
        return;
    }
    for (std::size_t place = m_sources.size(); place < count; ++place)
        m_sources.push_back(isOfSource(storage.sources.at(static_cast<std::uint8_t>(place))));
    const auto wanted = std::ranges::count(m_sources, true);
    const std::uint8_t* column = storage.chunkOf(from).source.data() + from % LogChunk::kRows;
    if (wanted == 0) {
        rows.clear();
    } else if (wanted == 1) {
        keepEqual(column, static_cast<std::uint8_t>(std::ranges::find(m_sources, true) - m_sources.begin()), rows);
    } else {
        rows.forEach([&](std::size_t row) {
            if (!m_sources[column[row]])
                rows.remove(row);
        });
    }
}

void RowMatcher::keepTexts(LogRow from, RowMask& rows)
{
    const LogStorage& storage = m_log.storage();
    const LogChunk& chunk = storage.chunkOf(from);
    const std::size_t base = from % LogChunk::kRows;
    keepSource(from, rows);
    keepNarrow(m_type, storage.types, chunk.type, from, rows);
    if (m_stream.text)
        keepEqual(chunk.stream.data() + base, m_stream.id, rows);
    if (m_correlation.text)
        keepEqual(chunk.correlation.data() + base, m_correlation.id, rows);
}

void RowMatcher::keepTimes(LogRow from, RowMask& rows) const
{
    if (!m_filter.from && !m_filter.to)
        return;
    const Timestamp first = m_filter.from.value_or(Timestamp::min());
    const Timestamp last = m_filter.to.value_or(Timestamp::max());
    rows.forEach([&](std::size_t row) {
        const Timestamp time = m_log.timeAt(from + row);
        // The epoch stands for no time; only then the row must tell.
        if (time < first || time > last || (time == Timestamp{} && !m_log.at(from + row).hasTime))
            rows.remove(row);
    });
}

std::string RowMatcher::explain(LogRow row) const
{
    LogRowAttributes attributes(m_log);
    attributes.setRow(row);
    return m_filter.expression->explain(m_filter.expression->evaluate(attributes));
}

} // namespace eventscope::core
