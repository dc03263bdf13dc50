// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/replay.h"

#include <cstddef>
#include <string>

namespace eventscope::core {

/// The replay up to a step as a test of whoever folds these events: given them, that state is expected.
/// What a branch leaves out is not given; what it edits or inserts is.
struct ReplayCase {
    /// {"stream","reducer","given":[event…],"expected":state}, indented.
    static std::string json(Replay& replay, std::size_t step);
    /// The events a line each, as `read` prints them, and {"expected":state} as the last.
    static std::string ndjson(Replay& replay, std::size_t step);
};

} // namespace eventscope::core
