// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/filter/filter_names.h"
#include "inspect/filter/log_predicate.h"

#include <cstdint>
#include <vector>

namespace eventscope::core {

/// A column of interned texts.
enum class TextColumn : std::uint8_t { Source, Type, Stream, Correlation };
KnownAttribute attributeOf(TextColumn column);

/// What an expression gives for an event of which only that text is known.
FilterMatch decideText(const FilterNode& node, FilterPlace place, KnownAttribute attribute, std::string_view text);

/// A condition on one interned column: decided once for each of its texts.
class ColumnPredicate final : public LogPredicate {
public:
    ColumnPredicate(const FilterNode& node, FilterPlace place, TextColumn column, const EventLog& log);

    FilterMatch test(LogRow row) override;
    void decide(LogRow from, RowMask& rows, RowMask& errors) override;

private:
    static constexpr int kCost = 5;

    FilterMatch ofText(TextId text);
    template <class Narrow, class Names>
    void decideNarrow(const Narrow* column, const Names& names, std::vector<std::uint8_t>& places, LogRow from,
        RowMask& rows, RowMask& errors);
    template <class Number, class Decision>
    void keepDecided(const Number* column, const Decision& decision, RowMask& rows, RowMask& errors) const;

    const FilterNode& m_node;
    const FilterPlace m_place;
    const TextColumn m_column;
    const EventLog& m_log;
    std::vector<std::uint8_t> m_known;  ///< by text: FilterMatch, or kUnknown
    std::vector<std::uint8_t> m_places; ///< by place in a narrow column: FilterMatch
};

} // namespace eventscope::core
