// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "filter_sql.h"

#include "event/ids.h"
#include "event/timestamp.h"
#include "event/utf8.h"
#include "event_form.h"
#include "inspect/filter/filter_node.h"
#include "inspect/filter/filter_printer.h"
#include "inspect/filter/like_pattern.h"
#include "pqxx_session.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>

#include <fmt/format.h>

namespace eventscope::postgres {

using core::CompareOperator;
using core::FilterNode;
using core::FilterType;
using core::FilterValue;
using core::KnownAttribute;

namespace {

/// What is asked of a translation: under NOT, a condition that lets through too much would lose rows.
enum class Need : std::uint8_t { AtLeast, Exactly };

struct Sql {
    std::string text;
    bool isExact = true;
};
using MaybeSql = std::optional<Sql>;

constexpr std::size_t kMostDigits = 100;
constexpr std::string_view kAsWritten = "asWritten", kBase64 = "$base64", kWholeMetadata = "metadata";

std::string_view symbolOf(CompareOperator op)
{
    switch (op) {
    case CompareOperator::Equal: return "=";
    case CompareOperator::NotEqual: return "<>";
    case CompareOperator::Less: return "<";
    case CompareOperator::LessOrEqual: return "<=";
    case CompareOperator::Greater: return ">";
    case CompareOperator::GreaterOrEqual: return ">=";
    }
    return "=";
}

CompareOperator turned(CompareOperator op)
{
    switch (op) {
    case CompareOperator::Less: return CompareOperator::Greater;
    case CompareOperator::LessOrEqual: return CompareOperator::GreaterOrEqual;
    case CompareOperator::Greater: return CompareOperator::Less;
    case CompareOperator::GreaterOrEqual: return CompareOperator::LessOrEqual;
    default: return op;
    }
}

bool isOrder(CompareOperator op)
{
    return op != CompareOperator::Equal && op != CompareOperator::NotEqual;
}

/// The server takes it as a text of ours.
bool canBeSent(std::string_view text)
{
    return text.find('\0') == std::string_view::npos && core::isUtf8(text);
}

/// JSON writes it between its quotes as it is, so that it is found in JSON text as well.
bool isPlainInJson(std::string_view text)
{
    return !text.empty() && canBeSent(text) && std::ranges::none_of(text, [](char c) {
        return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\';
    });
}

const FilterValue* literalOf(const FilterNode& node)
{
    const auto* literal = std::get_if<core::LiteralNode>(&node.form);
    return literal != nullptr ? &literal->value : nullptr;
}

std::optional<std::string_view> textLiteral(const FilterNode& node)
{
    const FilterValue* value = literalOf(node);
    if (value == nullptr || value->type() != FilterType::String || !canBeSent(value->asText()))
        return std::nullopt;
    return value->asText();
}

/// A number that PostgreSQL has as well, in plain digits.
std::optional<std::string> numberLiteral(const FilterNode& node)
{
    const FilterValue* value = literalOf(node);
    if (value == nullptr || (value->type() != FilterType::Integer && value->type() != FilterType::Number))
        return std::nullopt;
    std::string text
        = value->type() == FilterType::Integer ? std::to_string(value->asInteger()) : value->asNumber().toString();
    return text.size() <= kMostDigits ? std::optional(std::move(text)) : std::nullopt;
}

std::optional<std::string> integerLiteral(const FilterNode& node)
{
    const FilterValue* value = literalOf(node);
    if (value != nullptr && value->type() == FilterType::Integer)
        return std::to_string(value->asInteger());
    if (value == nullptr || value->type() != FilterType::Number)
        return std::nullopt;
    const auto whole = value->asNumber().toInteger();
    return whole ? std::optional(std::to_string(*whole)) : std::nullopt;
}

/// "%" and "_" mean the same; a backslash is an escape before these two only.
std::string likePattern(std::string_view pattern)
{
    std::string out;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        const char next = i + 1 < pattern.size() ? pattern[i + 1] : '\0';
        out += pattern[i];
        if (pattern[i] == '\\' && (next == '%' || next == '_'))
            out += pattern[++i];
        else if (pattern[i] == '\\')
            out += '\\';
    }
    return out;
}

class Translator {
public:
    Translator(const StoreLayout& layout, std::string_view source, bool hasUtf8)
        : m_layout(layout), m_source(source), m_hasUtf8(hasUtf8)
    {
    }

    MaybeSql condition(const FilterNode& node, Need need)
    {
        const std::size_t before = m_parameters.size();
        MaybeSql sql = std::visit([&](const auto& form) { return of(form, need); }, node.form);
        if (sql && need == Need::Exactly && !sql->isExact)
            sql.reset();
        if (!sql)
            m_parameters.resize(before); // a statement uses all that it is given
        return sql;
    }
    /// A quoted text alone: anywhere in the event.
    MaybeSql anywhere(std::string_view text)
    {
        const StoreLayout::Field& data = field(EventField::Data);
        const StoreLayout::Field& metadata = field(EventField::Metadata);
        const bool metadataIsRead = metadata.wire == WireType::Absent || metadata.wire == WireType::Jsonb;
        if (!isPlainInJson(text) || (data.wire != WireType::Jsonb && data.wire != WireType::Text) || !metadataIsRead
            || m_source.find(text) != std::string_view::npos || kWholeMetadata.find(text) != std::string_view::npos)
            return std::nullopt;
        const std::string needle = parameter(std::string(text));
        std::string sql;
        for (const EventField each : {EventField::Data, EventField::Type, EventField::Stream, EventField::Id,
                 EventField::Correlation, EventField::Causation, EventField::Metadata}) {
            if (m_layout.has(each))
                sql += fmt::format(
                    "{}strpos(({})::text, {}::text) > 0", sql.empty() ? "(" : " OR ", field(each).sql, needle);
        }
        if (m_layout.asWritten && m_layout.has(EventField::Metadata))
            sql += fmt::format(" OR strpos(({})::text, '{}') > 0", metadata.sql, kBase64);
        return Sql{sql + ')', false};
    }

    std::vector<PgParameter>& parameters() { return m_parameters; }

private:
    const StoreLayout::Field& field(EventField which) const { return m_layout.field(which); }

    std::string parameter(std::string value)
    {
        m_parameters.emplace_back(std::move(value));
        return fmt::format("${}", m_parameters.size());
    }

    template <class Form>
    MaybeSql of(const Form&, Need)
    {
        return std::nullopt;
    }
    MaybeSql of(const core::LiteralNode& n, Need)
    {
        return n.value.isBoolean() ? MaybeSql(Sql{n.value.asBoolean() ? "true" : "false"}) : std::nullopt;
    }
    MaybeSql of(const core::NotNode& n, Need)
    {
        MaybeSql operand = condition(*n.operand, Need::Exactly);
        return operand ? MaybeSql(Sql{fmt::format("NOT {}", operand->text)}) : std::nullopt;
    }

    MaybeSql of(const core::LogicNode& n, Need need)
    {
        const bool isXor = n.op == core::LogicOperator::Xor;
        const bool mayLeaveOut = n.op == core::LogicOperator::And && need == Need::AtLeast;
        Sql all;
        for (const core::FilterNodePtr& node : n.operands) {
            const MaybeSql one = condition(*node, isXor ? Need::Exactly : need);
            if (!one && !mayLeaveOut)
                return std::nullopt;
            all.isExact = all.isExact && one && one->isExact;
            if (!one)
                continue;
            if (all.text.empty())
                all.text = one->text;
            else if (isXor)
                all.text = fmt::format("({} <> {})", all.text, one->text);
            else
                all.text += fmt::format(" {} {}", n.op == core::LogicOperator::And ? "AND" : "OR", one->text);
        }
        if (all.text.empty())
            return std::nullopt;
        all.text = fmt::format("({})", all.text);
        return all;
    }

    /// A text that every event has exactly as the server shows it. A type or an id that is NULL is "" to a filter.
    std::optional<std::string> textOperand(const FilterNode& node, bool nullCounts)
    {
        const auto* attribute = std::get_if<core::AttributeNode>(&node.form);
        if (attribute == nullptr)
            return std::nullopt;
        const auto column = [&](EventField which, bool isRequired) -> std::optional<std::string> {
            const StoreLayout::Field& its = field(which);
            if (!its.isBytewise || (its.wire != WireType::Text && its.wire != WireType::Uuid))
                return std::nullopt;
            const std::string text = its.wire == WireType::Uuid ? fmt::format("({})::text", its.sql) : its.sql;
            return isRequired && nullCounts ? fmt::format("coalesce({}, '')", text) : text;
        };
        switch (attribute->name.known) {
        case KnownAttribute::Source: return parameter(std::string(m_source)) + "::text";
        case KnownAttribute::Type: return column(EventField::Type, true);
        case KnownAttribute::Subject: return column(EventField::Stream, false);
        case KnownAttribute::Id: return m_layout.asWritten ? std::nullopt : column(EventField::Id, true);
        default: return std::nullopt;
        }
    }

    std::optional<std::string> numberOperand(const FilterNode& node)
    {
        const auto* attribute = std::get_if<core::AttributeNode>(&node.form);
        if (attribute == nullptr)
            return std::nullopt;
        const EventField which = attribute->name.known == KnownAttribute::Version ? EventField::Version
            : attribute->name.known == KnownAttribute::Position                   ? EventField::Position
                                                                                  : EventField::Data;
        const StoreLayout::Field& its = field(which);
        return which != EventField::Data && its.wire == WireType::Integer ? std::optional(its.sql) : std::nullopt;
    }

    static bool isAttribute(const FilterNode& node, KnownAttribute known)
    {
        const auto* attribute = std::get_if<core::AttributeNode>(&node.form);
        return attribute != nullptr && attribute->name.known == known;
    }

    /// A value within the payload, as jsonb. Whatever a filter finds there, this finds as well.
    std::optional<std::string> jsonOperand(const FilterNode& node)
    {
        const auto* path = std::get_if<core::PathNode>(&node.form);
        const StoreLayout::Field& data = field(EventField::Data);
        if (path == nullptr || path->path.root != core::PathRoot::Data || path->path.steps.empty()
            || data.wire != WireType::Jsonb)
            return std::nullopt;
        std::vector<std::optional<std::string>> steps;
        for (const core::PathStep& step : path->path.steps) {
            if (!canBeSent(step.name))
                return std::nullopt;
            steps.emplace_back(step.isElement && step.index ? std::to_string(*step.index) : step.name);
        }
        return fmt::format("({} #> {}::text[])", data.sql, parameter(arrayLiteral(steps)));
    }
    static std::string textOf(const std::string& json) { return fmt::format("({} #>> '{{}}')", json); }

    /// About a payload: our own table may keep it otherwise than jsonb does, and then the metadata have it.
    MaybeSql aboutPayload(std::string sql, bool isExact) const
    {
        if (!m_layout.asWritten || !m_layout.has(EventField::Metadata))
            return Sql{fmt::format("({})", sql), isExact};
        const StoreLayout::Field& metadata = field(EventField::Metadata);
        return Sql{metadata.wire == WireType::Jsonb
                ? fmt::format("({} OR coalesce({} ? '{}', false))", sql, metadata.sql, kAsWritten)
                : fmt::format("({} OR coalesce(strpos(({})::text, '{}'), 0) > 0)", sql, metadata.sql, kAsWritten),
            false};
    }

    MaybeSql of(const core::CompareNode& n, Need need)
    {
        const std::size_t before = m_parameters.size();
        if (MaybeSql sql = compared(*n.left, n.op, *n.right, need))
            return sql;
        m_parameters.resize(before);
        // The right value's type is the one to compare as: what may have another stays on its side.
        const bool mayTurn = isOrder(n.op) || std::get_if<core::AttributeNode>(&n.right->form) != nullptr;
        return mayTurn ? compared(*n.right, turned(n.op), *n.left, need) : std::nullopt;
    }

    MaybeSql compared(const FilterNode& left, CompareOperator op, const FilterNode& right, Need need)
    {
        if (isAttribute(left, KnownAttribute::Time))
            return comparedTime(op, right);
        if (isAttribute(left, KnownAttribute::Id) && op == CompareOperator::Equal && need == Need::AtLeast) {
            if (MaybeSql sql = sameId(right))
                return sql;
        }
        if (isAttribute(left, KnownAttribute::CorrelationId) || isAttribute(left, KnownAttribute::CausationId))
            return op == CompareOperator::Equal && need == Need::AtLeast
                ? linked(
                    isAttribute(left, KnownAttribute::CorrelationId) ? EventField::Correlation : EventField::Causation,
                    right)
                : std::nullopt;
        if (const auto number = numberOperand(left)) {
            const auto literal = integerLiteral(right);
            return literal ? MaybeSql(Sql{fmt::format("({} {} {}::int8)", *number, symbolOf(op), parameter(*literal))})
                           : std::nullopt;
        }
        if (const auto text = textLiteral(right); text && !isOrder(op)) {
            const bool nullCounts = need == Need::Exactly || op == CompareOperator::NotEqual || text->empty();
            if (const auto column = textOperand(left, nullCounts))
                return Sql{fmt::format("({} {} {}::text)", *column, symbolOf(op), parameter(std::string(*text)))};
        }
        return comparedPayload(left, op, right);
    }

    MaybeSql comparedTime(CompareOperator op, const FilterNode& right)
    {
        const StoreLayout::Field& time = field(EventField::Time);
        const auto text = textLiteral(right);
        if (time.wire != WireType::Timestamp || !text)
            return std::nullopt;
        const auto at = core::parseTimestamp(*text);
        if (!at)
            return std::nullopt;
        const std::string exact = core::formatTimestamp(*at);
        // "=" compares texts, and the event's has exactly this form.
        if (!isOrder(op) && exact != *text)
            return std::nullopt;
        return Sql{fmt::format("({} {} {})", time.sql, symbolOf(op), parameter(exact))};
    }

    MaybeSql sameId(const FilterNode& right)
    {
        const StoreLayout::Field& id = field(EventField::Id);
        const auto text = textLiteral(right);
        if (!text || text->empty() || id.wire != WireType::Uuid)
            return std::nullopt;
        if (m_layout.asWritten) // the column has it, or what stands for it
            return Sql{fmt::format("({} = {}::uuid)", id.sql, parameter(uuidOf(*text))), false};
        const auto uuid = core::parseUuid(*text);
        if (!uuid || core::formatUuid(*uuid) != *text)
            return Sql{"false"}; // ids are shown in lower case
        return Sql{fmt::format("({} = {}::uuid)", id.sql, parameter(std::string(*text)))};
    }

    /// A correlation or causation id: a column has it, or some member of the metadata.
    MaybeSql linked(EventField which, const FilterNode& right)
    {
        const auto text = textLiteral(right);
        const StoreLayout::Field& metadata = field(EventField::Metadata);
        const bool metadataIsRead = metadata.wire == WireType::Absent || metadata.wire == WireType::Jsonb;
        if (!text || !isPlainInJson(*text) || !metadataIsRead)
            return std::nullopt;
        std::string sql;
        const std::string value = parameter(std::string(*text)) + "::text";
        if (m_layout.has(which))
            sql = fmt::format("({})::text = {}", field(which).sql, value);
        if (metadata.wire == WireType::Jsonb)
            sql += fmt::format("{}strpos(({})::text, {}) > 0", sql.empty() ? "" : " OR ", metadata.sql, value);
        if (sql.empty())
            return std::nullopt;
        return Sql{fmt::format("({})", sql), metadata.wire == WireType::Absent && field(which).isBytewise};
    }

    MaybeSql comparedPayload(const FilterNode& left, CompareOperator op, const FilterNode& right)
    {
        const auto json = jsonOperand(left);
        if (!json)
            return std::nullopt;
        if (const auto text = textLiteral(right); text && !isOrder(op))
            return aboutPayload(
                fmt::format("{} {} {}::text", textOf(*json), symbolOf(op), parameter(std::string(*text))), true);
        if (const auto number = numberLiteral(right))
            // Texts and truth values are cast to numbers, which SQL does otherwise.
            return aboutPayload(fmt::format("jsonb_typeof({0}) <> 'number' OR {0} {1} to_jsonb({2}::numeric)", *json,
                                    symbolOf(op), parameter(*number)),
                false);
        if (const FilterValue* value = literalOf(right); value != nullptr && value->isBoolean() && !isOrder(op))
            return aboutPayload(fmt::format("jsonb_typeof({0}) <> 'boolean' OR {0} {1} '{2}'::jsonb", *json,
                                    symbolOf(op), value->asBoolean()),
                false);
        return std::nullopt;
    }

    /// A condition on a text, of a column or of a value within the payload.
    template <class Condition>
    MaybeSql onText(const FilterNode& operand, bool negated, const Condition& condition)
    {
        const std::string_view no = negated ? "NOT " : "";
        if (const auto column = textOperand(operand, true))
            return Sql{fmt::format("({}{})", no, condition(*column))};
        if (const auto json = jsonOperand(operand))
            return aboutPayload(fmt::format("{}({})", no, condition(textOf(*json))), true);
        return std::nullopt;
    }
    MaybeSql of(const core::LikeNode& n, Need)
    {
        if (!m_hasUtf8 || !canBeSent(n.pattern))
            return std::nullopt;
        return onText(*n.operand, n.negated, [&](const std::string& text) {
            return fmt::format("{} LIKE {}::text", text, parameter(likePattern(n.pattern)));
        });
    }
    MaybeSql of(const core::ContainsNode& n, Need)
    {
        if (!canBeSent(n.text))
            return std::nullopt;
        return onText(*n.operand, n.negated,
            [&](const std::string& text) { return fmt::format("strpos({}, {}::text) > 0", text, parameter(n.text)); });
    }

    MaybeSql of(const core::InNode& n, Need)
    {
        std::vector<std::optional<std::string>> texts, numbers;
        for (const core::FilterNodePtr& element : n.set) {
            if (const auto text = textLiteral(*element))
                texts.emplace_back(std::string(*text));
            else if (auto number = integerLiteral(*element))
                numbers.emplace_back(std::move(number));
        }
        const std::string_view no = n.negated ? "NOT " : "";
        if (texts.size() == n.set.size()) {
            if (const auto column = textOperand(*n.operand, true))
                return Sql{fmt::format("({}{} = ANY({}::text[]))", no, *column, parameter(arrayLiteral(texts)))};
            // What is no text is compared as what it is.
            if (const auto json = n.negated ? std::nullopt : jsonOperand(*n.operand))
                return aboutPayload(fmt::format("jsonb_typeof({}) <> 'string' OR {} = ANY({}::text[])", *json,
                                        textOf(*json), parameter(arrayLiteral(texts))),
                    false);
        }
        if (numbers.size() == n.set.size()) {
            if (const auto number = numberOperand(*n.operand))
                return Sql{fmt::format("({}{} = ANY({}::int8[]))", no, *number, parameter(arrayLiteral(numbers)))};
        }
        return std::nullopt;
    }

    MaybeSql of(const core::ExistsNode& n, Need)
    {
        const auto* path = std::get_if<core::FilterPath>(&n.what);
        if (path == nullptr)
            return std::nullopt;
        FilterNode node;
        node.form = core::PathNode{*path};
        const auto json = jsonOperand(node);
        if (!json)
            return std::nullopt;
        return aboutPayload(fmt::format("jsonb_typeof({}) <> 'null'", *json), false);
    }

    const StoreLayout& m_layout;
    const std::string_view m_source;
    const bool m_hasUtf8;
    std::vector<PgParameter> m_parameters;
};

std::vector<const FilterNode*> partsOf(const FilterNode& root)
{
    std::vector<const FilterNode*> parts;
    const auto* logic = std::get_if<core::LogicNode>(&root.form);
    if (logic == nullptr || logic->op != core::LogicOperator::And)
        return {&root};
    for (const core::FilterNodePtr& operand : logic->operands)
        parts.push_back(operand.get());
    return parts;
}

void append(std::string& expression, const FilterNode& part, bool isAlone)
{
    const bool isLogic = std::get_if<core::LogicNode>(&part.form) != nullptr;
    expression += expression.empty() ? "" : " AND ";
    expression += isLogic && !isAlone ? fmt::format("({})", core::printFilter(part)) : core::printFilter(part);
}

} // namespace

FilterSql filterSqlOf(
    const core::FilterExpression& filter, const StoreLayout& layout, std::string_view source, bool hasUtf8)
{
    Translator translator(layout, source, hasUtf8);
    FilterSql result;
    const std::vector<const FilterNode*> parts = partsOf(filter.root());
    for (const FilterNode* part : parts) {
        const MaybeSql sql = filter.searchedText() != nullptr ? translator.anywhere(*filter.searchedText())
                                                              : translator.condition(*part, Need::AtLeast);
        if (sql) {
            result.condition += (result.condition.empty() ? "" : " AND ") + sql->text;
            append(result.pushed, *part, parts.size() == 1);
        }
        if (!sql || !sql->isExact)
            append(result.here, *part, parts.size() == 1);
    }
    result.parameters = std::move(translator.parameters());
    return result;
}

} // namespace eventscope::postgres
