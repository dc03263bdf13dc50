// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/filter/filter_node.h"

#include <string>
#include <string_view>

namespace eventscope::core {

/// The expression in its normal form: keywords in upper case, names in lower case, texts in single
/// quotes, parentheses where they change the meaning or where AND, OR and XOR meet. Reading it again
/// gives the same expression. // any thread
std::string printFilter(const FilterNode& node);

/// A text as an expression that has exactly this text as its value: a quoted string, or, for the few
/// texts that CESQL's quotes cannot hold (such as one that ends with a backslash), calls that make it.
std::string filterLiteral(std::string_view text);

} // namespace eventscope::core
