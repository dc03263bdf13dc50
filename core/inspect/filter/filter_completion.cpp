// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/filter/filter_completion.h"

#include "inspect/filter/filter_function.h"
#include "inspect/filter/filter_lexer.h"
#include "inspect/filter/filter_names.h"
#include "inspect/filter/filter_printer.h"
#include "inspect/filter/filter_text.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace eventscope::core {

namespace {

using Kind = FilterTokenKind;

/// What can come next, by what stands before.
enum class Expected { Operand, Operator, Attribute, ListOperator, Text, Value };

struct Hint {
    std::string_view text;
    std::string_view description;
};

constexpr std::array<Hint, 14> kOperators{{
    {"=", "equal"},
    {"!=", "different"},
    {"<", "less, or earlier"},
    {"<=", "at most"},
    {">", "greater, or later"},
    {">=", "at least"},
    {"AND", "both"},
    {"OR", "one of them"},
    {"LIKE", "a pattern: % any text, _ any character"},
    {"NOT LIKE", "no such pattern"},
    {"IN", "one of a list"},
    {"CONTAINS", "has this text in it"},
    {"MATCHES", "a regular expression"},
    {"XOR", "one of them, not both"},
}};

constexpr std::array<Hint, 4> kListOperators{{{"LIKE", ""}, {"IN", ""}, {"CONTAINS", ""}, {"MATCHES", ""}}};

constexpr std::array<Hint, 4> kOperandWords{{
    {"NOT", "the opposite"},
    {"EXISTS", "whether the event has it"},
    {"TRUE", ""},
    {"FALSE", ""},
}};

bool isWordCharacter(char c)
{
    // Also what paths are made of, so that "data.ite" is replaced as one.
    return isPlainPathName(std::string_view(&c, 1)) || c == '.' || c == '[' || c == ']';
}

bool endsOperand(const FilterToken& token)
{
    switch (token.kind) {
    case Kind::Name:
    case Kind::Integer:
    case Kind::Decimal:
    case Kind::String:
    case Kind::Path: return true;
    case Kind::Keyword: return token.text == "TRUE" || token.text == "FALSE";
    case Kind::Symbol: return token.text == ")";
    case Kind::End: break;
    }
    return false;
}

bool isWord(const FilterToken& token, std::string_view word)
{
    return token.kind == Kind::Name && sameName(token.text, word);
}

bool isTextOperator(const FilterToken& token)
{
    return token.is(Kind::Keyword, "LIKE") || isWord(token, "MATCHES") || isWord(token, "CONTAINS");
}

bool comparesOneValue(const FilterToken& token)
{
    return token.is(Kind::Symbol, "=") || token.is(Kind::Symbol, "!=") || token.is(Kind::Symbol, "<>")
        || isWord(token, "CONTAINS") || token.is(Kind::Keyword, "LIKE");
}

/// How well a candidate goes on with what has been typed: 0 it does not, else the more the better.
int fit(std::string_view candidate, std::string_view typed)
{
    if (typed.empty() || (candidate.size() >= typed.size() && sameName(candidate.substr(0, typed.size()), typed)))
        return 3;
    const std::string lower = toLowerCase(candidate);
    const std::string wanted = toLowerCase(typed);
    // "items.sku" is also found by "sku".
    const std::size_t at = lower.find(wanted);
    if (at == std::string::npos)
        return 0;
    return at > 0 && lower[at - 1] == '.' ? 2 : 1;
}

class Completer {
public:
    Completer(std::string_view text, std::size_t cursor, const FilterVocabulary& vocabulary)
        : m_text(text), m_cursor(std::min(cursor, text.size())), m_vocabulary(vocabulary)
    {
    }

    FilterCompletion complete()
    {
        bool inString = false;
        m_tokens = tokenizeFilterSoFar(m_text.substr(0, m_cursor), inString);
        if (inString) {
            completeString();
        } else {
            completeWord();
        }
        return std::move(m_result);
    }

private:
    void completeString()
    {
        const std::size_t begin = m_tokens.empty() ? 0 : m_tokens.back().end;
        const std::size_t open = m_text.find_first_of("'\"", begin);
        m_result.begin = m_result.end = m_cursor;
        const std::string_view before = m_text.substr(begin, open - begin);
        if (before.find_first_not_of(" \t\r\n") != std::string_view::npos)
            return; // a field's name: data['…
        m_result.begin = open;
        // With the rest of the word and its quote, so that a value is replaced as a whole.
        const std::size_t close = m_text.find_first_of("'\" \t\r\n", m_cursor);
        if (close != std::string_view::npos && m_text[close] == m_text[open])
            m_result.end = close + 1;
        addValues(m_text.substr(open + 1, m_cursor - open - 1));
    }

    void completeWord()
    {
        std::size_t begin = m_cursor;
        while (begin > 0 && isWordCharacter(m_text[begin - 1]))
            --begin;
        std::size_t end = m_cursor;
        while (end < m_text.size() && isWordCharacter(m_text[end]))
            ++end;
        m_result.begin = begin;
        m_result.end = end;
        while (!m_tokens.empty() && m_tokens.back().end > begin)
            m_tokens.pop_back();
        const std::string_view typed = m_text.substr(begin, m_cursor - begin);
        switch (expected()) {
        case Expected::Operator: addHints(kOperators, typed, FilterCandidate::Kind::Operator); break;
        case Expected::ListOperator: addHints(kListOperators, typed, FilterCandidate::Kind::Operator); break;
        case Expected::Attribute: addAttributes(typed); break;
        case Expected::Text: addValues(typed); break;
        case Expected::Value:
            addValues(typed);
            addOperands(typed);
            break;
        case Expected::Operand: addOperands(typed); break;
        }
        sortByFit();
    }

    Expected expected() const
    {
        if (m_tokens.empty())
            return Expected::Operand;
        const FilterToken& last = m_tokens.back();
        const bool hasOperandBefore = m_tokens.size() > 1 && endsOperand(m_tokens[m_tokens.size() - 2]);
        if (last.is(Kind::Keyword, "EXISTS"))
            return Expected::Attribute;
        if (last.is(Kind::Keyword, "NOT"))
            return hasOperandBefore ? Expected::ListOperator : Expected::Operand;
        if (isTextOperator(last) && m_tokens.size() > 1)
            return Expected::Text;
        if (endsOperand(last))
            return Expected::Operator;
        return comparesOneValue(last) || attributeOfList() ? Expected::Value : Expected::Operand;
    }

    /// The attribute left of the operator at the end: "type" in "type = ".
    std::optional<std::string> comparedAttribute() const
    {
        std::size_t i = m_tokens.size();
        if (i == 0 || !comparesOneValue(m_tokens[i - 1]))
            return attributeOfList();
        --i;
        if (i > 0 && m_tokens[i - 1].is(Kind::Keyword, "NOT"))
            --i;
        return nameAt(i);
    }

    /// "type" in "type IN ('a', ".
    std::optional<std::string> attributeOfList() const
    {
        std::size_t i = m_tokens.size();
        while (i > 0 && (m_tokens[i - 1].kind == Kind::String || m_tokens[i - 1].is(Kind::Symbol, ",")))
            --i;
        if (i < 2 || !m_tokens[i - 1].is(Kind::Symbol, "(") || !m_tokens[i - 2].is(Kind::Keyword, "IN"))
            return std::nullopt;
        i -= 2;
        if (i > 0 && m_tokens[i - 1].is(Kind::Keyword, "NOT"))
            --i;
        return nameAt(i);
    }

    std::optional<std::string> nameAt(std::size_t end) const
    {
        if (end == 0 || (m_tokens[end - 1].kind != Kind::Name && m_tokens[end - 1].kind != Kind::Path))
            return std::nullopt;
        const FilterToken& token = m_tokens[end - 1];
        return token.kind == Kind::Path ? token.path.toString() : AttributeName(token.text).name;
    }

    void add(std::string text, FilterCandidate::Kind kind, std::string_view description, int fitness)
    {
        if (fitness > 0)
            m_found.emplace_back(fitness, FilterCandidate{std::move(text), kind, std::string(description)});
    }

    template <class Hints>
    void addHints(const Hints& hints, std::string_view typed, FilterCandidate::Kind kind)
    {
        for (const Hint& hint : hints)
            add(std::string(hint.text), kind, hint.description, fit(hint.text, typed));
    }

    void addOperands(std::string_view typed)
    {
        addAttributes(typed);
        addHints(kOperandWords, typed, FilterCandidate::Kind::Keyword);
        std::string_view previous;
        for (const FilterFunction& function : filterFunctions()) {
            if (function.name != previous)
                add(std::string(function.name) + "(", FilterCandidate::Kind::Function, function.signature,
                    fit(function.name, typed));
            previous = function.name;
        }
    }

    void addAttributes(std::string_view typed)
    {
        for (const KnownAttributeInfo& info : knownAttributes())
            add(std::string(info.name), FilterCandidate::Kind::Attribute, info.description, fit(info.name, typed));
        addFields("data", m_vocabulary.payloadFields, typed);
        addFields("state", m_vocabulary.stateFields, typed);
        for (const std::string& header : m_vocabulary.headers) {
            const std::string text = headerText(header);
            add(text, FilterCandidate::Kind::Header, "a header", std::max(fit(text, typed), fit(header, typed)));
        }
    }

    void addFields(std::string_view root, const std::vector<std::string>& fields, std::string_view typed)
    {
        for (const std::string& field : fields) {
            const std::string text = std::string(root) + (field.starts_with('[') ? "" : ".") + field;
            add(text, FilterCandidate::Kind::Field, {}, fit(text, typed));
        }
    }

    /// A header's name as an expression takes it.
    static std::string headerText(const std::string& name)
    {
        const bool isIdentifier = !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
        });
        const AttributeName attribute(name);
        const bool isNumber = std::all_of(name.begin(), name.end(), [](char c) { return c >= '0' && c <= '9'; });
        if (isIdentifier && !isNumber && !isFilterKeyword(name) && attribute.known == KnownAttribute::Other
            && !pathRootOf(name))
            return attribute.name;
        return FilterPath{PathRoot::Headers, {PathStep::member(name)}}.toString();
    }

    void addValues(std::string_view typed)
    {
        const auto attribute = comparedAttribute();
        if (!attribute || !m_vocabulary.values)
            return;
        for (const std::string& value : m_vocabulary.values(*attribute))
            add(filterLiteral(value), FilterCandidate::Kind::Value, {}, fit(value, typed));
        sortByFit();
    }

    void sortByFit()
    {
        std::stable_sort(
            m_found.begin(), m_found.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
        for (auto& [fitness, candidate] : m_found)
            m_result.candidates.push_back(std::move(candidate));
        m_found.clear();
    }

    std::string_view m_text;
    std::size_t m_cursor;
    const FilterVocabulary& m_vocabulary;
    std::vector<FilterToken> m_tokens;
    std::vector<std::pair<int, FilterCandidate>> m_found;
    FilterCompletion m_result;
};

} // namespace

FilterCompletion completeFilter(std::string_view text, std::size_t cursor, const FilterVocabulary& vocabulary)
{
    return Completer(text, cursor, vocabulary).complete();
}

} // namespace eventscope::core
