// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/json.h"

#include <optional>
#include <string>
#include <string_view>

namespace eventscope::core {

/// RFC 4648 with padding.
std::string toBase64(std::string_view bytes);
/// Strict: padding required, no white space. Unparsable otherwise.
Result<std::string> fromBase64(std::string_view text);

/// Any bytes as JSON that gives them back: a string when they are UTF-8, else {"$base64":"…"}.
Json bytesToJson(std::string_view bytes);
std::optional<std::string> bytesFromJson(const Json& json);

} // namespace eventscope::core
