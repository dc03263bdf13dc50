// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/filter/byte_search.h"

#include "inspect/filter/byte_frequency.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <string.h>
#include <utility>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace eventscope::core {

ByteSearch::ByteSearch(std::string needle) : m_needle(std::move(needle)), m_find(fastestFind())
{
    if (m_needle.size() < 2)
        return;
    const auto rarer
        = [this](std::size_t a, std::size_t b) { return frequencyOf(m_needle[a]) < frequencyOf(m_needle[b]); };
    m_rare = 0;
    for (std::size_t i = 1; i < m_needle.size(); ++i)
        m_rare = rarer(i, m_rare) ? i : m_rare;
    m_other = m_rare == 0 ? 1 : 0;
    for (std::size_t i = 0; i < m_needle.size(); ++i) {
        // The same byte twice says less than two different ones.
        const bool isBetter = m_needle[m_other] == m_needle[m_rare] || rarer(i, m_other);
        if (i != m_rare && m_needle[i] != m_needle[m_rare] && isBetter)
            m_other = i;
    }
}

const char* ByteSearch::findPlainly(const char* begin, const char* end) const
{
    if (m_needle.empty())
        return begin;
    const auto size = static_cast<std::size_t>(end - begin);
    if (size < m_needle.size())
        return nullptr;
    return static_cast<const char*>(memmem(begin, size, m_needle.data(), m_needle.size()));
}

bool ByteSearch::isAt(const char* place) const
{
    return std::memcmp(place, m_needle.data(), m_needle.size()) == 0;
}

#if defined(__x86_64__)

struct ByteSearch::Kernels {
    /// So far ahead memory is asked for: the processor itself does not look past the end of a page.
    static constexpr std::size_t kAhead = 4096;

    static void fetch(const char* at, std::size_t bytes)
    {
        // Behind the last byte as well: it reads nothing that could be missed.
        for (std::size_t i = 0; i < bytes; i += 64)
            _mm_prefetch(at + kAhead + i, _MM_HINT_T1);
    }

    /// Of the places that the bits stand for, the first where the whole text is.
    template <class Mask>
    static const char* firstMatch(const ByteSearch& search, const char* base, Mask mask)
    {
        for (; mask != 0; mask &= mask - 1) {
            const char* const place = base + std::countr_zero(mask);
            if (search.isAt(place))
                return place;
        }
        return nullptr;
    }

    __attribute__((target("avx2"))) static __m256i both32(const char* a, const char* b, __m256i x, __m256i y)
    {
        return _mm256_and_si256(_mm256_cmpeq_epi8(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(a)), x),
            _mm256_cmpeq_epi8(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(b)), y));
    }

    __attribute__((target("avx2"))) static const char* findAvx2(
        const ByteSearch& search, const char* begin, const char* end)
    {
        const __m256i rare = _mm256_set1_epi8(search.m_needle[search.m_rare]);
        const __m256i other = _mm256_set1_epi8(search.m_needle[search.m_other]);
        const std::size_t size = search.m_needle.size();
        const char* at = begin;
        // `room` places can be looked at without a byte behind the end.
        auto room = static_cast<std::size_t>(end - begin) - size + 1;
        for (; room >= 128; room -= 128, at += 128) {
            fetch(at, 128);
            const char* const a = at + search.m_rare;
            const char* const b = at + search.m_other;
            const __m256i m0 = both32(a, b, rare, other);
            const __m256i m1 = both32(a + 32, b + 32, rare, other);
            const __m256i m2 = both32(a + 64, b + 64, rare, other);
            const __m256i m3 = both32(a + 96, b + 96, rare, other);
            const __m256i any = _mm256_or_si256(_mm256_or_si256(m0, m1), _mm256_or_si256(m2, m3));
            if (_mm256_testz_si256(any, any))
                continue;
            const auto low = static_cast<std::uint32_t>(_mm256_movemask_epi8(m0))
                | (std::uint64_t{static_cast<std::uint32_t>(_mm256_movemask_epi8(m1))} << 32);
            const auto high = static_cast<std::uint32_t>(_mm256_movemask_epi8(m2))
                | (std::uint64_t{static_cast<std::uint32_t>(_mm256_movemask_epi8(m3))} << 32);
            if (const char* const place = firstMatch(search, at, low))
                return place;
            if (const char* const place = firstMatch(search, at + 64, high))
                return place;
        }
        return search.findPlainly(at, end);
    }

    __attribute__((target("avx512bw"))) static std::uint64_t both64(const char* a, const char* b, __m512i x, __m512i y)
    {
        return _mm512_mask_cmpeq_epi8_mask(_mm512_cmpeq_epi8_mask(_mm512_loadu_si512(a), x), _mm512_loadu_si512(b), y);
    }

    __attribute__((target("avx512bw"))) static const char* findAvx512(
        const ByteSearch& search, const char* begin, const char* end)
    {
        const __m512i rare = _mm512_set1_epi8(search.m_needle[search.m_rare]);
        const __m512i other = _mm512_set1_epi8(search.m_needle[search.m_other]);
        const char* at = begin;
        auto room = static_cast<std::size_t>(end - begin) - search.m_needle.size() + 1;
        for (; room >= 256; room -= 256, at += 256) {
            fetch(at, 256);
            const char* const a = at + search.m_rare;
            const char* const b = at + search.m_other;
            const std::array<std::uint64_t, 4> masks{both64(a, b, rare, other), both64(a + 64, b + 64, rare, other),
                both64(a + 128, b + 128, rare, other), both64(a + 192, b + 192, rare, other)};
            if ((masks[0] | masks[1] | masks[2] | masks[3]) == 0)
                continue;
            for (std::size_t i = 0; i < masks.size(); ++i) {
                if (const char* const place = firstMatch(search, at + 64 * i, masks[i]))
                    return place;
            }
        }
        return search.findPlainly(at, end);
    }
};

ByteSearch::Find ByteSearch::fastestFind()
{
    static const Find fastest = [] {
        if (__builtin_cpu_supports("avx512bw"))
            return &Kernels::findAvx512;
        if (__builtin_cpu_supports("avx2"))
            return &Kernels::findAvx2;
        return +[](const ByteSearch& search, const char* begin, const char* end) {
            return search.findPlainly(begin, end);
        };
    }();
    return fastest;
}

#else

ByteSearch::Find ByteSearch::fastestFind()
{
    return [](const ByteSearch& search, const char* begin, const char* end) { return search.findPlainly(begin, end); };
}

#endif

} // namespace eventscope::core
