// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/filter/json_head.h"

#include <bit>
#include <cstddef>
#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace eventscope::core {

namespace {

/// The first byte from `at` on that is a quote, a backslash, a control character or beyond ASCII.
inline const char* endOfPlain(const char* at, const char* end)
{
#if defined(__SSE2__)
    const __m128i quote = _mm_set1_epi8('"');
    const __m128i escape = _mm_set1_epi8('\\');
    const __m128i space = _mm_set1_epi8(' ');
    for (; at < end; at += 16) {
        const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
        // As signed numbers, those beyond ASCII are less than a space as well.
        const __m128i any = _mm_or_si128(
            _mm_or_si128(_mm_cmpeq_epi8(bytes, quote), _mm_cmpeq_epi8(bytes, escape)), _mm_cmplt_epi8(bytes, space));
        if (const auto mask = static_cast<unsigned>(_mm_movemask_epi8(any)); mask != 0)
            return at + std::countr_zero(mask);
    }
#else
    for (; at < end; ++at) {
        const auto byte = static_cast<unsigned char>(*at);
        if (byte == '"' || byte == '\\' || byte < ' ' || byte >= 0x80)
            return at;
    }
#endif
    return end;
}

class HeadReader {
public:
    explicit HeadReader(std::string_view json) : m_at(json.data()), m_end(json.data() + json.size()) { }

    bool take(char wanted)
    {
        if (m_at < m_end && *m_at == wanted) {
            ++m_at;
            return true;
        }
        while (m_at < m_end && (*m_at == ' ' || *m_at == '\n' || *m_at == '\r' || *m_at == '\t'))
            ++m_at;
        if (m_at >= m_end || *m_at != wanted)
            return false;
        ++m_at;
        return true;
    }

    /// Behind a name's first quote: whether it is that one; it is passed over then.
    bool isName(std::string_view name)
    {
        if (static_cast<std::size_t>(m_end - m_at) <= name.size() || m_at[name.size()] != '"'
            || std::memcmp(m_at, name.data(), name.size()) != 0)
            return false;
        m_at += name.size() + 1;
        return true;
    }

    /// Behind its first quote.
    bool string(std::string_view& text)
    {
        const char* const begin = m_at;
        const char* const stop = endOfPlain(m_at, m_end);
        if (stop >= m_end || *stop != '"')
            return false;
        text = {begin, static_cast<std::size_t>(stop - begin)};
        m_at = stop + 1;
        return true;
    }

    /// A string, number or truth value; null has no data.
    bool scalar(std::string_view& text)
    {
        if (take('"'))
            return string(text);
        const char* const begin = m_at;
        while (m_at < m_end && isOfToken(*m_at))
            ++m_at;
        text = {begin, static_cast<std::size_t>(m_at - begin)};
        if (text == "null") {
            text = {};
            return true;
        }
        return text == "true" || text == "false"
            || (!text.empty() && (*begin == '-' || (*begin >= '0' && *begin <= '9')));
    }

private:
    static bool isOfToken(char c)
    {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '.' || c == '-' || c == '+' || c == 'E';
    }

    const char* m_at;
    const char* m_end;
};

} // namespace

bool readJsonHead(std::string_view json, std::span<const PathStep> names, std::span<std::string_view> texts)
{
    HeadReader in(json);
    if (!in.take('{'))
        return false;
    for (std::size_t next = 0; next < names.size();) {
        if (!in.take('"'))
            return false;
        const bool isWanted = in.isName(names[next].jsonName);
        std::string_view value;
        if ((!isWanted && !in.string(value)) || !in.take(':') || !in.scalar(value))
            return false;
        if (isWanted)
            texts[next++] = value;
        if (next < names.size() && !in.take(','))
            return false;
    }
    return in.take(',') || in.take('}');
}

} // namespace eventscope::core
