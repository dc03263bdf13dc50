// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/filter/byte_class.h"

#include <string_view>
#include <vector>

namespace eventscope::core {

/// A run of bytes of known length that is part of everything a regular expression matches, so that
/// whatever lacks it need not be given to the expression at all: of "TRK-[0-9]{2}7.*x", a T, an R, a K,
/// a dash, any two digits and a 7.
struct RegexSequence {
    std::vector<ByteClass> bytes; ///< what may stand at each place; never empty
    bool isPrefix = false;        ///< every match begins with it
    bool isWhole = false;         ///< it is all of the expression: where it is, there is a match
};

/// Of a valid pattern in RE2's syntax: all that are worth looking for, the one that is rarest in events,
/// most likely, first. Finds none rather than a wrong one. // any thread
std::vector<RegexSequence> sequencesOfRegex(std::string_view pattern);

} // namespace eventscope::core
