// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/option_values.h"

#include "sources/source_of_text.h"

#include <fmt/format.h>

#include <cmath>

namespace eventscope::app {

double realOf(const OptionText& value, double least, double most)
{
    double number = 0;
    const char* end = value.text.data() + value.text.size();
    const auto [rest, error] = std::from_chars(value.text.data(), end, number);
    if (error != std::errc{} || rest != end || !std::isfinite(number) || number < least || number > most) {
        value.refuse(fmt::format("'{}' is no number from {} to {}.", value.text, least, most));
    }
    return number;
}

SourceUrl sourceOf(const OptionText& value)
{
    auto url = sourceOfText(value.text);
    if (!url) {
        value.refuse(url.error().message);
    }
    return std::move(*url);
}

RangeLimit rangeLimitOf(const OptionText& value)
{
    auto limit = parseRangeLimit(value.text);
    if (!limit) {
        value.refuse(limit.error().message);
    }
    return *limit;
}

core::FilterExpression filterOf(const OptionText& value)
{
    auto filter = core::FilterExpression::compile(value.text);
    if (!filter) {
        value.refuse(filter.error().message);
    }
    return std::move(*filter);
}

std::string nameOf(const OptionText& value)
{
    if (value.text.empty()) {
        value.refuse("an empty name names nothing.");
    }
    return value.text;
}

void addSource(CLI::App& command, SourceUrl& source)
{
    addValue(command, "SOURCE", "URL", "where to look; see eventscope --help", [&source](const OptionText& value) {
        source = sourceOf(value);
    })->required();
}

} // namespace eventscope::app
