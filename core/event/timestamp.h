// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/error.h"

#include <chrono>
#include <string>
#include <string_view>

namespace eventscope::core {

/// Every time in the program: UTC, microseconds. Shown in local time only by the window.
using Timestamp = std::chrono::sys_time<std::chrono::microseconds>;

/// ISO 8601 in UTC with microseconds, e.g. "2026-11-23T09:14:02.113000Z".
std::string formatTimestamp(Timestamp time);
/// The same behind what `out` holds already.
void appendTimestamp(std::string& out, Timestamp time);

/// RFC 3339 and the forms of ISO 8601 that event systems write: 'T' or a space, 0 to 9 digits of
/// fraction (cut to microseconds), 'Z', "+01:00", "+0100", "+01" or nothing (taken as UTC); a date
/// alone is its midnight. Years 0001 to 9999. Unparsable otherwise.
Result<Timestamp> parseTimestamp(std::string_view text);

} // namespace eventscope::core
