// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/filter/filter_node.h"
#include "inspect/filter/filter_value.h"

namespace eventscope::core {

/// "=" and "!=" as CESQL has them: the right value's type is the one to compare as. Numbers compare
/// by value with Integers.
Evaluated compareEqual(FilterValue left, FilterValue right, bool equal);

/// "<", "<=", ">" and ">=": as integers, or as exact numbers when one side is a Number. Where CESQL
/// has only a cast error for two texts, texts that are points in time compare as such.
Evaluated compareOrder(CompareOperator op, const FilterValue& left, const FilterValue& right);

/// One element of IN: compared as the left value's type.
Evaluated compareMember(const FilterValue& left, FilterValue element);

/// "+", "-", "*", "/" and "%": on integers of 32 bits, or exact when one side is a Number.
Evaluated calculate(ArithmeticOperator op, FilterValue left, FilterValue right);
Evaluated negate(FilterValue value);

} // namespace eventscope::core
