// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/filter/like_pattern.h"

#include "inspect/filter/filter_text.h"

namespace eventscope::core {

LikePattern::LikePattern(std::string_view pattern)
{
    m_segments.emplace_back();
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        Segment& segment = m_segments.back();
        const char next = i + 1 < pattern.size() ? pattern[i + 1] : '\0';
        if (pattern[i] == '%') {
            m_segments.emplace_back();
        } else if (pattern[i] == '_') {
            if (segment.pieces.empty() || !segment.pieces.back().literal.empty())
                segment.pieces.emplace_back();
            ++segment.pieces.back().anyCharacters;
        } else {
            if (pattern[i] == '\\' && (next == '%' || next == '_'))
                ++i;
            if (segment.pieces.empty())
                segment.pieces.emplace_back();
            segment.pieces.back().literal += pattern[i];
        }
    }
    for (Segment& segment : m_segments) {
        for (const Piece& piece : segment.pieces)
            segment.characters += piece.anyCharacters + characterCount(piece.literal);
    }
}

std::optional<std::size_t> LikePattern::matchAt(const Segment& segment, std::string_view text, std::size_t pos)
{
    for (const Piece& piece : segment.pieces) {
        for (std::size_t i = 0; i < piece.anyCharacters; ++i) {
            if (pos >= text.size())
                return std::nullopt;
            pos += characterSizeAt(text, pos);
        }
        if (text.substr(pos, piece.literal.size()) != piece.literal)
            return std::nullopt;
        pos += piece.literal.size();
    }
    return pos;
}

std::optional<std::size_t> LikePattern::findFrom(const Segment& segment, std::string_view text, std::size_t pos)
{
    if (segment.pieces.empty())
        return pos;
    const Piece& first = segment.pieces.front();
    while (pos <= text.size()) {
        if (first.anyCharacters == 0) {
            pos = text.find(first.literal, pos);
            if (pos == std::string_view::npos)
                return std::nullopt;
        }
        if (const auto end = matchAt(segment, text, pos))
            return end;
        if (pos == text.size())
            return std::nullopt;
        pos += characterSizeAt(text, pos);
    }
    return std::nullopt;
}

bool LikePattern::matches(std::string_view text) const
{
    const auto start = matchAt(m_segments.front(), text, 0);
    if (!start)
        return false;
    if (m_segments.size() == 1)
        return *start == text.size();

    // The leftmost place for each segment between two '%' leaves the most room for the rest.
    std::size_t pos = *start;
    for (std::size_t i = 1; i + 1 < m_segments.size(); ++i) {
        const auto end = findFrom(m_segments[i], text, pos);
        if (!end)
            return false;
        pos = *end;
    }
    const Segment& last = m_segments.back();
    const std::size_t tail = offsetOfLast(text, last.characters);
    return tail >= pos && matchAt(last, text, tail) == text.size();
}

} // namespace eventscope::core
