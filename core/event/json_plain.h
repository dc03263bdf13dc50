// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace eventscope::core {

/// A byte that a JSON string may hold without a closer look: printable ASCII but for '"' and '\'.
inline bool isPlainJsonByte(char c)
{
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x20 && byte < 0x80 && c != '"' && c != '\\';
}

/// Where the plain bytes from `from` on end; the text's size at most. Eight at a time.
inline std::size_t plainJsonEnd(std::string_view text, std::size_t from)
{
    if constexpr (std::endian::native == std::endian::little) {
        constexpr std::uint64_t kOnes = 0x0101'0101'0101'0101U, kHighs = kOnes << 7;
        for (; from + sizeof kOnes <= text.size(); from += sizeof kOnes) {
            std::uint64_t bytes = 0;
            std::memcpy(&bytes, text.data() + from, sizeof bytes);
            // Each test may be wrong behind its first hit, as it borrows; the first of all hits is one.
            const auto lessThan
                = [](std::uint64_t word, std::uint64_t bound) { return (word - kOnes * bound) & ~word; };
            const std::uint64_t special = lessThan(bytes ^ (kOnes * '"'), 1) | lessThan(bytes ^ (kOnes * '\\'), 1)
                | lessThan(bytes, 0x20) | bytes;
            if ((special & kHighs) != 0) {
                return from + static_cast<std::size_t>(std::countr_zero(special & kHighs)) / 8;
            }
        }
    }
    while (from < text.size() && isPlainJsonByte(text[from])) {
        ++from;
    }
    return from;
}

} // namespace eventscope::core
