// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/filter/filter_text.h"

#include "event/utf8.h"

#include <algorithm>
#include <array>
#include <clocale>
#include <cstdint>
#include <cstring>
#include <cwctype>
#include <locale.h>
#include <memory>
#include <string.h>
#include <type_traits>

namespace eventscope::core {

namespace {

bool isAscii(char c)
{
    return static_cast<unsigned char>(c) < 0x80;
}

char lowerAscii(char c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

char upperAscii(char c)
{
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - ('a' - 'A')) : c;
}

/// The code point of a well-formed sequence.
std::uint32_t decode(std::string_view sequence)
{
    if (sequence.size() == 1)
        return static_cast<unsigned char>(sequence.front());
    constexpr std::array<unsigned, 5> kLeadMask{0, 0, 0x1f, 0x0f, 0x07};
    std::uint32_t point = static_cast<unsigned char>(sequence.front()) & kLeadMask[sequence.size()];
    for (const char c : sequence.substr(1))
        point = (point << 6) | (static_cast<unsigned char>(c) & 0x3fU);
    return point;
}

struct FreeLocale {
    void operator()(locale_t locale) const { freelocale(locale); }
};
using LocaleHandle = std::unique_ptr<std::remove_pointer_t<locale_t>, FreeLocale>;

/// The C library's Unicode tables, whatever language the user's environment asks for.
locale_t unicodeLocale()
{
    static const LocaleHandle locale(newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr));
    return locale.get();
}

std::string mapCharacters(std::string_view text, char (*ascii)(char), wint_t (*unicode)(wint_t, locale_t))
{
    std::string out;
    out.reserve(text.size());
    const locale_t locale = unicodeLocale();
    for (std::size_t i = 0; i < text.size();) {
        if (isAscii(text[i])) {
            out += ascii(text[i++]);
            continue;
        }
        const std::size_t size = utf8SequenceAt(text, i);
        if (size == 0 || locale == nullptr)
            out.append(text, i, std::max<std::size_t>(size, 1));
        else
            appendUtf8(out, unicode(decode(text.substr(i, size)), locale));
        i += std::max<std::size_t>(size, 1);
    }
    return out;
}

bool isWhiteSpace(std::uint32_t point)
{
    return (point >= 0x09 && point <= 0x0d) || point == 0x20 || point == 0x85 || point == 0xa0 || point == 0x1680
        || (point >= 0x2000 && point <= 0x200a) || point == 0x2028 || point == 0x2029 || point == 0x202f
        || point == 0x205f || point == 0x3000;
}

bool isWhiteSpaceAt(std::string_view text, std::size_t pos, std::size_t size)
{
    return utf8SequenceAt(text, pos) == size && isWhiteSpace(decode(text.substr(pos, size)));
}

/// The offset of the character that ends at `end` (> 0).
std::size_t previousCharacter(std::string_view text, std::size_t end)
{
    for (std::size_t size = 2; size <= 4 && size <= end; ++size) {
        if (utf8SequenceAt(text, end - size) == size)
            return end - size;
    }
    return end - 1;
}

} // namespace

std::size_t characterSizeAt(std::string_view text, std::size_t pos)
{
    return isAscii(text[pos]) ? 1 : std::max<std::size_t>(utf8SequenceAt(text, pos), 1);
}

std::size_t characterCount(std::string_view text)
{
    std::size_t count = 0;
    for (std::size_t i = 0; i < text.size(); i += characterSizeAt(text, i))
        ++count;
    return count;
}

std::size_t offsetOfCharacter(std::string_view text, std::size_t index)
{
    std::size_t offset = 0;
    for (; offset < text.size() && index > 0; --index)
        offset += characterSizeAt(text, offset);
    return offset;
}

std::size_t offsetOfLast(std::string_view text, std::size_t count)
{
    std::size_t offset = text.size();
    for (; offset > 0 && count > 0; --count)
        offset = previousCharacter(text, offset);
    return offset;
}

std::string toLowerCase(std::string_view text)
{
    return mapCharacters(text, lowerAscii, towlower_l);
}

std::string toUpperCase(std::string_view text)
{
    return mapCharacters(text, upperAscii, towupper_l);
}

std::string_view trimmed(std::string_view text)
{
    while (!text.empty()) {
        const std::size_t size = characterSizeAt(text, 0);
        if (!isWhiteSpaceAt(text, 0, size))
            break;
        text.remove_prefix(size);
    }
    while (!text.empty()) {
        const std::size_t last = previousCharacter(text, text.size());
        if (!isWhiteSpaceAt(text, last, text.size() - last))
            break;
        text.remove_suffix(text.size() - last);
    }
    return text;
}

bool containsBytes(std::string_view text, std::string_view needle)
{
    if (needle.empty())
        return true;
    return needle.size() <= text.size() && memmem(text.data(), text.size(), needle.data(), needle.size()) != nullptr;
}

bool sameName(std::string_view a, std::string_view b)
{
    return a.size() == b.size()
        && std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return lowerAscii(x) == lowerAscii(y); });
}

} // namespace eventscope::core
