// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace eventscope::core {

/// A text as JSON, or {"$base64":…} where it is not valid UTF-8.
void appendTextOrBytes(std::string& out, std::string_view text);
void appendBytesAsJson(std::string& out, std::string_view bytes);
/// The shortest number that reads back the same; "NaN", "Infinity" and "-Infinity" as strings.
void appendReal(std::string& out, double number);
void appendReal(std::string& out, float number);

} // namespace eventscope::core
