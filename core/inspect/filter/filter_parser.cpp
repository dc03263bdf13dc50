// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/filter/filter_parser.h"

#include "inspect/filter/filter_function.h"
#include "inspect/filter/filter_lexer.h"
#include "inspect/filter/filter_regex.h"
#include "inspect/filter/filter_text.h"
#include "inspect/filter/filter_token_cursor.h"
#include "inspect/filter/like_pattern.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>

namespace eventscope::core {

namespace {

using Kind = FilterTokenKind;
using NodePtr = std::unique_ptr<FilterNode>;

template <class Operator>
struct OperatorText {
    std::string_view text;
    Operator op;
};

constexpr std::array<OperatorText<CompareOperator>, 7> kCompare{{
    {"=", CompareOperator::Equal},
    {"!=", CompareOperator::NotEqual},
    {"<>", CompareOperator::NotEqual},
    {"<", CompareOperator::Less},
    {"<=", CompareOperator::LessOrEqual},
    {">", CompareOperator::Greater},
    {">=", CompareOperator::GreaterOrEqual},
}};
constexpr std::array<OperatorText<ArithmeticOperator>, 3> kMultiplicative{{
    {"*", ArithmeticOperator::Multiply},
    {"/", ArithmeticOperator::Divide},
    {"%", ArithmeticOperator::Remainder},
}};
constexpr std::array<OperatorText<ArithmeticOperator>, 2> kAdditive{{
    {"+", ArithmeticOperator::Add},
    {"-", ArithmeticOperator::Subtract},
}};
constexpr std::array<OperatorText<LogicOperator>, 3> kLogic{{
    {"AND", LogicOperator::And},
    {"OR", LogicOperator::Or},
    {"XOR", LogicOperator::Xor},
}};

class Parser {
public:
    explicit Parser(std::vector<FilterToken> tokens) : m_at(std::move(tokens)) { }

    std::expected<FilterNodePtr, FilterProblem> parse()
    {
        NodePtr root = m_at.isEmpty() ? wrong("Expected an expression, e.g. type = 'OrderPlaced'.") : logic();
        if (root && current().kind != Kind::End)
            root = wrong(current().is(Kind::Symbol, ")") ? "There is no opening parenthesis for this one."
                                                         : m_at.operatorExpected());
        if (!root)
            return std::unexpected(m_problem);
        return FilterNodePtr(std::move(root));
    }

private:
    const FilterToken& current() const { return m_at.current(); }
    const FilterToken& following() const { return m_at.following(); }
    const FilterToken& previous() const { return m_at.previous(); }
    bool take(Kind kind, std::string_view text) { return m_at.take(kind, text); }

    NodePtr wrong(std::string message) { return wrongAt(current().begin, current().end, std::move(message)); }

    NodePtr wrongAt(std::size_t begin, std::size_t end, std::string message)
    {
        m_problem = {begin, end, std::move(message)};
        return nullptr;
    }

    template <class Form>
    NodePtr make(std::size_t begin, int childHeight, Form form)
    {
        if (childHeight >= kMaxFilterHeight)
            return wrongAt(begin, previous().end,
                fmt::format("This is nested more than {} levels deep; write lists with IN.", kMaxFilterHeight));
        auto node = std::make_unique<FilterNode>();
        node->form = std::move(form);
        node->begin = begin;
        node->end = previous().end;
        node->height = childHeight + 1;
        return node;
    }

    static int heightOf(const std::vector<FilterNodePtr>& nodes)
    {
        int height = 0;
        for (const FilterNodePtr& node : nodes)
            height = std::max(height, node->height);
        return height;
    }

    template <class Operator, std::size_t N>
    std::optional<Operator> takeOperator(Kind kind, const std::array<OperatorText<Operator>, N>& operators)
    {
        for (const auto& [text, op] : operators) {
            if (take(kind, text))
                return op;
        }
        return std::nullopt;
    }

    NodePtr logic()
    {
        NodePtr left = comparison();
        while (left) {
            const auto op = takeOperator(Kind::Keyword, kLogic);
            if (!op)
                return left;
            NodePtr right = comparison();
            if (!right)
                return nullptr;
            left = combine(*op, std::move(left), std::move(right));
        }
        return left;
    }

    NodePtr combine(LogicOperator op, NodePtr left, NodePtr right)
    {
        const std::size_t begin = left->begin;
        auto* chain = std::get_if<LogicNode>(&left->form);
        if (chain != nullptr && chain->op == op && !left->parenthesized) {
            left->height = std::max(left->height, right->height + 1);
            left->end = previous().end;
            if (left->height > kMaxFilterHeight)
                return make(begin, right->height, LogicNode{}); // says so
            chain->operands.push_back(std::move(right));
            return left;
        }
        const int height = std::max(left->height, right->height);
        LogicNode node{op, {}};
        node.operands.push_back(std::move(left));
        node.operands.push_back(std::move(right));
        return make(begin, height, std::move(node));
    }

    NodePtr comparison()
    {
        return leftToRight<CompareNode>(kCompare, [this] { return additive(); });
    }

    NodePtr additive()
    {
        return leftToRight<ArithmeticNode>(kAdditive, [this] { return multiplicative(); });
    }

    NodePtr multiplicative()
    {
        return leftToRight<ArithmeticNode>(kMultiplicative, [this] { return postfix(); });
    }

    template <class Form, class Operators, class Operand>
    NodePtr leftToRight(const Operators& operators, Operand operand)
    {
        NodePtr left = operand();
        while (left) {
            const auto op = takeOperator(Kind::Symbol, operators);
            if (!op)
                return left;
            NodePtr right = operand();
            if (!right)
                return nullptr;
            const std::size_t begin = left->begin;
            const int height = std::max(left->height, right->height);
            left = make(begin, height, Form{*op, std::move(left), std::move(right)});
        }
        return left;
    }

    /// MATCHES and CONTAINS are names of attributes as well; behind an operand CESQL has no use for a name.
    static bool isWordOperator(const FilterToken& token, std::string_view word)
    {
        return token.kind == Kind::Name && sameName(token.text, word);
    }

    NodePtr postfix()
    {
        NodePtr left = prefix();
        while (left) {
            const bool negated = current().is(Kind::Keyword, "NOT");
            const FilterToken& op = negated ? following() : current();
            const bool like = op.is(Kind::Keyword, "LIKE");
            const bool in = op.is(Kind::Keyword, "IN");
            const bool matches = isWordOperator(op, "MATCHES");
            const bool contains = isWordOperator(op, "CONTAINS");
            if (!like && !in && !matches && !contains) {
                if (negated) {
                    m_at.advance();
                    return wrong(
                        fmt::format("Expected LIKE, IN, MATCHES or CONTAINS after NOT, but {} here.", m_at.here()));
                }
                return left;
            }
            m_at.advance(negated ? 2 : 1);
            left = in     ? membership(std::move(left), negated)
                : like    ? likeness(std::move(left), negated)
                : matches ? match(std::move(left), negated)
                          : containment(std::move(left), negated);
        }
        return left;
    }

    NodePtr likeness(NodePtr operand, bool negated)
    {
        if (current().kind != Kind::String)
            return wrong(fmt::format("The pattern of LIKE must be a text in quotes, but {} here.", m_at.here()));
        LikeNode node{nullptr, current().text, std::make_shared<const LikePattern>(current().text), negated};
        return withOperand(std::move(operand), std::move(node));
    }

    NodePtr match(NodePtr operand, bool negated)
    {
        if (current().kind != Kind::String)
            return wrong("Expected a regular expression in quotes after MATCHES.");
        auto regex = FilterRegex::compile(current().text);
        if (!regex)
            return wrong(fmt::format("This regular expression cannot be read: {}.", regex.error()));
        MatchesNode node{nullptr, current().text, *std::move(regex), negated};
        return withOperand(std::move(operand), std::move(node));
    }

    NodePtr containment(NodePtr operand, bool negated)
    {
        if (current().kind != Kind::String)
            return wrong("Expected a text in quotes after CONTAINS.");
        return withOperand(std::move(operand), ContainsNode{nullptr, current().text, negated});
    }

    /// Takes the text at hand and makes the node of operand and text.
    template <class Form>
    NodePtr withOperand(NodePtr operand, Form form)
    {
        m_at.advance();
        const std::size_t begin = operand->begin;
        const int height = operand->height;
        form.operand = std::move(operand);
        return make(begin, height, std::move(form));
    }

    NodePtr membership(NodePtr operand, bool negated)
    {
        if (!current().is(Kind::Symbol, "("))
            return wrong(fmt::format("Expected a list in parentheses after IN, but {} here.", m_at.here()));
        m_at.advance();
        auto set = list("IN needs at least one value.");
        if (!set)
            return nullptr;
        const std::size_t begin = operand->begin;
        const int height = std::max(operand->height, heightOf(*set));
        return make(begin, height, InNode{std::move(operand), *std::move(set), negated});
    }

    /// The expressions up to the closing parenthesis, and that.
    std::optional<std::vector<FilterNodePtr>> list(std::string_view whenEmpty)
    {
        const std::size_t open = previous().begin;
        std::vector<FilterNodePtr> nodes;
        if (take(Kind::Symbol, ")")) {
            if (whenEmpty.empty())
                return nodes;
            wrongAt(open, previous().end, std::string(whenEmpty));
            return std::nullopt;
        }
        do {
            NodePtr node = nested(open);
            if (!node)
                return std::nullopt;
            nodes.push_back(std::move(node));
        } while (take(Kind::Symbol, ","));
        if (take(Kind::Symbol, ")"))
            return nodes;
        notClosed(open);
        return std::nullopt;
    }

    NodePtr notClosed(std::size_t open)
    {
        if (current().kind == Kind::End)
            return wrongAt(open, open + 1, "This parenthesis is never closed.");
        return wrong(fmt::format("Expected an operator or ) here, but {}.", m_at.here()));
    }

    /// An expression between parentheses; only these and prefixes make the parser call itself.
    NodePtr nested(std::size_t begin)
    {
        if (m_depth >= kMaxFilterHeight)
            return wrongAt(
                begin, previous().end, fmt::format("This is nested more than {} levels deep.", kMaxFilterHeight));
        ++m_depth;
        NodePtr node = logic();
        --m_depth;
        return node;
    }

    NodePtr prefix()
    {
        const std::size_t begin = current().begin;
        if (current().is(Kind::Keyword, "NOT"))
            return prefixed<NotNode>(begin);
        if (current().is(Kind::Symbol, "-") || current().is(Kind::Symbol, "+")) {
            const bool isNumber = following().kind == Kind::Integer || following().kind == Kind::Decimal;
            const bool touches = following().begin == current().end;
            if (isNumber && touches) {
                m_at.advance();
                return number(begin, previous().text == "-" ? "-" : "");
            }
            if (current().text == "-")
                return prefixed<NegateNode>(begin);
            return wrong(
                "A + before a value has no meaning here; it stands between two values, or right before digits.");
        }
        return primary();
    }

    template <class Form>
    NodePtr prefixed(std::size_t begin)
    {
        m_at.advance();
        if (m_depth >= kMaxFilterHeight)
            return wrongAt(
                begin, previous().end, fmt::format("This is nested more than {} levels deep.", kMaxFilterHeight));
        ++m_depth;
        NodePtr operand = prefix();
        --m_depth;
        if (!operand)
            return nullptr;
        const int height = operand->height;
        return make(begin, height, Form{std::move(operand)});
    }

    NodePtr primary()
    {
        const std::size_t begin = current().begin;
        switch (current().kind) {
        case Kind::Integer:
        case Kind::Decimal: return number(begin, "");
        case Kind::String: m_at.advance(); return make(begin, 0, LiteralNode{FilterValue(previous().text)});
        case Kind::Path: m_at.advance(); return make(begin, 0, PathNode{previous().path});
        case Kind::Name: return following().is(Kind::Symbol, "(") ? call() : attribute();
        case Kind::Keyword:
            if (take(Kind::Keyword, "EXISTS"))
                return exists(begin);
            if (take(Kind::Keyword, "TRUE") || take(Kind::Keyword, "FALSE"))
                return make(begin, 0, LiteralNode{FilterValue(previous().text == "TRUE")});
            break;
        case Kind::Symbol:
            if (take(Kind::Symbol, "("))
                return parenthesized(begin);
            break;
        case Kind::End: break;
        }
        return wrong(m_at.atStart()
                ? fmt::format("Expected a value, an attribute or NOT, but {} here.", m_at.here())
                : fmt::format("Expected a value after {}, but {} here.", m_at.behind(), m_at.here()));
    }

    /// `begin` is where the number begins with its sign.
    NodePtr number(std::size_t begin, std::string_view sign)
    {
        const FilterToken& token = current();
        const std::string text = std::string(sign) + token.text;
        if (token.kind == Kind::Decimal) {
            auto value = FilterNumber::parse(text);
            if (!value)
                return wrong("This number's exponent is too large; it must lie within ±9999.");
            m_at.advance();
            return make(begin, 0, LiteralNode{FilterValue(*std::move(value))});
        }
        std::int32_t value = 0;
        const char* end = text.data() + text.size();
        const auto [parsed, error] = std::from_chars(text.data(), end, value);
        if (error != std::errc{} || parsed != end)
            return wrongAt(begin, token.end,
                "This does not fit an integer of 32 bits (-2147483648 to 2147483647); with a fraction, like "
                "5000000000.0, it is an exact number of any size.");
        m_at.advance();
        return make(begin, 0, LiteralNode{FilterValue(value)});
    }

    /// CloudEvents keeps this name for the payload; "state" and "headers" alone may be extensions.
    static bool isPayload(const FilterToken& token) { return sameName(token.text, toString(PathRoot::Data)); }

    NodePtr attribute()
    {
        const FilterToken& token = current();
        m_at.advance();
        if (isPayload(token))
            return make(token.begin, 0, PathNode{});
        return make(token.begin, 0, AttributeNode{AttributeName(token.text)});
    }

    NodePtr exists(std::size_t begin)
    {
        const FilterToken& token = current();
        if (token.kind == Kind::Path) {
            m_at.advance();
            return make(begin, 0, ExistsNode{token.path});
        }
        // "123" is the name of an attribute too, where a value would make no sense.
        if (token.kind != Kind::Name && token.kind != Kind::Integer)
            return wrong(fmt::format("Expected the name of an attribute after EXISTS, but {} here.", m_at.here()));
        m_at.advance();
        if (isPayload(token))
            return make(begin, 0, ExistsNode{FilterPath()});
        return make(begin, 0, ExistsNode{AttributeName(token.text)});
    }

    NodePtr parenthesized(std::size_t begin)
    {
        NodePtr node = nested(begin);
        if (!node)
            return nullptr;
        if (!take(Kind::Symbol, ")"))
            return notClosed(begin);
        node->begin = begin;
        node->end = previous().end;
        node->parenthesized = true;
        return node;
    }

    NodePtr call()
    {
        const FilterToken& name = current();
        if (std::any_of(name.text.begin(), name.text.end(), [](char c) { return c >= '0' && c <= '9'; }))
            return wrong("The name of a function has letters and _ only.");
        m_at.advance(2);
        auto arguments = list({});
        if (!arguments)
            return nullptr;
        const int height = heightOf(*arguments);
        const FilterFunction* function = findFilterFunction(name.text, arguments->size());
        return make(name.begin, height, CallNode{toUpperCase(name.text), function, *std::move(arguments)});
    }

    FilterTokenCursor m_at;
    int m_depth = 0;
    FilterProblem m_problem;
};

} // namespace

std::expected<FilterNodePtr, FilterProblem> parseFilter(std::string_view text)
{
    if (text.size() > kMaxFilterLength)
        return std::unexpected(FilterProblem{
            kMaxFilterLength, text.size(), fmt::format("An expression may have {} bytes at most.", kMaxFilterLength)});
    auto tokens = tokenizeFilter(text);
    if (!tokens)
        return std::unexpected(std::move(tokens.error()));
    return Parser(*std::move(tokens)).parse();
}

} // namespace eventscope::core
