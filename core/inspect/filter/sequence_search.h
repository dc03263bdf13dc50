// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/filter/byte_class.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace eventscope::core {

/// Looks in very many bytes for a run of which each byte is one of a few: whole registers are compared at
/// up to four of its places at once, those that leave the fewest in a sample of what will be searched.
class SequenceSearch {
public:
    /// Of at least one byte.
    explicit SequenceSearch(std::vector<ByteClass> sequence);

    /// Chooses the places anew.
    void adaptTo(std::string_view sample);

    /// The first occurrence, or nullptr. Reads nothing outside of [begin, end). // any thread
    const char* find(const char* begin, const char* end) const
    {
        return static_cast<std::size_t>(end - begin) < m_sequence.size() ? nullptr : m_find(*this, begin, end);
    }
    std::size_t size() const { return m_sequence.size(); }

private:
    /// A place, and a range of bytes that holds all of its class: low <= (byte | same) <= low + width.
    struct Test {
        std::size_t offset = 0;
        std::uint8_t same = 0, low = 0, width = 0;

        bool holds(char c) const
        {
            return static_cast<std::uint8_t>((static_cast<unsigned char>(c) | same) - low) <= width;
        }
    };
    static constexpr std::size_t kTests = 4;
    using Find = const char* (*)(const SequenceSearch&, const char*, const char*);
    struct Kernels;

    static Find fastestFind();
    static Test testOf(const ByteClass& bytes, std::size_t offset);
    const char* findPlainly(const char* begin, const char* end) const;
    bool isAt(const char* place) const;

    std::vector<ByteClass> m_sequence;
    std::array<Test, kTests> m_tests; ///< the first two leave the fewest
    std::vector<std::size_t> m_order; ///< of the places, those that say most first
    Find m_find;
};

} // namespace eventscope::core
