// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace eventscope::core {

/// A set of the rows of a window: what a predicate decides about at once. Rows are counted from the
/// window's first one.
class RowMask {
public:
    static constexpr std::size_t kRows = std::size_t{1} << 14;
    static constexpr std::size_t kWord = 64;

    /// None of the first `rows` rows, which are all there are from now on; rows <= kRows.
    explicit RowMask(std::size_t rows = 0) : m_rows(rows) { std::fill_n(m_words.begin(), words(), 0); }
    static RowMask all(std::size_t rows)
    {
        RowMask mask(rows);
        std::fill_n(mask.m_words.begin(), mask.words(), ~std::uint64_t{0});
        if (rows % kWord != 0)
            mask.m_words[mask.words() - 1] >>= kWord - rows % kWord;
        return mask;
    }

    std::size_t rows() const { return m_rows; }
    std::size_t words() const { return (m_rows + kWord - 1) / kWord; }
    std::uint64_t word(std::size_t index) const { return m_words[index]; }
    void setWord(std::size_t index, std::uint64_t word) { m_words[index] = word; }

    bool has(std::size_t row) const { return (m_words[row / kWord] >> (row % kWord) & 1) != 0; }
    void add(std::size_t row) { m_words[row / kWord] |= std::uint64_t{1} << (row % kWord); }
    void remove(std::size_t row) { m_words[row / kWord] &= ~(std::uint64_t{1} << (row % kWord)); }
    void clear() { std::fill_n(m_words.begin(), words(), 0); }
    bool isEmpty() const
    {
        return std::all_of(m_words.begin(), m_words.begin() + static_cast<std::ptrdiff_t>(words()),
            [](std::uint64_t word) { return word == 0; });
    }
    std::size_t count() const
    {
        std::size_t count = 0;
        for (std::size_t i = 0; i < words(); ++i)
            count += static_cast<std::size_t>(std::popcount(m_words[i]));
        return count;
    }
    template <class Take>
    void forEach(Take take) const
    {
        for (std::size_t i = 0; i < words(); ++i) {
            for (std::uint64_t word = m_words[i]; word != 0; word &= word - 1)
                take(i * kWord + static_cast<std::size_t>(std::countr_zero(word)));
        }
    }

    // Of masks of the same window.
    RowMask& operator|=(const RowMask& other)
    {
        for (std::size_t i = 0; i < words(); ++i)
            m_words[i] |= other.m_words[i];
        return *this;
    }
    RowMask& operator^=(const RowMask& other)
    {
        for (std::size_t i = 0; i < words(); ++i)
            m_words[i] ^= other.m_words[i];
        return *this;
    }
    RowMask& without(const RowMask& other)
    {
        for (std::size_t i = 0; i < words(); ++i)
            m_words[i] &= ~other.m_words[i];
        return *this;
    }

private:
    std::size_t m_rows;
    std::array<std::uint64_t, kRows / kWord> m_words; // only as many as there are rows have a value
};

} // namespace eventscope::core
