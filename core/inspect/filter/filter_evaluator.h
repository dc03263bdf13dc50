// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/filter/filter_attributes.h"
#include "inspect/filter/filter_node.h"
#include "inspect/filter/filter_value.h"

#include <optional>

namespace eventscope::core {

/// Evaluates one node, failing fast: the first error ends the evaluation, and every operator around it
/// gives the zero of its own type (a function that fails gives what it says it gives). AND and OR
/// leave out what cannot change them. The value may be a view into the event or the expression.
Evaluated evaluateNode(const FilterNode& node, const FilterAttributes& event);

/// The type that a node gives when it gives no error; nothing where only the event can tell.
std::optional<FilterType> staticTypeOf(const FilterNode& node);

} // namespace eventscope::core
