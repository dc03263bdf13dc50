// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace eventscope::core {

/// A LIKE pattern made ready: '%' is any number of characters, '_' is one, '\%' and '\_' are
/// themselves, everything else matches exactly. Immutable. // any thread
class LikePattern {
public:
    explicit LikePattern(std::string_view pattern);

    bool matches(std::string_view text) const;

private:
    /// A run of literal bytes behind a number of '_'.
    struct Piece {
        std::size_t anyCharacters = 0;
        std::string literal;
    };
    /// What stands between two '%'.
    struct Segment {
        std::vector<Piece> pieces;
        std::size_t characters = 0;
    };
    /// The offset behind the segment when it matches at `pos`.
    static std::optional<std::size_t> matchAt(const Segment& segment, std::string_view text, std::size_t pos);
    /// The same at the first place from `pos` on.
    static std::optional<std::size_t> findFrom(const Segment& segment, std::string_view text, std::size_t pos);

    std::vector<Segment> m_segments; // at least one; an empty one where '%' starts or ends the pattern
};

} // namespace eventscope::core
