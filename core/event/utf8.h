// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace eventscope::core {

/// The length (1 to 4) of the well-formed UTF-8 sequence at `pos`, or 0 where there is none: no
/// overlong forms, no surrogates, nothing beyond U+10FFFF. // any thread
std::size_t utf8SequenceAt(std::string_view text, std::size_t pos);

bool isUtf8(std::string_view text);

/// Appends a code point. A surrogate is encoded like any other (three bytes that are not UTF-8), so
/// that JSON's lone "\ud800" survives in memory; see appendJsonString.
void appendUtf8(std::string& out, std::uint32_t codePoint);

} // namespace eventscope::core
