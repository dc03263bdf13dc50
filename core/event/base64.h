// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace eventscope::core {

/// The standard alphabet of RFC 4648 with padding, no line breaks. // any thread
void appendBase64(std::string& out, std::string_view bytes);

/// Exactly what appendBase64 writes; nothing for any other text.
std::optional<std::string> decodeBase64(std::string_view text);

} // namespace eventscope::core
