// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace eventscope::core {

// Text as CESQL sees it: a sequence of Unicode characters in UTF-8. A byte that is no UTF-8 counts as
// one character of its own, so that every function is defined on every text. // any thread

/// The length in bytes of the character at `pos`; pos < text.size().
std::size_t characterSizeAt(std::string_view text, std::size_t pos);

/// The number of characters.
std::size_t characterCount(std::string_view text);

/// The byte offset of the character with that index from the left; text.size() beyond the last one.
std::size_t offsetOfCharacter(std::string_view text, std::size_t index);

/// The byte offset at which the last `count` characters begin; 0 when there are not that many.
std::size_t offsetOfLast(std::string_view text, std::size_t count);

/// Each character by itself, in no language's particular way: 'ß' stays 'ß'.
std::string toLowerCase(std::string_view text);
std::string toUpperCase(std::string_view text);

/// Without Unicode white space at either end; control characters that are no white space stay.
std::string_view trimmed(std::string_view text);

/// Whether `needle` occurs in `text`, byte for byte. An empty needle occurs everywhere.
bool containsBytes(std::string_view text, std::string_view needle);

/// Same letters, upper or lower case; ASCII letters only, as in names of attributes and headers.
bool sameName(std::string_view a, std::string_view b);

} // namespace eventscope::core
