// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "plain_text.h"

#include <array>
#include <cstddef>
#include <limits>

namespace eventscope::models {

namespace {

bool isInvisible(char32_t c)
{
    return c == 0x00AD || c == 0x061C || c == 0x115F || c == 0x1160 || c == 0x180E || (c >= 0x200B && c <= 0x200F)
        || (c >= 0x2028 && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F) || c == 0x3164 || c == 0xFEFF
        || (c >= 0xFFF9 && c <= 0xFFFB) || (c >= 0xFE00 && c <= 0xFE0F) || (c >= 0xE0000 && c <= 0xE0FFF);
}

bool isCombining(char32_t c)
{
    return (c >= 0x0300 && c <= 0x036F) || (c >= 0x1AB0 && c <= 0x1AFF) || (c >= 0x1DC0 && c <= 0x1DFF)
        || (c >= 0x20D0 && c <= 0x20FF) || (c >= 0xFE20 && c <= 0xFE2F);
}

QString hexToken(char32_t c, int digits, QLatin1Char prefix = QLatin1Char(' '))
{
    QString token(1, QChar(0x2039));
    if (prefix != QLatin1Char(' '))
        token += prefix;
    token += QString::number(static_cast<uint>(c), 16).toUpper().rightJustified(digits, QLatin1Char('0'));
    return token + QChar(0x203A);
}

/// Appends one character, or the sign that stands for it.
class Writer {
public:
    explicit Writer(Lines lines) : m_lines(lines) { }

    void put(char32_t c)
    {
        m_combining = isCombining(c) ? m_combining + 1 : 0;
        if (c == U'\n' || c == U'\t') {
            m_out += m_lines == Lines::Keep ? QChar(static_cast<char16_t>(c)) : QChar(c == U'\n' ? 0x21B5 : 0x21E5);
        } else if (c < 0x20) {
            m_out += QChar(static_cast<char16_t>(0x2400 + c));
        } else if (c == 0x7F) {
            m_out += QChar(0x2421);
        } else if ((c >= 0x80 && c < 0xA0) || isInvisible(c) || m_combining > 4) {
            m_out += hexToken(c, 4);
        } else if (c > 0xFFFF) {
            m_out += QChar::fromUcs4(c);
        } else {
            m_out += QChar(static_cast<char16_t>(c));
        }
    }
    void putByte(unsigned char byte) { m_out += hexToken(byte, 2, QLatin1Char('x')); }
    qsizetype size() const { return m_out.size(); }
    QString take() { return std::move(m_out); }
    void end() { m_out += QChar(0x2026); }

private:
    QString m_out;
    Lines m_lines;
    int m_combining = 0;
};

/// The length of the valid UTF-8 sequence at `at` and its character; 0 for a byte that begins none.
std::size_t decode(std::string_view bytes, std::size_t at, char32_t& c)
{
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(bytes[at + i]); };
    const unsigned char lead = byte(0);
    if (lead < 0x80) {
        c = lead;
        return 1;
    }
    const std::size_t length = lead >= 0xF0 && lead < 0xF5 ? 4
        : lead >= 0xE0 && lead < 0xF0                      ? 3
        : lead >= 0xC2 && lead < 0xE0                      ? 2
                                                           : 0;
    if (length == 0 || at + length > bytes.size())
        return 0;
    c = lead & (0xFFU >> (length + 1));
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xC0) != 0x80)
            return 0;
        c = (c << 6) | (byte(i) & 0x3FU);
    }
    static constexpr std::array<char32_t, 5> smallest{0, 0, 0x80, 0x800, 0x10000};
    return c < smallest[length] || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF) ? 0 : length;
}

} // namespace

QString visibleText(std::string_view bytes, qsizetype maxChars, Lines lines)
{
    Writer out(lines);
    for (std::size_t at = 0; at < bytes.size();) {
        if (out.size() >= maxChars) {
            out.end();
            break;
        }
        char32_t c = 0;
        if (const std::size_t length = decode(bytes, at, c)) {
            out.put(c);
            at += length;
        } else {
            out.putByte(static_cast<unsigned char>(bytes[at]));
            ++at;
        }
    }
    return out.take();
}

QString visibleTextWhole(std::string_view bytes, Lines lines)
{
    return visibleText(bytes, std::numeric_limits<qsizetype>::max(), lines);
}

QString visibleText(QStringView text, qsizetype maxChars, Lines lines)
{
    Writer out(lines);
    for (qsizetype at = 0; at < text.size(); ++at) {
        if (out.size() >= maxChars) {
            out.end();
            break;
        }
        const QChar c = text[at];
        if (c.isHighSurrogate() && at + 1 < text.size() && text[at + 1].isLowSurrogate())
            out.put(QChar::surrogateToUcs4(c, text[++at]));
        else if (c.isSurrogate())
            out.put(0xFFFD);
        else
            out.put(c.unicode());
    }
    return out.take();
}

QString plainToolTip(QStringView text)
{
    // Qt guesses whether a tool tip is HTML; a tag around escaped text leaves it no choice.
    const QString shown = visibleText(text, kTooltipChars, Lines::Keep).toHtmlEscaped();
    return shown.isEmpty() ? QString() : QStringLiteral("<div style=\"white-space: pre-wrap\">%1</div>").arg(shown);
}

} // namespace eventscope::models
