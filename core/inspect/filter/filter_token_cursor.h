// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/filter/filter_lexer.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace eventscope::core {

/// Where a parser stands in the tokens of an expression, and words for what stands there.
class FilterTokenCursor {
public:
    explicit FilterTokenCursor(std::vector<FilterToken> tokens) : m_tokens(std::move(tokens)) { }

    const FilterToken& current() const { return m_tokens[m_pos]; }
    const FilterToken& following() const { return m_tokens[m_pos + 1 < m_tokens.size() ? m_pos + 1 : m_pos]; }
    const FilterToken& previous() const { return m_tokens[m_pos - 1]; } ///< not at the start
    bool atStart() const { return m_pos == 0; }
    bool isEmpty() const { return m_tokens.size() == 1; } ///< only the End

    void advance(std::size_t by = 1) { m_pos += by; }
    /// Goes on past this token, if it stands here.
    bool take(FilterTokenKind kind, std::string_view text);

    /// "the expression ends", "AND stands": what stands here, for a sentence.
    std::string here() const;
    /// The same for what stands before.
    std::string behind() const;
    /// That an operator should stand here.
    std::string operatorExpected() const;

private:
    std::vector<FilterToken> m_tokens;
    std::size_t m_pos = 0;
};

} // namespace eventscope::core
