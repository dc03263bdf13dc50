// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/filter/row_mask.h"

#include <bit>
#include <cstddef>
#include <cstdint>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace eventscope::core {

/// Which of 64 values are `wanted`, a bit each. // any thread
template <class T>
std::uint64_t equalTo(const T* values, T wanted)
{
    std::uint64_t word = 0;
    for (std::size_t i = 0; i < RowMask::kWord; ++i)
        word |= std::uint64_t{values[i] == wanted} << i;
    return word;
}

#if defined(__SSE2__)

// Part of every x86-64 processor, so this needs no choice at run time.

inline __m128i load16Bytes(const void* from)
{
    return _mm_loadu_si128(static_cast<const __m128i*>(from));
}
inline std::uint64_t bitsOfBytes(__m128i bytes)
{
    return static_cast<std::uint32_t>(_mm_movemask_epi8(bytes));
}

template <>
inline std::uint64_t equalTo(const std::uint8_t* values, std::uint8_t wanted)
{
    const __m128i all = _mm_set1_epi8(static_cast<char>(wanted));
    std::uint64_t word = 0;
    for (unsigned i = 0; i < 4; ++i)
        word |= bitsOfBytes(_mm_cmpeq_epi8(load16Bytes(values + 16 * i), all)) << (16 * i);
    return word;
}

template <>
inline std::uint64_t equalTo(const std::uint16_t* values, std::uint16_t wanted)
{
    const __m128i all = _mm_set1_epi16(static_cast<short>(wanted));
    std::uint64_t word = 0;
    for (unsigned i = 0; i < 4; ++i) {
        const __m128i low = _mm_cmpeq_epi16(load16Bytes(values + 16 * i), all);
        const __m128i high = _mm_cmpeq_epi16(load16Bytes(values + 16 * i + 8), all);
        word |= bitsOfBytes(_mm_packs_epi16(low, high)) << (16 * i);
    }
    return word;
}

template <>
inline std::uint64_t equalTo(const std::uint32_t* values, std::uint32_t wanted)
{
    const __m128i all = _mm_set1_epi32(static_cast<int>(wanted));
    const auto eight = [&](const std::uint32_t* from) {
        return _mm_packs_epi32(_mm_cmpeq_epi32(load16Bytes(from), all), _mm_cmpeq_epi32(load16Bytes(from + 4), all));
    };
    std::uint64_t word = 0;
    for (unsigned i = 0; i < 4; ++i)
        word |= bitsOfBytes(_mm_packs_epi16(eight(values + 16 * i), eight(values + 16 * i + 8))) << (16 * i);
    return word;
}

#endif

/// Keeps those of the rows for whose value `holds` is true.
template <class T, class Holds>
void keepIf(const T* values, Holds holds, RowMask& rows)
{
    for (std::size_t i = 0; i < rows.words(); ++i) {
        const T* const at = values + i * RowMask::kWord;
        std::uint64_t word = rows.word(i);
        if (word == ~std::uint64_t{0}) {
            word = 0;
            for (std::size_t k = 0; k < RowMask::kWord; ++k)
                word |= std::uint64_t{holds(at[k])} << k;
        } else {
            std::uint64_t kept = 0;
            for (; word != 0; word &= word - 1) {
                const int k = std::countr_zero(word);
                kept |= std::uint64_t{holds(at[k])} << k;
            }
            word = kept;
        }
        rows.setWord(i, word);
    }
}

/// Keeps those of the rows whose value is `wanted`.
template <class T>
void keepEqual(const T* values, T wanted, RowMask& rows)
{
    const std::size_t whole = rows.rows() / RowMask::kWord;
    for (std::size_t i = 0; i < whole; ++i) {
        if (rows.word(i) != 0)
            rows.setWord(i, rows.word(i) & equalTo(values + i * RowMask::kWord, wanted));
    }
    // Behind the last row somebody may be writing.
    if (whole < rows.words()) {
        std::uint64_t word = rows.word(whole);
        for (std::uint64_t left = word; left != 0; left &= left - 1) {
            const int k = std::countr_zero(left);
            if (values[whole * RowMask::kWord + static_cast<std::size_t>(k)] != wanted)
                word &= ~(std::uint64_t{1} << k);
        }
        rows.setWord(whole, word);
    }
}

} // namespace eventscope::core
