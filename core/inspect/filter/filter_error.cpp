// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/filter/filter_error.h"

namespace eventscope::core {

std::string_view toString(FilterErrorKind kind)
{
    switch (kind) {
    case FilterErrorKind::None: return {};
    case FilterErrorKind::Parse: return "parse";
    case FilterErrorKind::Math: return "math";
    case FilterErrorKind::Cast: return "cast";
    case FilterErrorKind::MissingFunction: return "missingFunction";
    case FilterErrorKind::FunctionEvaluation: return "functionEvaluation";
    case FilterErrorKind::MissingAttribute: return "missingAttribute";
    case FilterErrorKind::Generic: return "generic";
    }
    return "generic";
}

} // namespace eventscope::core
