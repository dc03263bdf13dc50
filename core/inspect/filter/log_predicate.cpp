// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/filter/log_predicate.h"

#include "event/timestamp.h"
#include "inspect/filter/filter_evaluator.h"
#include "inspect/filter/filter_text.h"
#include "inspect/filter/filter_traits.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <numeric>
#include <optional>
#include <utility>

namespace eventscope::core {

namespace {

/// Where a condition stands: the whole filter must be true or false by itself, operands are cast.
enum class Place { Whole, Operand };

FilterMatch matchOf(bool value)
{
    return value ? FilterMatch::Yes : FilterMatch::No;
}

FilterMatch matchOf(Evaluated result, Place place)
{
    if (!result || (place == Place::Whole && !result.value.isBoolean()))
        return FilterMatch::Error;
    const Evaluated condition = castTo(std::move(result.value), FilterType::Boolean);
    return condition ? matchOf(condition.value.asBoolean()) : FilterMatch::Error;
}

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

class ConstantPredicate final : public LogPredicate {
public:
    explicit ConstantPredicate(FilterMatch match) : LogPredicate(0, match == FilterMatch::Error), m_match(match) { }
    FilterMatch test(LogRow) override { return m_match; }

private:
    FilterMatch m_match;
};

struct Column {
    unsigned use;
    KnownAttribute attribute;
    TextId (EventLog::*at)(LogRow) const;
};
constexpr std::array<Column, 4> kColumns{{
    {FilterTraits::kSource, KnownAttribute::Source, &EventLog::sourceAt},
    {FilterTraits::kType, KnownAttribute::Type, &EventLog::typeAt},
    {FilterTraits::kStream, KnownAttribute::Subject, &EventLog::streamAt},
    {FilterTraits::kCorrelation, KnownAttribute::CorrelationId, &EventLog::correlationAt},
}};

/// What has been decided of each interned text; they are numbered from 0 without gaps.
class Decisions {
public:
    template <class Decide>
    FilterMatch of(TextId text, Decide decide)
    {
        if (text >= m_known.size())
            m_known.resize(std::max<std::size_t>(text + std::size_t{1}, 2 * m_known.size()), kUnknown);
        std::uint8_t& known = m_known[text];
        if (known == kUnknown)
            known = static_cast<std::uint8_t>(decide());
        return static_cast<FilterMatch>(known);
    }

private:
    static constexpr std::uint8_t kUnknown = 0xff;
    std::vector<std::uint8_t> m_known;
};

class ColumnPredicate final : public LogPredicate {
public:
    ColumnPredicate(const FilterNode& node, Place place, const Column& column, const EventLog& log)
        : LogPredicate(kCost, !cannotFailAsCondition(node)), m_node(node), m_place(place), m_column(column), m_log(log)
    {
    }

    FilterMatch test(LogRow row) override
    {
        const TextId text = (m_log.*m_column.at)(row);
        return m_decisions.of(text, [this, text] {
            return matchOf(evaluateNode(m_node, TextAttributes(m_column.attribute, m_log.text(text))), m_place);
        });
    }

private:
    static constexpr int kCost = 5;

    const FilterNode& m_node;
    Place m_place;
    const Column& m_column;
    const EventLog& m_log;
    Decisions m_decisions;
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

/// A text anywhere in the row, as EventAttributes::containsText finds it.
class SearchPredicate final : public LogPredicate {
public:
    SearchPredicate(std::string text, const EventLog& log)
        : LogPredicate(kCost, false), m_text(std::move(text)), m_log(log), m_row(log)
    {
    }

    FilterMatch test(LogRow row) override
    {
        for (const Column& column : kColumns) {
            const TextId id = (m_log.*column.at)(row);
            if (m_decisions.of(id, [&] { return matchOf(containsBytes(m_log.text(id), m_text)); }) == FilterMatch::Yes)
                return FilterMatch::Yes;
        }
        if (containsBytes(m_log.payloadAt(row), m_text))
            return FilterMatch::Yes;
        m_row.setRow(row);
        return matchOf(m_row.containsTextInRest(m_text));
    }

private:
    static constexpr int kCost = 100;

    std::string m_text;
    const EventLog& m_log;
    LogRowAttributes m_row;
    Decisions m_decisions; // the columns share their numbers
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
        return std::make_unique<RowPredicate>(node, place, m_log);
    }

private:
    LogPredicatePtr ofText(const FilterNode& node, Place place, unsigned uses) const
    {
        const auto* column
            = std::find_if(kColumns.begin(), kColumns.end(), [uses](const Column& c) { return c.use == uses; });
        if (column != kColumns.end())
            return std::make_unique<ColumnPredicate>(node, place, *column, m_log);
        return std::make_unique<ConstantPredicate>(
            matchOf(evaluateNode(node, TextAttributes(KnownAttribute::Other, {})), place));
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
