// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/filter/filter_printer.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <vector>

namespace eventscope::core {

namespace {

// How tight a node binds; an operand that binds less than its place asks for is put in parentheses.
enum Tightness {
    kLogicTightness,
    kCompareTightness,
    kAdditiveTightness,
    kMultiplicativeTightness,
    kPostfixTightness,
    kPrefixTightness
};

constexpr std::array<std::string_view, 3> kLogicTexts{"AND", "OR", "XOR"};
constexpr std::array<std::string_view, 6> kCompareTexts{"=", "!=", "<", "<=", ">", ">="};
constexpr std::array<std::string_view, 5> kArithmeticTexts{"+", "-", "*", "/", "%"};

int tightnessOf(const FilterNode& node)
{
    return std::visit(Overloaded{
                          [](const LogicNode&) { return kLogicTightness; },
                          [](const CompareNode&) { return kCompareTightness; },
                          [](const ArithmeticNode& n) {
                              return n.op == ArithmeticOperator::Add || n.op == ArithmeticOperator::Subtract
                                  ? kAdditiveTightness
                                  : kMultiplicativeTightness;
                          },
                          [](const LikeNode&) { return kPostfixTightness; },
                          [](const MatchesNode&) { return kPostfixTightness; },
                          [](const ContainsNode&) { return kPostfixTightness; },
                          [](const InNode&) { return kPostfixTightness; },
                          [](const auto&) { return kPrefixTightness; },
                      },
        node.form);
}

/// Within these quotes, if they can hold the text: a backslash there must not meet a quote or the end.
std::optional<std::string> quotedWith(char quote, std::string_view text)
{
    std::string out(1, quote);
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == quote) {
            out += '\\';
        } else if (text[i] == '\\') {
            if (i + 1 == text.size() || text[i + 1] == quote)
                return std::nullopt;
            out += text[i++];
        }
        out += text[i];
    }
    return out + quote;
}

std::optional<std::string> quoted(std::string_view text)
{
    auto single = quotedWith('\'', text);
    return single ? single : quotedWith('"', text);
}

/// The text cut into pieces that quotes can hold: each quote by itself, a backslash only before
/// another character.
std::vector<std::string> quotablePieces(std::string_view text)
{
    std::vector<std::string> pieces;
    std::size_t begin = 0;
    while (begin < text.size()) {
        std::size_t end = std::min(text.find_first_of("'\"", begin), text.size());
        if (end == begin)
            ++end;
        const std::string_view piece = text.substr(begin, end - begin);
        if (const auto whole = quoted(piece)) {
            pieces.push_back(*whole);
        } else {
            // An odd number of backslashes at the end: with a space behind them they fit, then cut it off.
            const std::size_t slashes = piece.find_last_not_of('\\') + 1;
            if (const std::string_view before = piece.substr(0, slashes); !before.empty())
                pieces.push_back(*quoted(before));
            const std::string_view tail = piece.substr(slashes);
            pieces.push_back("LEFT('" + std::string(tail) + " ', " + std::to_string(tail.size()) + ")");
        }
        begin = end;
    }
    return pieces;
}

class Printer {
public:
    std::string take() && { return std::move(m_out); }

    void print(const FilterNode& node)
    {
        std::visit([this](const auto& form) { printForm(form); }, node.form);
    }

private:
    void operand(const FilterNode& node, int tightness, bool always = false)
    {
        const bool parentheses = always || tightnessOf(node) < tightness;
        if (parentheses)
            m_out += '(';
        print(node);
        if (parentheses)
            m_out += ')';
    }

    void text(std::string_view value) { m_out += quoted(value).value_or(std::string()); }

    void list(const std::vector<FilterNodePtr>& nodes)
    {
        m_out += '(';
        for (std::size_t i = 0; i < nodes.size(); ++i) {
            if (i > 0)
                m_out += ", ";
            print(*nodes[i]);
        }
        m_out += ')';
    }

    template <class Form>
    void postfix(const Form& form, std::string_view op)
    {
        operand(*form.operand, kPostfixTightness);
        m_out += form.negated ? " NOT " : " ";
        m_out += op;
        m_out += ' ';
    }

    void binary(const FilterNode& left, std::string_view op, const FilterNode& right, int tightness)
    {
        operand(left, tightness);
        m_out += ' ';
        m_out += op;
        m_out += ' ';
        operand(right, tightness + 1);
    }

    void printForm(const LiteralNode& n)
    {
        switch (n.value.type()) {
        case FilterType::Boolean: m_out += n.value.asBoolean() ? "TRUE" : "FALSE"; break;
        case FilterType::String: text(n.value.asText()); break;
        case FilterType::Integer: n.value.appendJson(m_out); break;
        case FilterType::Number: {
            // "1.5e3" is 1500: a fraction keeps it a Number.
            const std::string digits = n.value.toJson();
            m_out += digits;
            if (digits.find('.') == std::string::npos)
                m_out += ".0";
        }
        }
    }
    void printForm(const AttributeNode& n) { m_out += n.name.name; }
    void printForm(const PathNode& n) { m_out += n.path.toString(); }
    void printForm(const ExistsNode& n)
    {
        m_out += "EXISTS ";
        m_out += std::visit(Overloaded{
                                [](const AttributeName& name) { return name.name; },
                                [](const FilterPath& path) { return path.toString(); },
                            },
            n.what);
    }
    void printForm(const NotNode& n)
    {
        m_out += "NOT ";
        operand(*n.operand, kPrefixTightness);
    }
    void printForm(const NegateNode& n)
    {
        // "-1" would be a literal, and "--" is hard to read.
        m_out += "-";
        const bool isNumber = std::holds_alternative<LiteralNode>(n.operand->form)
            || std::holds_alternative<NegateNode>(n.operand->form);
        operand(*n.operand, kPrefixTightness, isNumber);
    }
    void printForm(const LogicNode& n)
    {
        const std::string_view op = kLogicTexts[static_cast<std::size_t>(n.op)];
        for (std::size_t i = 0; i < n.operands.size(); ++i) {
            if (i > 0) {
                m_out += ' ';
                m_out += op;
                m_out += ' ';
            }
            operand(*n.operands[i], kCompareTightness);
        }
    }
    void printForm(const CompareNode& n)
    {
        binary(*n.left, kCompareTexts[static_cast<std::size_t>(n.op)], *n.right, kCompareTightness);
    }
    void printForm(const ArithmeticNode& n)
    {
        const bool additive = n.op == ArithmeticOperator::Add || n.op == ArithmeticOperator::Subtract;
        binary(*n.left, kArithmeticTexts[static_cast<std::size_t>(n.op)], *n.right,
            additive ? kAdditiveTightness : kMultiplicativeTightness);
    }
    void printForm(const LikeNode& n)
    {
        postfix(n, "LIKE");
        text(n.pattern);
    }
    void printForm(const MatchesNode& n)
    {
        postfix(n, "MATCHES");
        text(n.pattern);
    }
    void printForm(const ContainsNode& n)
    {
        postfix(n, "CONTAINS");
        text(n.text);
    }
    void printForm(const InNode& n)
    {
        postfix(n, "IN");
        list(n.set);
    }
    void printForm(const CallNode& n)
    {
        m_out += n.name;
        list(n.arguments);
    }

    std::string m_out;
};

} // namespace

std::string printFilter(const FilterNode& node)
{
    Printer printer;
    printer.print(node);
    return std::move(printer).take();
}

std::string filterLiteral(std::string_view text)
{
    if (auto whole = quoted(text))
        return *std::move(whole);
    const std::vector<std::string> pieces = quotablePieces(text);
    if (pieces.size() == 1)
        return pieces.front();
    std::string out = "CONCAT(";
    for (std::size_t i = 0; i < pieces.size(); ++i)
        out += (i > 0 ? ", " : "") + pieces[i];
    return out + ")";
}

} // namespace eventscope::core
