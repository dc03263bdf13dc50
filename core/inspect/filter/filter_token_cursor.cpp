// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/filter/filter_token_cursor.h"

#include "inspect/filter/filter_text.h"

#include <fmt/core.h>

namespace eventscope::core {

namespace {

using Kind = FilterTokenKind;

std::string shortened(const std::string& text)
{
    constexpr std::size_t kShown = 40;
    const std::size_t end = offsetOfCharacter(text, kShown);
    return end == text.size() ? text : text.substr(0, end) + "…";
}

} // namespace

bool FilterTokenCursor::take(FilterTokenKind kind, std::string_view text)
{
    if (!current().is(kind, text))
        return false;
    advance();
    return true;
}

std::string FilterTokenCursor::here() const
{
    switch (current().kind) {
    case Kind::End: return "the expression ends";
    case Kind::String: return "a text stands";
    case Kind::Path: return fmt::format("{} stands", shortened(current().path.toString()));
    default: return fmt::format("{} stands", shortened(current().text));
    }
}

std::string FilterTokenCursor::behind() const
{
    return previous().kind == Kind::String ? "this text" : shortened(previous().text);
}

std::string FilterTokenCursor::operatorExpected() const
{
    if (current().kind == Kind::Name && following().kind == Kind::String)
        return fmt::format(
            "{} is no operator; a text is compared with =, LIKE, CONTAINS or MATCHES.", shortened(current().text));
    return fmt::format("Expected an operator such as =, AND or LIKE, but {} here.", here());
}

} // namespace eventscope::core
