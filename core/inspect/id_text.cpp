// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/id_text.h"

namespace eventscope::core {

namespace {

constexpr std::string_view kHexDigits = "0123456789abcdef";
constexpr std::uint8_t kNoDigit = 0xff;

constexpr std::array<std::uint8_t, 256> makeDigitValues()
{
    std::array<std::uint8_t, 256> values{};
    values.fill(kNoDigit);
    for (std::size_t digit = 0; digit < kHexDigits.size(); ++digit) {
        values[static_cast<std::uint8_t>(kHexDigits[digit])] = static_cast<std::uint8_t>(digit);
    }
    return values;
}
constexpr auto kDigitValues = makeDigitValues();

// Where the 16 pairs of digits stand between the dashes of 8-4-4-4-12.
constexpr std::array<std::uint8_t, 16> kPairs{0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34};
constexpr std::array<std::uint8_t, 4> kDashes{8, 13, 18, 23};

} // namespace

IdText IdText::ofUuid(const std::uint8_t* bytes)
{
    IdText id;
    id.m_isUuid = true;
    id.m_size = kUuidLength;
    for (const std::uint8_t dash : kDashes) {
        id.m_chars[dash] = '-';
    }
    for (std::size_t i = 0; i < kPairs.size(); ++i) {
        id.m_chars[kPairs[i]] = kHexDigits[bytes[i] >> 4];
        id.m_chars[kPairs[i] + 1U] = kHexDigits[bytes[i] & 0x0f];
    }
    return id;
}

bool packUuid(std::string_view text, std::uint8_t* bytes)
{
    if (text.size() != 36) {
        return false;
    }
    std::uint8_t bad = 0;
    for (const std::uint8_t dash : kDashes) {
        bad |= static_cast<std::uint8_t>(text[dash] ^ '-');
    }
    for (std::size_t i = 0; i < kPairs.size(); ++i) {
        const std::uint8_t high = kDigitValues[static_cast<std::uint8_t>(text[kPairs[i]])];
        const std::uint8_t low = kDigitValues[static_cast<std::uint8_t>(text[kPairs[i] + 1U])];
        bad |= static_cast<std::uint8_t>((high | low) & 0xf0);
        bytes[i] = static_cast<std::uint8_t>((high << 4) | (low & 0x0f));
    }
    return bad == 0;
}

} // namespace eventscope::core
