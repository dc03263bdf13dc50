// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/filter/filter_node.h"

namespace eventscope::core {

/// Calls `visit` with each node directly below this one, in the order they are written.
template <class Visitor>
void forEachChild(const FilterNode& node, Visitor visit)
{
    const auto all = [&visit](const std::vector<FilterNodePtr>& nodes) {
        for (const FilterNodePtr& child : nodes)
            visit(*child);
    };
    std::visit(Overloaded{
                   [](const LiteralNode&) {},
                   [](const AttributeNode&) {},
                   [](const PathNode&) {},
                   [](const ExistsNode&) {},
                   [&](const LogicNode& n) { all(n.operands); },
                   [&](const CompareNode& n) {
                       visit(*n.left);
                       visit(*n.right);
                   },
                   [&](const ArithmeticNode& n) {
                       visit(*n.left);
                       visit(*n.right);
                   },
                   [&](const InNode& n) {
                       visit(*n.operand);
                       all(n.set);
                   },
                   [&](const CallNode& n) { all(n.arguments); },
                   [&](const auto& n) { visit(*n.operand); },
               },
        node.form);
}

} // namespace eventscope::core
