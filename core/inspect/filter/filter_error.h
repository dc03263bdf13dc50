// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace eventscope::core {

/// The kinds of error that CESQL knows. An error never stops an evaluation from having a value.
enum class FilterErrorKind : std::uint8_t {
    None,
    Parse,              ///< the text is no expression
    Math,               ///< a division by zero, a result outside of its type
    Cast,               ///< a value that is not of the type asked for
    MissingFunction,    ///< no function of that name takes that many arguments
    FunctionEvaluation, ///< an argument that a function cannot work with
    MissingAttribute,   ///< the event has no such attribute or payload field
    Generic,            ///< anything else
};

/// The name that the command line prints, e.g. "missingAttribute"; empty for None.
std::string_view toString(FilterErrorKind kind);

/// Why a text is no expression, for people: where it goes wrong, in bytes, and one sentence that says
/// what was expected there.
struct FilterProblem {
    std::size_t begin = 0;
    std::size_t end = 0; ///< behind the last byte of what is wrong; may equal begin (something is missing)
    std::string message;

    bool operator==(const FilterProblem&) const = default;
};

} // namespace eventscope::core
