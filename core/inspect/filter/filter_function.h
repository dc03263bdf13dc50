// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/filter/filter_value.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace eventscope::core {

enum class FilterParameter : std::uint8_t {
    Any,
    String,
    Integer,
    Numeric, ///< an Integer, or a Number as it is
};

/// One of CESQL's built-in functions for one number of arguments.
struct FilterFunction {
    std::string_view name; ///< in upper case
    FilterType returns = FilterType::Boolean;
    std::span<const FilterParameter> parameters;
    bool variadic = false;        ///< takes any number of further Strings
    std::string_view signature;   ///< "LEFT(text, count)", for completion
    std::string_view description; ///< a few words
    /// The arguments have the parameters' types already.
    Evaluated (*call)(std::span<const FilterValue> arguments) = nullptr;
};

/// All of them, by name. // any thread
std::span<const FilterFunction> filterFunctions();

/// The one of that name (in any case) that takes so many arguments, or nullptr.
const FilterFunction* findFilterFunction(std::string_view name, std::size_t arguments);

} // namespace eventscope::core
