// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/filter/filter_names.h"
#include "inspect/filter/filter_value.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <variant>
#include <vector>

namespace eventscope::core {

class FilterRegex;
class LikePattern;
struct FilterFunction;
struct FilterNode;
using FilterNodePtr = std::unique_ptr<const FilterNode>;

// The parts of an expression. Immutable once parsed.

struct LiteralNode {
    FilterValue value;
};
struct AttributeNode {
    AttributeName name;
};
struct PathNode {
    FilterPath path;
};
struct ExistsNode {
    std::variant<AttributeName, FilterPath> what;
};
struct NotNode {
    FilterNodePtr operand;
};
struct NegateNode {
    FilterNodePtr operand;
};

enum class LogicOperator : std::uint8_t { And, Or, Xor };
/// "a AND b AND c" is one node: evaluated from the left, as its operator is.
struct LogicNode {
    LogicOperator op = LogicOperator::And;
    std::vector<FilterNodePtr> operands; ///< two or more
};

enum class CompareOperator : std::uint8_t { Equal, NotEqual, Less, LessOrEqual, Greater, GreaterOrEqual };
struct CompareNode {
    CompareOperator op = CompareOperator::Equal;
    FilterNodePtr left, right;
};

enum class ArithmeticOperator : std::uint8_t { Add, Subtract, Multiply, Divide, Remainder };
struct ArithmeticNode {
    ArithmeticOperator op = ArithmeticOperator::Add;
    FilterNodePtr left, right;
};

struct LikeNode {
    FilterNodePtr operand;
    std::string pattern;
    std::shared_ptr<const LikePattern> compiled;
    bool negated = false;
};
struct MatchesNode {
    FilterNodePtr operand;
    std::string pattern;
    std::shared_ptr<const FilterRegex> compiled;
    bool negated = false;
};
struct ContainsNode {
    FilterNodePtr operand;
    std::string text;
    bool negated = false;
};
struct InNode {
    FilterNodePtr operand;
    std::vector<FilterNodePtr> set; ///< one or more
    bool negated = false;
};
struct CallNode {
    std::string name;                         ///< in upper case
    const FilterFunction* function = nullptr; ///< nullptr: there is none of that name and number of arguments
    std::vector<FilterNodePtr> arguments;
};

struct FilterNode {
    using Form = std::variant<LiteralNode, AttributeNode, PathNode, ExistsNode, NotNode, NegateNode, LogicNode,
        CompareNode, ArithmeticNode, LikeNode, MatchesNode, ContainsNode, InNode, CallNode>;

    Form form;
    std::size_t begin = 0; ///< in the expression's text, in bytes
    std::size_t end = 0;
    int height = 1; ///< of the tree below and with this node
    bool parenthesized = false;
};

template <class... F>
struct Overloaded : F... {
    using F::operator()...;
};
template <class... F>
Overloaded(F...) -> Overloaded<F...>; // clang 16 wants it said

} // namespace eventscope::core
