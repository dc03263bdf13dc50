// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sourcing/upcaster.h"

#include <fmt/core.h>

#include <algorithm>
#include <cassert>
#include <utility>

namespace eventscope::core {

namespace {

template <class Links>
int newestOf(const Links& links)
{
    int newest = 0;
    for (const auto& [from, link] : links)
        newest = std::max(newest, link.to);
    return newest;
}

Error notJson(std::string_view type, const Error& reason)
{
    return {ErrorCode::Unparsable, fmt::format("the data of {} is {}", type, reason.message)};
}

} // namespace

UpcasterChain& UpcasterChain::add(std::string type, int from, int to, Upcast upcast)
{
    assert(from >= 1 && to > from);
    [[maybe_unused]] const bool added
        = m_types[std::move(type)].emplace(from, Link{.to = to, .upcast = std::move(upcast)}).second;
    assert(added);
    return *this;
}

int UpcasterChain::newestVersion(std::string_view type) const
{
    const auto found = m_types.find(type);
    return found == m_types.end() ? 0 : newestOf(found->second);
}

Result<int> UpcasterChain::apply(std::string_view type, const Links& links, int schemaVersion, Json& data) const
{
    const int newest = newestOf(links);
    if (schemaVersion > newest) {
        return fail(ErrorCode::UnsupportedVersion,
            fmt::format("{} has schema version {}, this program knows it up to {}; use a newer program", type,
                schemaVersion, newest));
    }
    while (schemaVersion != newest) {
        const auto link = links.find(schemaVersion);
        if (link == links.end()) {
            return fail(ErrorCode::UnsupportedVersion,
                fmt::format("{} has schema version {}, and no upcaster leads from there to {}; register one", type,
                    schemaVersion, newest));
        }
        data = link->second.upcast(std::move(data));
        schemaVersion = link->second.to;
    }
    return schemaVersion;
}

Result<Json> UpcasterChain::upcast(std::string_view type, int schemaVersion, std::string_view data) const
{
    Result<Json> json = Json::parse(data);
    if (!json)
        return std::unexpected(notJson(type, json.error()));
    const auto found = m_types.find(type);
    if (found == m_types.end())
        return json;
    if (Result<int> version = apply(type, found->second, schemaVersion, *json); !version)
        return std::unexpected(std::move(version.error()));
    return json;
}

Result<RecordedEvent> UpcasterChain::upcast(RecordedEvent event) const
{
    const auto found = m_types.find(event.type);
    if (found == m_types.end() || event.schemaVersion == newestOf(found->second))
        return event;
    Result<Json> json = Json::parse(event.data);
    if (!json)
        return std::unexpected(notJson(event.type, json.error()));
    const Result<int> version = apply(event.type, found->second, event.schemaVersion, *json);
    if (!version)
        return std::unexpected(version.error());
    event.data = json->dump();
    event.schemaVersion = *version;
    return event;
}

std::string UpcasterChain::fingerprint() const
{
    std::string text;
    for (const auto& [type, links] : m_types) {
        for (const auto& [from, link] : links)
            text += fmt::format("{}:{}>{};", type, from, link.to);
    }
    return text;
}

} // namespace eventscope::core
