// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <bitset>
#include <cstddef>

namespace eventscope::core {

/// A set of byte values: what may stand at one place.
class ByteClass {
public:
    ByteClass() = default;
    explicit ByteClass(char only) { add(only); }
    static ByteClass range(char first, char last)
    {
        ByteClass bytes;
        bytes.addRange(first, last);
        return bytes;
    }

    void add(char c) { m_bytes.set(static_cast<unsigned char>(c)); }
    void addRange(char first, char last)
    {
        for (std::size_t c = static_cast<unsigned char>(first); c <= static_cast<unsigned char>(last); ++c)
            m_bytes.set(c);
    }
    bool has(char c) const { return m_bytes[static_cast<unsigned char>(c)]; }
    std::size_t count() const { return m_bytes.count(); }
    ByteClass& operator|=(const ByteClass& other)
    {
        m_bytes |= other.m_bytes;
        return *this;
    }
    bool operator==(const ByteClass&) const = default;

private:
    std::bitset<256> m_bytes;
};

} // namespace eventscope::core
