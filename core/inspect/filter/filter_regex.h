// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/filter/regex_sequence.h"

#include <cstddef>
#include <expected>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace eventscope::core {

/// A regular expression in RE2's syntax (Perl's without what takes unbounded time), looked for
/// anywhere in a text. Time is linear in the text whatever the expression is. // any thread
class FilterRegex {
public:
    /// What is wrong with the pattern, otherwise.
    static std::expected<std::shared_ptr<const FilterRegex>, std::string> compile(std::string_view pattern);
    ~FilterRegex();

    bool foundIn(std::string_view text) const;
    /// Whether a match begins exactly at this offset.
    bool foundAt(std::string_view text, std::size_t offset) const;
    /// Each is part of every match.
    const std::vector<RegexSequence>& sequences() const;

private:
    struct Engine;
    explicit FilterRegex(std::unique_ptr<Engine> engine);
    std::unique_ptr<Engine> m_engine;
};

} // namespace eventscope::core
