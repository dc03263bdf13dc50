// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/filter/filter_regex.h"

#include <re2/re2.h>

#include <utility>
#include <vector>

namespace eventscope::core {

struct FilterRegex::Engine {
    Engine(std::string_view pattern, const RE2::Options& options)
        : re2(re2::StringPiece(pattern.data(), pattern.size()), options), sequences(sequencesOfRegex(pattern))
    {
    }

    RE2 re2;
    std::vector<RegexSequence> sequences;
};

FilterRegex::FilterRegex(std::unique_ptr<Engine> engine) : m_engine(std::move(engine)) { }

FilterRegex::~FilterRegex() = default;

std::expected<std::shared_ptr<const FilterRegex>, std::string> FilterRegex::compile(std::string_view pattern)
{
    RE2::Options options;
    options.set_log_errors(false);
    auto engine = std::make_unique<Engine>(pattern, options);
    if (!engine->re2.ok())
        return std::unexpected(engine->re2.error());
    return std::shared_ptr<const FilterRegex>(new FilterRegex(std::move(engine)));
}

bool FilterRegex::foundIn(std::string_view text) const
{
    return m_engine->re2.Match(re2::StringPiece(text.data(), text.size()), 0, text.size(), RE2::UNANCHORED, nullptr, 0);
}

bool FilterRegex::foundAt(std::string_view text, std::size_t offset) const
{
    return m_engine->re2.Match(
        re2::StringPiece(text.data(), text.size()), offset, text.size(), RE2::ANCHOR_START, nullptr, 0);
}

const std::vector<RegexSequence>& FilterRegex::sequences() const
{
    return m_engine->sequences;
}

} // namespace eventscope::core
