// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/filter/filter_node.h"
#include "inspect/filter/filter_value.h"

#include <string>

namespace eventscope::core {

/// What a person would like to know about an expression used as a filter, although it can be
/// evaluated: an unknown function, a value that is never true or false, NOT that binds tighter than it looks.
std::string adviseOnFilter(const FilterNode& root);

/// The sentence of an error that came out of this expression.
std::string explainFilterError(const FilterNode& root, const Evaluated& evaluated);

} // namespace eventscope::core
