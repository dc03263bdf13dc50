// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/error.h"

#include <chrono>
#include <string>
#include <string_view>

namespace eventscope::javascript {

/// Largest message between the program and its worker.
inline constexpr std::size_t kLargestFrame = std::size_t{256} << 20;

/// A message: four bytes of size, least first, then the text. Errors: Unreachable when the other end
/// is gone, Timeout, Refused when it is too large.
core::Status writeFrame(int descriptor, std::string_view text, std::chrono::milliseconds longest);
core::Result<std::string> readFrame(int descriptor, std::chrono::milliseconds longest);

/// Waits for ever.
inline constexpr std::chrono::milliseconds kNoHurry{-1};

} // namespace eventscope::javascript
