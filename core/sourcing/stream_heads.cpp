// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sourcing/stream_heads.h"

#include "event/event.h"

#include <algorithm>

namespace eventscope::core {

namespace {

constexpr std::size_t kNameBlock = 65'536;

} // namespace

StreamHeads::Stream* StreamHeads::find(std::string_view name, std::size_t hash)
{
    for (std::size_t at = hash & m_mask; m_places[at].stream != 0; at = (at + 1) & m_mask) {
        if (m_places[at].hash != mark(hash))
            continue;
        Stream& stream = m_streams[m_places[at].stream - 1];
        if (stream.name == name)
            return &stream;
    }
    return nullptr;
}

StreamHeads::Stream& StreamHeads::add(std::string_view name, std::size_t hash)
{
    if (2 * (m_streams.size() + 1) > m_places.size())
        grow();
    Stream& stream = m_streams.emplace_back();
    stream.name = keep(name);
    stream.category = &m_categories[categoryOf(stream.name)];
    std::size_t at = hash & m_mask;
    while (m_places[at].stream != 0)
        at = (at + 1) & m_mask;
    m_places[at] = {.hash = mark(hash), .stream = static_cast<std::uint32_t>(m_streams.size())};
    return stream;
}

void StreamHeads::clear()
{
    m_places.assign(kFewest, {});
    m_mask = kFewest - 1;
    m_streams.clear();
    m_categories.clear();
    m_blocks.clear();
    m_left = 0;
}

void StreamHeads::fetchStream(std::size_t hash) const
{
    const Place place = m_places[hash & m_mask];
    if (place.stream == 0)
        return;
    const Stream& stream = m_streams[place.stream - 1];
    __builtin_prefetch(&stream);
    __builtin_prefetch(&stream.head);
}

void StreamHeads::grow()
{
    m_places.assign(2 * m_places.size(), {});
    m_mask = m_places.size() - 1;
    for (std::size_t i = 0; i < m_streams.size(); ++i) {
        const std::size_t hash = hashOf(m_streams[i].name);
        std::size_t at = hash & m_mask;
        while (m_places[at].stream != 0)
            at = (at + 1) & m_mask;
        m_places[at] = {.hash = mark(hash), .stream = static_cast<std::uint32_t>(i + 1)};
    }
}

std::string_view StreamHeads::keep(std::string_view name)
{
    if (name.size() > m_left) {
        m_left = std::max(kNameBlock, name.size());
        m_blocks.push_back(std::make_unique_for_overwrite<char[]>(m_left));
        m_next = m_blocks.back().get();
    }
    const std::string_view kept(m_next, name.size());
    m_next = std::ranges::copy(name, m_next).out;
    m_left -= name.size();
    return kept;
}

} // namespace eventscope::core
