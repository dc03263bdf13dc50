// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace eventscope::core {

/// Looks for one text in very many bytes, as fast as memory delivers them where the processor lets it:
/// whole registers are compared with the two bytes of the text that are rarest in events.
/// Immutable. // any thread
class ByteSearch {
public:
    explicit ByteSearch(std::string needle);

    /// The first occurrence, or nullptr. An empty needle is at the beginning. Reads nothing outside of [begin, end).
    const char* find(const char* begin, const char* end) const
    {
        return m_needle.size() < 2 || static_cast<std::size_t>(end - begin) < m_needle.size()
            ? findPlainly(begin, end)
            : m_find(*this, begin, end);
    }
    bool foundIn(std::string_view text) const { return find(text.data(), text.data() + text.size()) != nullptr; }
    const std::string& needle() const { return m_needle; }
    std::size_t size() const { return m_needle.size(); }

private:
    using Find = const char* (*)(const ByteSearch&, const char*, const char*);
    struct Kernels;

    static Find fastestFind();
    const char* findPlainly(const char* begin, const char* end) const;
    bool isAt(const char* place) const;

    std::string m_needle;
    std::size_t m_rare = 0, m_other = 1; ///< offsets of the two bytes
    Find m_find;
};

} // namespace eventscope::core
