// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/filter/filter_error.h"

#include <optional>
#include <string>
#include <string_view>

namespace eventscope::core {

/// What `eventscope eval` prints and says.
struct EvaluationReport {
    std::string json; ///< {"result":…,"error":null|"parse"|…}
    FilterErrorKind error = FilterErrorKind::None;
    std::string message; ///< the error's sentence for people; empty without one
};

/// Evaluates an expression over an event in JSON, or over none. Never fails: a text that is no
/// expression is the error "parse", an event that is no JSON object "generic", both with false.
EvaluationReport evaluateToJson(std::string_view expression, const std::optional<std::string>& event);

} // namespace eventscope::core
