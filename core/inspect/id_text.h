// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace eventscope::core {

/// An id as text, read out of the log. Ids in canonical UUID form are kept as 16 bytes there, so
/// their 36 characters exist only in here; any other text is a view into the log.
///
/// Its views live as long as this object; they cannot be taken from a temporary.
class IdText {
public:
    IdText() = default;
    /// A view: whoever owns the text must outlive this.
    explicit IdText(std::string_view text) : m_data(text.data()), m_size(text.size()) { }
    /// The canonical form of 16 bytes.
    static IdText ofUuid(const std::uint8_t* bytes);

    std::string_view view() const& { return {m_isUuid ? m_chars.data() : m_data, m_size}; }
    std::string_view view() const&& = delete;
    operator std::string_view() const& { return view(); }
    operator std::string_view() const&& = delete;

    bool empty() const { return m_size == 0; }
    std::size_t size() const { return m_size; }
    std::string toString() const { return std::string(m_isUuid ? m_chars.data() : m_data, m_size); }

    friend bool operator==(const IdText& a, const IdText& b) { return a.view() == b.view(); }
    friend bool operator==(const IdText& a, std::string_view b) { return a.view() == b; }

private:
    static constexpr std::size_t kUuidLength = 36;

    const char* m_data = nullptr;
    std::size_t m_size = 0;
    std::array<char, kUuidLength> m_chars{}; // only with m_isUuid
    bool m_isUuid = false;
};

/// Writes the 16 bytes of a canonical lower-case UUID; false, with nothing to keep, for any other text.
bool packUuid(std::string_view text, std::uint8_t* bytes);

} // namespace eventscope::core
