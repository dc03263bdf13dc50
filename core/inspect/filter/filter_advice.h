// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/filter/filter_error.h"
#include "inspect/filter/filter_node.h"

#include <string>

namespace eventscope::core {

/// What a person would like to know about an expression used as a filter, although it can be
/// evaluated: an unknown function, a value that is never true or false, NOT that binds tighter than it looks.
std::string adviseOnFilter(const FilterNode& root);

/// The sentence of an error that arose in this part of an expression.
std::string explainFilterError(FilterErrorKind error, const FilterNode* where);

} // namespace eventscope::core
