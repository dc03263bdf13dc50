// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/filter/byte_search.h"
#include "inspect/filter/event_attributes.h"
#include "inspect/filter/log_predicate.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace eventscope::core {

class FilterRegex;
struct LogChunk;

/// A text anywhere in the row, as EventAttributes::containsText finds it.
class SearchPredicate final : public LogPredicate {
public:
    SearchPredicate(std::string text, const EventLog& log);

    FilterMatch test(LogRow row) override;
    void decide(LogRow from, RowMask& rows, RowMask& errors) override;

private:
    static constexpr int kCost = 100;

    void learnTexts();
    bool hasText(TextId id) const { return id < m_texts.size() && m_texts[id]; }
    void takeColumns(LogRow from, RowMask& left, RowMask& found) const;
    bool mayLieElsewhere(const LogChunk& chunk) const;
    void scanRecords(LogRow from, RowMask& left, RowMask& found);

    const EventLog& m_log;
    const ByteSearch m_search;
    const bool m_mayBeInUuid;
    LogRowAttributes m_row;
    std::vector<bool> m_texts; ///< by interned text: whether it contains the one looked for
    bool m_anyText = false;
    std::uint32_t m_learntTexts = 1, m_learntSets = 0;
    std::size_t m_learntNames = 0;
    bool m_inHeaderName = false, m_inHeaderSet = false;
};

/// "data CONTAINS 'text'" and "data MATCHES 'regex'": of the payload as a whole.
class PayloadTextPredicate final : public LogPredicate {
public:
    /// `exact` decides about payloads that are no object, array or plain text.
    PayloadTextPredicate(std::string text, bool negated, LogPredicatePtr exact, const EventLog& log);
    PayloadTextPredicate(
        std::shared_ptr<const FilterRegex> regex, bool negated, LogPredicatePtr exact, const EventLog& log);

    FilterMatch test(LogRow row) override { return m_exact->test(row); }
    void decide(LogRow from, RowMask& rows, RowMask& errors) override;

private:
    static constexpr int kCost = 100;

    bool matches(std::string_view payload) const;

    const EventLog& m_log;
    const std::shared_ptr<const FilterRegex> m_regex;
    const ByteSearch m_search; ///< the text, or what the regex cannot match without
    const bool m_isPrefix;
    const bool m_negated;
    LogPredicatePtr m_exact;
};

} // namespace eventscope::core
