// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/event_batch.h"

#include <cstring>
#include <new>

namespace eventscope::core {

void EventBatch::add(const SourceEvent& event)
{
    SourceEvent kept = event;
    // The source's name is mostly the same text; its views stay equal, so that the log finds it at once.
    const bool sameSource = !m_events.empty() && m_events.back().source == event.source;
    kept.source = sameSource ? m_events.back().source : keep(event.source);
    kept.stream = keep(event.stream);
    kept.id = keep(event.id);
    kept.type = keep(event.type);
    kept.correlationId = keep(event.correlationId);
    kept.causationId = keep(event.causationId);
    kept.payload = keep(event.payload);
    kept.undecodable = keep(event.undecodable);
    kept.attempts = keep(event.attempts);
    kept.note = keep(event.note);
    if (!event.headers.empty()) {
        std::byte* const memory = allocate(event.headers.size() * sizeof(HeaderView), alignof(HeaderView));
        auto* const headers = reinterpret_cast<HeaderView*>(memory);
        for (std::size_t i = 0; i < event.headers.size(); ++i) {
            new (headers + i) HeaderView{keep(event.headers[i].name), keep(event.headers[i].value)};
        }
        kept.headers = {headers, event.headers.size()};
    }
    m_payloadBytes += event.payload.size();
    m_events.push_back(kept);
}

void EventBatch::clear()
{
    m_events.clear();
    m_large.clear();
    m_block = 0;
    m_used = 0;
    m_payloadBytes = 0;
}

std::byte* EventBatch::allocate(std::size_t size, std::size_t alignment)
{
    if (size > kBlockSize / 4) {
        m_large.push_back(std::make_unique_for_overwrite<std::byte[]>(size));
        return m_large.back().get();
    }
    m_used = (m_used + alignment - 1) & ~(alignment - 1);
    if (m_block < m_blocks.size() && m_used + size > kBlockSize) {
        ++m_block;
        m_used = 0;
    }
    if (m_block == m_blocks.size()) {
        m_blocks.push_back(std::make_unique_for_overwrite<std::byte[]>(kBlockSize));
        m_used = 0;
    }
    std::byte* const memory = m_blocks[m_block].get() + m_used;
    m_used += size;
    return memory;
}

std::string_view EventBatch::keep(std::string_view text)
{
    if (text.empty()) {
        return {};
    }
    auto* const memory = reinterpret_cast<char*>(allocate(text.size(), 1));
    std::memcpy(memory, text.data(), text.size());
    return {memory, text.size()};
}

} // namespace eventscope::core
