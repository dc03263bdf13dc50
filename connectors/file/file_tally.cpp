// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "file_tally.h"

#include <algorithm>

namespace eventscope::file {

void FileTally::take(const core::SourceEvent& event, const FilePlace& before, const FilePlace& after)
{
    const bool follows
        = m_place ? m_place->file == before.file && m_place->number == before.number : before.number == 0;
    if (!follows) {
        return;
    }
    m_place = after;
    m_lastPosition = std::max(event.position, m_lastPosition.value_or(event.position));
    if (event.stream.empty()) {
        return;
    }
    auto found = m_streams.find(event.stream);
    if (found == m_streams.end()) {
        found = m_streams.emplace(std::string(event.stream), Stream()).first;
    }
    Stream& stream = found->second;
    ++stream.count;
    if (event.hasTime) {
        stream.first = std::min(event.time, stream.first.value_or(event.time));
        stream.last = std::max(event.time, stream.last.value_or(event.time));
    }
}

std::vector<core::CatalogEntry> FileTally::catalog() const
{
    std::vector<core::CatalogEntry> entries;
    entries.reserve(m_streams.size());
    for (const auto& [name, stream] : m_streams) {
        entries.push_back({.name = name,
            .kind = core::CatalogKind::Stream,
            .count = stream.count,
            .first = stream.first,
            .last = stream.last});
    }
    return entries;
}

} // namespace eventscope::file
