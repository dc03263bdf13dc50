// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/json.h"
#include "inspect/filter/filter_names.h"
#include "inspect/filter/filter_value.h"

#include <optional>
#include <span>

namespace eventscope::core {

/// The value at these steps from `json`, as PayloadReader reads it out of a text; views into `json`.
std::optional<FilterValue> valueAt(const Json& json, std::span<const PathStep> steps);

} // namespace eventscope::core
