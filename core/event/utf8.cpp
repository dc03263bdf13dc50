// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "event/utf8.h"

namespace eventscope::core {

namespace {

unsigned byteAt(std::string_view text, std::size_t pos)
{
    return pos < text.size() ? static_cast<unsigned char>(text[pos]) : 0u;
}

bool isContinuation(unsigned byte)
{
    return (byte & 0xC0u) == 0x80u;
}

} // namespace

std::size_t utf8SequenceAt(std::string_view text, std::size_t pos)
{
    const unsigned first = byteAt(text, pos);
    if (first < 0x80)
        return pos < text.size() ? 1 : 0;
    const unsigned second = byteAt(text, pos + 1);
    if (first >= 0xC2 && first <= 0xDF)
        return isContinuation(second) ? 2 : 0;
    if (first >= 0xE0 && first <= 0xEF) {
        const bool overlong = first == 0xE0 && second < 0xA0;
        const bool surrogate = first == 0xED && second > 0x9F;
        return isContinuation(second) && !overlong && !surrogate && isContinuation(byteAt(text, pos + 2)) ? 3 : 0;
    }
    if (first >= 0xF0 && first <= 0xF4) {
        const bool overlong = first == 0xF0 && second < 0x90;
        const bool tooHigh = first == 0xF4 && second > 0x8F;
        return isContinuation(second) && !overlong && !tooHigh && isContinuation(byteAt(text, pos + 2))
                && isContinuation(byteAt(text, pos + 3))
            ? 4
            : 0;
    }
    return 0;
}

bool isUtf8(std::string_view text)
{
    for (std::size_t pos = 0; pos < text.size();) {
        const std::size_t length = utf8SequenceAt(text, pos);
        if (length == 0)
            return false;
        pos += length;
    }
    return true;
}

void appendUtf8(std::string& out, std::uint32_t codePoint)
{
    const auto put = [&out](std::uint32_t byte) { out.push_back(static_cast<char>(static_cast<unsigned char>(byte))); };
    if (codePoint < 0x80) {
        put(codePoint);
    } else if (codePoint < 0x800) {
        put(0xC0 | (codePoint >> 6));
        put(0x80 | (codePoint & 0x3F));
    } else if (codePoint < 0x10000) {
        put(0xE0 | (codePoint >> 12));
        put(0x80 | ((codePoint >> 6) & 0x3F));
        put(0x80 | (codePoint & 0x3F));
    } else {
        put(0xF0 | (codePoint >> 18));
        put(0x80 | ((codePoint >> 12) & 0x3F));
        put(0x80 | ((codePoint >> 6) & 0x3F));
        put(0x80 | (codePoint & 0x3F));
    }
}

} // namespace eventscope::core
