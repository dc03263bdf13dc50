// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/source_event.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace eventscope::core {

/// Events that own their texts, for sources whose rows end with the next one: filled, delivered,
/// cleared and filled again without asking the heap for more. // one thread at a time
class EventBatch {
public:
    /// Copies the event and everything it refers to. Adding does not move what was added before, but
    /// the span of events() ends with it.
    void add(const SourceEvent& event);
    std::span<const SourceEvent> events() const { return m_events; }

    std::size_t size() const { return m_events.size(); }
    bool empty() const { return m_events.empty(); }
    std::size_t payloadBytes() const { return m_payloadBytes; }
    void clear();

private:
    static constexpr std::size_t kBlockSize = std::size_t{256} << 10;

    std::byte* allocate(std::size_t size, std::size_t alignment);
    std::string_view keep(std::string_view text);

    std::vector<SourceEvent> m_events;
    std::vector<std::unique_ptr<std::byte[]>> m_blocks; // of kBlockSize, used again
    std::vector<std::unique_ptr<std::byte[]>> m_large;  // freed by clear()
    std::size_t m_block = 0;                            // the one being filled
    std::size_t m_used = 0;                             // of that one
    std::size_t m_payloadBytes = 0;
};

} // namespace eventscope::core
