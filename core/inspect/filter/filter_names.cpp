// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/filter/filter_names.h"

#include "event/json.h"
#include "inspect/filter/filter_text.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace eventscope::core {

namespace {

constexpr std::array<KnownAttributeInfo, 14> kAttributes{{
    {"id", KnownAttribute::Id, "the event's id"},
    {"type", KnownAttribute::Type, "what happened, e.g. OrderPlaced"},
    {"source", KnownAttribute::Source, "where it was read"},
    {"subject", KnownAttribute::Subject, "the stream"},
    {"stream", KnownAttribute::Subject, "the stream"},
    {"time", KnownAttribute::Time, "when, by its producer"},
    {"specversion", KnownAttribute::SpecVersion, "the version of CloudEvents"},
    {"correlationid", KnownAttribute::CorrelationId, "the flow it belongs to"},
    {"causationid", KnownAttribute::CausationId, "what caused it"},
    {"version", KnownAttribute::Version, "its number in the stream"},
    {"position", KnownAttribute::Position, "its number in the source"},
    {"partition", KnownAttribute::Partition, "the partition it is in"},
    {"marked", KnownAttribute::Marked, "whether somebody marked it"},
    {"note", KnownAttribute::Note, "what was noted about it"},
}};

constexpr std::array<std::string_view, 3> kRoots{"data", "state", "headers"};

constexpr std::array<std::string_view, 9> kKeywords{"AND", "OR", "XOR", "NOT", "LIKE", "IN", "EXISTS", "TRUE", "FALSE"};

} // namespace

bool isPlainPathName(std::string_view name)
{
    return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '$'
            || c == '@' || static_cast<unsigned char>(c) >= 0x80;
    });
}

AttributeName::AttributeName(std::string_view text) : name(text)
{
    std::transform(name.begin(), name.end(), name.begin(),
        [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; });
    const auto* info
        = std::find_if(kAttributes.begin(), kAttributes.end(), [this](const auto& a) { return a.name == name; });
    if (info != kAttributes.end())
        known = info->known;
}

bool AttributeName::isRequired() const
{
    return known == KnownAttribute::Id || known == KnownAttribute::Source || known == KnownAttribute::Type
        || known == KnownAttribute::SpecVersion;
}

std::span<const KnownAttributeInfo> knownAttributes()
{
    return kAttributes;
}

std::string_view toString(PathRoot root)
{
    return kRoots[static_cast<std::size_t>(root)];
}

std::optional<PathRoot> pathRootOf(std::string_view name)
{
    for (std::size_t i = 0; i < kRoots.size(); ++i) {
        if (sameName(name, kRoots[i]))
            return static_cast<PathRoot>(i);
    }
    return std::nullopt;
}

PathStep PathStep::member(std::string name)
{
    PathStep step;
    std::size_t index = 0;
    const char* end = name.data() + name.size();
    const auto [parsed, error] = std::from_chars(name.data(), end, index);
    if (error == std::errc{} && parsed == end)
        step.index = index;
    std::string quoted;
    appendJsonString(quoted, name);
    step.jsonName = quoted.substr(1, quoted.size() - 2);
    step.name = std::move(name);
    return step;
}

PathStep PathStep::element(std::size_t index)
{
    PathStep step;
    step.index = index;
    step.isElement = true;
    return step;
}

std::string FilterPath::headerName() const
{
    std::string name;
    for (const PathStep& step : steps) {
        if (!name.empty())
            name += '.';
        name += step.isElement ? std::to_string(*step.index) : step.name;
    }
    return name;
}

std::string FilterPath::toString() const
{
    std::string text(core::toString(root));
    for (const PathStep& step : steps) {
        if (step.isElement) {
            text += '[' + std::to_string(*step.index) + ']';
        } else if (isPlainPathName(step.name)) {
            text += '.' + step.name;
        } else {
            text += "[\"" + step.jsonName + "\"]";
        }
    }
    return text;
}

std::span<const std::string_view> filterKeywords()
{
    return kKeywords;
}

bool isFilterKeyword(std::string_view word)
{
    return std::any_of(kKeywords.begin(), kKeywords.end(), [word](std::string_view k) { return sameName(k, word); });
}

} // namespace eventscope::core
