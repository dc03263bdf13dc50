// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace eventscope::core {

/// A text that is part of everything a regular expression matches, so that whatever lacks it need not
/// be given to the expression at all.
struct RegexLiteral {
    std::string text;      ///< the longest found; empty: none
    bool isPrefix = false; ///< every match begins with it
};

/// Of a valid pattern in RE2's syntax. Finds none rather than a wrong one. // any thread
RegexLiteral literalOfRegex(std::string_view pattern);

} // namespace eventscope::core
