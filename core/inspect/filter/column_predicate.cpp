// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/filter/column_predicate.h"

#include "inspect/filter/column_scan.h"
#include "inspect/filter/filter_evaluator.h"
#include "inspect/filter/filter_traits.h"
#include "inspect/log_storage.h"

#include <algorithm>
#include <optional>
#include <string_view>

namespace eventscope::core {

namespace {

constexpr std::uint8_t kUnknown = 0xff;
constexpr auto kYes = static_cast<std::uint8_t>(FilterMatch::Yes);
constexpr auto kError = static_cast<std::uint8_t>(FilterMatch::Error);

/// An event of which only one of the interned texts is known.
class TextAttributes final : public EventAttributes {
public:
    TextAttributes(KnownAttribute attribute, std::string_view text) : m_attribute(attribute), m_text(text) { }

private:
    std::string_view textOf(KnownAttribute attribute) const override
    {
        return attribute == m_attribute ? m_text : std::string_view();
    }
    std::int64_t numberOf(KnownAttribute) const override { return SourceEvent::kNone; }
    std::optional<Timestamp> time() const override { return std::nullopt; }
    std::string_view payload() const override { return {}; }
    bool payloadIsNull() const override { return true; }
    PayloadReader& payloadReader() const override { return m_reader; }
    void visitHeaders(const HeaderVisitor&) const override { }

    KnownAttribute m_attribute;
    std::string_view m_text;
    mutable PayloadReader m_reader;
};

} // namespace

KnownAttribute attributeOf(TextColumn column)
{
    switch (column) {
    case TextColumn::Source: return KnownAttribute::Source;
    case TextColumn::Type: return KnownAttribute::Type;
    case TextColumn::Stream: return KnownAttribute::Subject;
    case TextColumn::Correlation: break;
    }
    return KnownAttribute::CorrelationId;
}

FilterMatch decideText(const FilterNode& node, FilterPlace place, KnownAttribute attribute, std::string_view text)
{
    return matchOf(evaluateNode(node, TextAttributes(attribute, text)), place);
}

ColumnPredicate::ColumnPredicate(const FilterNode& node, FilterPlace place, TextColumn column, const EventLog& log)
    : LogPredicate(kCost, !cannotFailAsCondition(node)), m_node(node), m_place(place), m_column(column), m_log(log)
{
}

FilterMatch ColumnPredicate::ofText(TextId text)
{
    if (text >= m_known.size())
        m_known.resize(std::max<std::size_t>(text + std::size_t{1}, 2 * m_known.size()), kUnknown);
    if (m_known[text] == kUnknown)
        m_known[text] = static_cast<std::uint8_t>(decideText(m_node, m_place, attributeOf(m_column), m_log.text(text)));
    return static_cast<FilterMatch>(m_known[text]);
}

FilterMatch ColumnPredicate::test(LogRow row)
{
    switch (m_column) {
    case TextColumn::Source: return ofText(m_log.sourceAt(row));
    case TextColumn::Type: return ofText(m_log.typeAt(row));
    case TextColumn::Stream: return ofText(m_log.streamAt(row));
    case TextColumn::Correlation: break;
    }
    return ofText(m_log.correlationAt(row));
}

template <class Number, class Decision>
void ColumnPredicate::keepDecided(const Number* column, const Decision& decision, RowMask& rows, RowMask& errors) const
{
    if (canFail()) {
        RowMask failed = rows;
        keepIf(
            column, [&](Number number) { return decision(number) == kError; }, failed);
        errors |= failed;
    }
    keepIf(
        column, [&](Number number) { return decision(number) == kYes; }, rows);
}

template <class Narrow, class Names>
void ColumnPredicate::decideNarrow(const Narrow* column, const Names& names, std::vector<std::uint8_t>& places,
    LogRow from, RowMask& rows, RowMask& errors)
{
    const std::size_t count = names.count();
    if (count == Names::kElsewhere) {
        decideEach(*this, from, rows, errors); // some rows' texts have no place
        return;
    }
    for (std::size_t place = places.size(); place < count; ++place)
        places.push_back(static_cast<std::uint8_t>(ofText(names.at(static_cast<Narrow>(place)))));
    const auto yes = std::count(places.begin(), places.end(), kYes);
    const bool fails = std::find(places.begin(), places.end(), kError) != places.end();
    if (fails || yes > 1)
        keepDecided(
            column, [&](Narrow place) { return places[place]; }, rows, errors);
    else if (yes == 0)
        rows.clear();
    else
        keepEqual(column, static_cast<Narrow>(std::find(places.begin(), places.end(), kYes) - places.begin()), rows);
}

void ColumnPredicate::decide(LogRow from, RowMask& rows, RowMask& errors)
{
    const LogStorage& storage = m_log.storage();
    const LogChunk& chunk = storage.chunkOf(from);
    const auto base = static_cast<std::size_t>(from % LogChunk::kRows);
    const auto ofNumber = [this](TextId text) { return static_cast<std::uint8_t>(ofText(text)); };
    switch (m_column) {
    case TextColumn::Source:
        decideNarrow(chunk.source.data() + base, storage.sources, m_places, from, rows, errors);
        break;
    case TextColumn::Type: decideNarrow(chunk.type.data() + base, storage.types, m_places, from, rows, errors); break;
    case TextColumn::Stream: keepDecided(chunk.stream.data() + base, ofNumber, rows, errors); break;
    case TextColumn::Correlation: keepDecided(chunk.correlation.data() + base, ofNumber, rows, errors); break;
    }
}

} // namespace eventscope::core
