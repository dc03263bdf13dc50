// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/filter/byte_search.h"
#include "inspect/filter/event_attributes.h"
#include "inspect/filter/log_predicate.h"
#include "inspect/filter/sequence_search.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace eventscope::core {

class FilterRegex;
struct LogChunk;
struct RegexSequence;

/// A text anywhere in the row, as EventAttributes::containsText finds it.
class SearchPredicate final : public LogPredicate {
public:
    SearchPredicate(std::string text, const EventLog& log);

    FilterMatch test(LogRow row) override;
    void decide(LogRow from, RowMask& rows, RowMask& errors) override;

private:
    static constexpr int kCost = 100;

    std::uint32_t textsOf(LogRow from, std::size_t rows) const;
    void learnTexts(std::uint32_t texts); ///< those before this one
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
class PayloadPredicate : public LogPredicate {
public:
    FilterMatch test(LogRow row) override { return m_exact->test(row); }
    void decide(LogRow from, RowMask& rows, RowMask& errors) override;

protected:
    /// `exact` decides about payloads that are no object, array or plain text.
    PayloadPredicate(bool negated, LogPredicatePtr exact, const EventLog& log);

    virtual bool matches(std::string_view payload) const = 0;
    /// Adds those of the rows that match, whose payloads count as the bytes that they are.
    virtual void find(LogRow from, const RowMask& rows, RowMask& found) = 0;
    template <class Scan>
    void findOutside(const Scan& scan, LogRow from, const RowMask& rows, RowMask& found) const;

    const EventLog& m_log;

private:
    static constexpr int kCost = 100;

    const bool m_negated;
    LogPredicatePtr m_exact;
};

class PayloadTextPredicate final : public PayloadPredicate {
public:
    PayloadTextPredicate(std::string text, bool negated, LogPredicatePtr exact, const EventLog& log);

private:
    bool matches(std::string_view payload) const override { return m_search.foundIn(payload); }
    void find(LogRow from, const RowMask& rows, RowMask& found) override;

    const ByteSearch m_search;
};

class PayloadRegexPredicate final : public PayloadPredicate {
public:
    PayloadRegexPredicate(
        std::shared_ptr<const FilterRegex> regex, bool negated, LogPredicatePtr exact, const EventLog& log);

private:
    bool matches(std::string_view payload) const override;
    void find(LogRow from, const RowMask& rows, RowMask& found) override;
    void chooseSequence(LogRow from, std::size_t rows);
    bool matchesAt(std::string_view payload, const char* hit) const;

    const std::shared_ptr<const FilterRegex> m_regex;
    const RegexSequence* m_sequence = nullptr; ///< the regex cannot match without it; null: there is none
    std::optional<SequenceSearch> m_search;    ///< for the sequence
};

} // namespace eventscope::core
