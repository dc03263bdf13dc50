// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace eventscope::core {

/// Reads bytes from front to back; every function returns false where there are not enough.
class ByteReader {
public:
    explicit ByteReader(std::string_view bytes) : m_bytes(bytes) { }

    bool atEnd() const { return m_at == m_bytes.size(); }
    std::size_t position() const { return m_at; }
    std::size_t left() const { return m_bytes.size() - m_at; }

    bool byte(std::uint8_t& value) { return bigEndian(value); }

    template <std::unsigned_integral T>
    bool bigEndian(T& value)
    {
        if (left() < sizeof(T)) {
            return false;
        }
        std::uint64_t number = 0;
        for (std::size_t i = 0; i < sizeof(T); ++i) {
            number = (number << 8) | static_cast<unsigned char>(m_bytes[m_at++]);
        }
        value = static_cast<T>(number);
        return true;
    }

    template <std::unsigned_integral T>
    bool littleEndian(T& value)
    {
        if (left() < sizeof(T)) {
            return false;
        }
        std::uint64_t number = 0;
        for (std::size_t i = 0; i < sizeof(T); ++i) {
            number |= std::uint64_t{static_cast<unsigned char>(m_bytes[m_at++])} << (8 * i);
        }
        value = static_cast<T>(number);
        return true;
    }

    bool bytes(std::uint64_t size, std::string_view& value)
    {
        if (size > left()) {
            return false;
        }
        value = m_bytes.substr(m_at, static_cast<std::size_t>(size));
        m_at += value.size();
        return true;
    }

    /// Seven bits a byte, least first, at most 64 in all.
    bool varint(std::uint64_t& value)
    {
        value = 0;
        for (unsigned shift = 0; shift < 64; shift += 7) {
            std::uint8_t part = 0;
            if (!byte(part)) {
                return false;
            }
            if (shift == 63 && part > 1) {
                return false;
            }
            value |= std::uint64_t{part & 0x7Fu} << shift;
            if ((part & 0x80u) == 0) {
                return true;
            }
        }
        return false;
    }

private:
    std::string_view m_bytes;
    std::size_t m_at = 0;
};

} // namespace eventscope::core
