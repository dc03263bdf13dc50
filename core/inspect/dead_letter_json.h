// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/dead_letter.h"

#include <string>

namespace eventscope::core {

/// Appends the letter as one JSON object on one line, without a line end:
/// {"id","queue","convention","original":{"stream","partition","position","key","id","type","time",
///  "headers","data"},"error":{"type","message","stack"},"failedAt","attempts"}
/// under the rules of event_json.h. // any thread
void appendDeadLetterJson(std::string& out, const DeadLetter& letter);

} // namespace eventscope::core
