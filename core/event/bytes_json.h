// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/json.h"

#include <optional>
#include <string>
#include <string_view>

namespace eventscope::core {

/// Any bytes as JSON that gives them back: a string when they are UTF-8, else {"$base64":"…"}.
Json bytesToJson(std::string_view bytes);
std::optional<std::string> bytesFromJson(const Json& json);

} // namespace eventscope::core
