// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/filter/filter_error.h"
#include "inspect/filter/filter_names.h"

#include <cstddef>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace eventscope::core {

enum class FilterTokenKind : std::uint8_t {
    End,
    Name,    ///< of an attribute or function
    Keyword, ///< AND, OR, XOR, NOT, LIKE, IN, EXISTS, TRUE, FALSE in any case
    Integer, ///< digits
    Decimal, ///< 99.5, 1.5e3
    String,
    Path,   ///< data.items[0].sku
    Symbol, ///< ( ) , + - * / % = != <> < <= > >=
};

struct FilterToken {
    FilterTokenKind kind = FilterTokenKind::End;
    std::size_t begin = 0;
    std::size_t end = 0;
    /// As it is written; a String's content with its escapes resolved; a Keyword in upper case.
    std::string text;
    FilterPath path; ///< of a Path

    bool is(FilterTokenKind k, std::string_view t) const { return kind == k && text == t; }
};

/// Takes an expression's text apart; the last token is always an End. Any bytes may come in.
///
/// In a string a backslash keeps the quote behind it from ending the string; before any other
/// character it is itself (so "\%" reaches LIKE and "\d" reaches MATCHES as they are). A doubled quote
/// stands for one, as in SQL.
std::expected<std::vector<FilterToken>, FilterProblem> tokenizeFilter(std::string_view text);

/// The same for as much of the text as can be told apart: what is wrong ends the list and is left
/// out, an unfinished string is taken as one. For completion.
std::vector<FilterToken> tokenizeFilterSoFar(std::string_view text, bool& inString);

} // namespace eventscope::core
