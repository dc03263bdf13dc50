// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <vector>

namespace eventscope::models {

/// A set of rows kept as ranges, so that "everything" of a hundred million rows costs nothing.
class RowSelection {
public:
    struct Range {
        std::uint64_t first, last; ///< both included
        bool operator==(const Range&) const = default;
    };

    void clear() { m_ranges.clear(); }
    void setRange(std::uint64_t a, std::uint64_t b);
    void addRange(std::uint64_t a, std::uint64_t b);
    void removeRange(std::uint64_t a, std::uint64_t b);
    void toggle(std::uint64_t row);
    /// The first rows went: what is left has numbers that are so much less.
    void dropFirst(std::uint64_t rows);

    bool contains(std::uint64_t row) const;
    bool empty() const { return m_ranges.empty(); }
    std::uint64_t count() const;
    /// Ascending, apart from each other.
    const std::vector<Range>& ranges() const { return m_ranges; }

private:
    std::vector<Range> m_ranges;
};

} // namespace eventscope::models
