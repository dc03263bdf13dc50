// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/filter/filter_error.h"
#include "inspect/filter/filter_node.h"

#include <cstddef>
#include <expected>
#include <string_view>

namespace eventscope::core {

/// Longer texts are refused, and so are trees of more levels: whoever evaluates one calls itself.
inline constexpr std::size_t kMaxFilterLength = std::size_t{64} << 10;
inline constexpr int kMaxFilterHeight = 200;

/// Reads a whole expression. What binds tightest first, as CESQL has it:
/// functions; NOT and -; LIKE, IN, EXISTS (and our MATCHES, CONTAINS); * / %; + -; comparisons;
/// AND, OR and XOR, all three alike, from left to right. // any thread
std::expected<FilterNodePtr, FilterProblem> parseFilter(std::string_view text);

} // namespace eventscope::core
