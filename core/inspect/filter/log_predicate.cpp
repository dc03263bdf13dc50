// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/filter/log_predicate.h"

#include "event/timestamp.h"
#include "inspect/event_marks.h"
#include "inspect/filter/column_predicate.h"
#include "inspect/filter/filter_evaluator.h"
#include "inspect/filter/filter_traits.h"
#include "inspect/filter/text_predicates.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <numeric>
#include <optional>
#include <utility>

namespace eventscope::core {

FilterMatch matchOf(bool value)
{
    return value ? FilterMatch::Yes : FilterMatch::No;
}

FilterMatch matchOf(Evaluated result, FilterPlace place)
{
    if (!result || (place == FilterPlace::Whole && !result.value.isBoolean()))
        return FilterMatch::Error;
    const Evaluated condition = castTo(std::move(result.value), FilterType::Boolean);
    return condition ? matchOf(condition.value.asBoolean()) : FilterMatch::Error;
}

namespace {

using Place = FilterPlace;

class ConstantPredicate final : public LogPredicate {
public:
    explicit ConstantPredicate(FilterMatch match) : LogPredicate(0, match == FilterMatch::Error), m_match(match) { }
    FilterMatch test(LogRow) override { return m_match; }

private:
    FilterMatch m_match;
};

/// Whatever has no quicker way: evaluated over the row.
class RowPredicate final : public LogPredicate {
public:
    RowPredicate(const FilterNode& node, Place place, const EventLog& log)
        : LogPredicate((traitsOf(node).uses & FilterTraits::kPayload) != 0 ? kPayloadCost : kRowCost,
            place == Place::Whole || !cannotFailAsCondition(node))
        , m_node(node)
        , m_place(place)
        , m_row(log)
    {
    }

    FilterMatch test(LogRow row) override
    {
        m_row.setRow(row);
        return matchOf(evaluateNode(m_node, m_row), m_place);
    }
    void decide(LogRow from, RowMask& rows, RowMask& errors) override { decideEach(*this, from, rows, errors); }

private:
    static constexpr int kRowCost = 150;
    static constexpr int kPayloadCost = 800;

    const FilterNode& m_node;
    Place m_place;
    LogRowAttributes m_row;
};

/// "time < '2026-11-23T09:00:00Z'" and the like.
class TimePredicate final : public LogPredicate {
public:
    TimePredicate(CompareOperator op, Timestamp limit, LogPredicatePtr otherwise, const EventLog& log)
        : LogPredicate(kCost, true), m_op(op), m_limit(limit), m_otherwise(std::move(otherwise)), m_log(log)
    {
    }

    FilterMatch test(LogRow row) override
    {
        const Timestamp time = m_log.timeAt(row);
        // The epoch may be an unknown time, and years of other lengths have no text to compare.
        if (time == Timestamp() || time < kFirst || time >= kEnd)
            return m_otherwise->test(row);
        switch (m_op) {
        case CompareOperator::Less: return matchOf(time < m_limit);
        case CompareOperator::LessOrEqual: return matchOf(time <= m_limit);
        case CompareOperator::Greater: return matchOf(time > m_limit);
        default: return matchOf(time >= m_limit);
        }
    }

    void decide(LogRow from, RowMask& rows, RowMask& errors) override { decideEach(*this, from, rows, errors); }

    static bool fits(CompareOperator op) { return op != CompareOperator::Equal && op != CompareOperator::NotEqual; }

private:
    static constexpr int kCost = 6;
    static constexpr Timestamp kFirst{std::chrono::sys_days(std::chrono::year{1} / 1 / 1)};
    static constexpr Timestamp kEnd{std::chrono::sys_days(std::chrono::year{10000} / 1 / 1)};

    CompareOperator m_op;
    Timestamp m_limit;
    LogPredicatePtr m_otherwise;
    const EventLog& m_log;
};

/// "marked" alone: few rows are.
class MarkedPredicate final : public LogPredicate {
public:
    explicit MarkedPredicate(const EventLog& log) : LogPredicate(kCost, false), m_log(log) { }

    FilterMatch test(LogRow row) override { return matchOf(m_log.marks().has(row)); }

    void decide(LogRow from, RowMask& rows, RowMask&) override
    {
        RowMask marked(rows.rows());
        for (const EventMarks::Mark& mark : m_log.marks().between(from, from + rows.rows())) {
            if (rows.has(mark.row - from))
                marked.add(mark.row - from);
        }
        rows = marked;
    }

private:
    static constexpr int kCost = 1;

    const EventLog& m_log;
};

class NotPredicate final : public LogPredicate {
public:
    explicit NotPredicate(LogPredicatePtr operand)
        : LogPredicate(operand->cost(), operand->canFail()), m_operand(std::move(operand))
    {
    }

    FilterMatch test(LogRow row) override
    {
        const FilterMatch match = m_operand->test(row);
        return match == FilterMatch::Error ? match : matchOf(match == FilterMatch::No);
    }

    void decide(LogRow from, RowMask& rows, RowMask& errors) override
    {
        RowMask yes = rows;
        RowMask failed(rows.rows());
        m_operand->decide(from, yes, failed);
        rows.without(yes).without(failed);
        errors |= failed;
    }

private:
    LogPredicatePtr m_operand;
};

using LogPredicates = std::vector<LogPredicatePtr>;

int costOf(const LogPredicates& operands)
{
    return std::accumulate(operands.begin(), operands.end(), 0,
        [](int sum, const LogPredicatePtr& operand) { return std::min(sum + operand->cost(), 1'000'000); });
}

bool anyFails(const LogPredicates& operands)
{
    return std::any_of(operands.begin(), operands.end(), [](const auto& operand) { return operand->canFail(); });
}

/// The cheapest first, but nothing past what can fail: an error must stay one, and none may come up
/// that was left out before.
LogPredicates cheapestFirst(LogPredicates operands)
{
    for (auto begin = operands.begin(); begin != operands.end();) {
        const auto end = std::find_if(begin, operands.end(), [](const auto& operand) { return operand->canFail(); });
        std::stable_sort(begin, end, [](const auto& a, const auto& b) { return a->cost() < b->cost(); });
        begin = end == operands.end() ? end : std::next(end);
    }
    return operands;
}

/// AND and OR: the first operand that is `deciding` (or an error) is the result.
class ChainPredicate final : public LogPredicate {
public:
    ChainPredicate(FilterMatch deciding, LogPredicates operands)
        : LogPredicate(costOf(operands), anyFails(operands))
        , m_deciding(deciding)
        , m_operands(cheapestFirst(std::move(operands)))
    {
    }

    FilterMatch test(LogRow row) override
    {
        for (const LogPredicatePtr& operand : m_operands) {
            const FilterMatch match = operand->test(row);
            if (match == m_deciding || match == FilterMatch::Error)
                return match;
        }
        return matchOf(m_deciding == FilterMatch::No);
    }

    void decide(LogRow from, RowMask& rows, RowMask& errors) override
    {
        RowMask yes(rows.rows());
        RowMask left = rows;
        for (const LogPredicatePtr& operand : m_operands) {
            RowMask these = left;
            RowMask failed(rows.rows());
            operand->decide(from, these, failed);
            errors |= failed;
            if (m_deciding == FilterMatch::No) {
                left = these;
            } else {
                yes |= these;
                left.without(these).without(failed);
            }
            if (left.isEmpty())
                break;
        }
        rows = m_deciding == FilterMatch::No ? left : yes;
    }

private:
    FilterMatch m_deciding;
    LogPredicates m_operands;
};

class XorPredicate final : public LogPredicate {
public:
    explicit XorPredicate(LogPredicates operands)
        : LogPredicate(costOf(operands), anyFails(operands)), m_operands(std::move(operands))
    {
    }

    FilterMatch test(LogRow row) override
    {
        bool odd = false;
        for (const LogPredicatePtr& operand : m_operands) {
            const FilterMatch match = operand->test(row);
            if (match == FilterMatch::Error)
                return match;
            odd = odd != (match == FilterMatch::Yes);
        }
        return matchOf(odd);
    }

    void decide(LogRow from, RowMask& rows, RowMask& errors) override
    {
        RowMask odd(rows.rows());
        RowMask left = rows;
        for (const LogPredicatePtr& operand : m_operands) {
            RowMask these = left;
            RowMask failed(rows.rows());
            operand->decide(from, these, failed);
            errors |= failed;
            left.without(failed);
            odd ^= these;
        }
        rows.without(rows);
        left.forEach([&](std::size_t row) {
            if (odd.has(row))
                rows.add(row);
        });
    }

private:
    LogPredicates m_operands;
};

class Maker {
public:
    explicit Maker(const EventLog& log) : m_log(log) { }

    LogPredicatePtr make(const FilterNode& node, Place place) const
    {
        const FilterTraits traits = traitsOf(node);
        if (traits.dependsOnOneTextAtMost())
            return ofText(node, place, traits.uses);
        if (const auto* logic = std::get_if<LogicNode>(&node.form))
            return ofLogic(*logic);
        if (const auto* negation = std::get_if<NotNode>(&node.form))
            return std::make_unique<NotPredicate>(make(*negation->operand, Place::Operand));
        if (const auto* comparison = std::get_if<CompareNode>(&node.form)) {
            if (auto time = ofTime(*comparison, node, place))
                return time;
        }
        if (const auto* attribute = std::get_if<AttributeNode>(&node.form);
            attribute != nullptr && attribute->name.known == KnownAttribute::Marked)
            return std::make_unique<MarkedPredicate>(m_log);
        if (auto text = ofPayloadText(node, place))
            return text;
        return std::make_unique<RowPredicate>(node, place, m_log);
    }

private:
    LogPredicatePtr ofText(const FilterNode& node, Place place, unsigned uses) const
    {
        switch (uses) {
        case FilterTraits::kSource: return ofColumn(node, place, TextColumn::Source);
        case FilterTraits::kType: return ofColumn(node, place, TextColumn::Type);
        case FilterTraits::kStream: return ofColumn(node, place, TextColumn::Stream);
        case FilterTraits::kCorrelation: return ofColumn(node, place, TextColumn::Correlation);
        default: return std::make_unique<ConstantPredicate>(decideText(node, place, KnownAttribute::Other, {}));
        }
    }

    LogPredicatePtr ofColumn(const FilterNode& node, Place place, TextColumn column) const
    {
        return std::make_unique<ColumnPredicate>(node, place, column, m_log);
    }

    static bool isWholePayload(const FilterNode& node)
    {
        const auto* path = std::get_if<PathNode>(&node.form);
        return path != nullptr && path->path.root == PathRoot::Data && path->path.steps.empty();
    }

    LogPredicatePtr ofPayloadText(const FilterNode& node, Place place) const
    {
        const auto exact = [&] { return std::make_unique<RowPredicate>(node, place, m_log); };
        const auto* contains = std::get_if<ContainsNode>(&node.form);
        if (contains != nullptr && !contains->text.empty() && isWholePayload(*contains->operand))
            return std::make_unique<PayloadTextPredicate>(contains->text, contains->negated, exact(), m_log);
        const auto* regex = std::get_if<MatchesNode>(&node.form);
        if (regex != nullptr && isWholePayload(*regex->operand))
            return std::make_unique<PayloadRegexPredicate>(regex->compiled, regex->negated, exact(), m_log);
        return nullptr;
    }

    LogPredicatePtr ofLogic(const LogicNode& node) const
    {
        LogPredicates operands;
        for (const FilterNodePtr& operand : node.operands)
            operands.push_back(make(*operand, Place::Operand));
        if (node.op == LogicOperator::Xor)
            return std::make_unique<XorPredicate>(std::move(operands));
        return std::make_unique<ChainPredicate>(
            node.op == LogicOperator::And ? FilterMatch::No : FilterMatch::Yes, std::move(operands));
    }

    static bool isTime(const FilterNode& node)
    {
        const auto* attribute = std::get_if<AttributeNode>(&node.form);
        return attribute != nullptr && attribute->name.known == KnownAttribute::Time;
    }

    static std::optional<Timestamp> timeLiteral(const FilterNode& node)
    {
        const auto* literal = std::get_if<LiteralNode>(&node.form);
        if (literal == nullptr || literal->value.type() != FilterType::String)
            return std::nullopt;
        const auto time = parseTimestamp(literal->value.asText());
        return time ? std::optional(*time) : std::nullopt;
    }

    static CompareOperator mirrored(CompareOperator op)
    {
        switch (op) {
        case CompareOperator::Less: return CompareOperator::Greater;
        case CompareOperator::LessOrEqual: return CompareOperator::GreaterOrEqual;
        case CompareOperator::Greater: return CompareOperator::Less;
        case CompareOperator::GreaterOrEqual: return CompareOperator::LessOrEqual;
        default: return op;
        }
    }

    LogPredicatePtr ofTime(const CompareNode& comparison, const FilterNode& node, Place place) const
    {
        if (!TimePredicate::fits(comparison.op))
            return nullptr;
        const bool onTheLeft = isTime(*comparison.left);
        if (!onTheLeft && !isTime(*comparison.right))
            return nullptr;
        const auto limit = timeLiteral(onTheLeft ? *comparison.right : *comparison.left);
        if (!limit)
            return nullptr;
        return std::make_unique<TimePredicate>(onTheLeft ? comparison.op : mirrored(comparison.op), *limit,
            std::make_unique<RowPredicate>(node, place, m_log), m_log);
    }

    const EventLog& m_log;
};

} // namespace

LogPredicatePtr makeLogPredicate(const FilterExpression& expression, const EventLog& log)
{
    if (const std::string* text = expression.searchedText())
        return std::make_unique<SearchPredicate>(*text, log);
    return Maker(log).make(expression.root(), Place::Whole);
}

} // namespace eventscope::core
