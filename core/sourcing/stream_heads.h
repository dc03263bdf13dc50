// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sourcing/append_decision.h"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace eventscope::core {

/// Where streams end, by name: the memory of a store's writer. An append goes to many streams at once,
/// and what it costs is waiting for memory; so a caller that knows which names come next fetches ahead.
/// Not shared between threads.
class StreamHeads {
public:
    struct Category {
        std::int64_t block = -1; ///< of positions, the latest that is noted
    };
    struct Stream {
        std::string_view name; ///< lasts until clear()
        Category* category = nullptr;
        std::int64_t id = 0; ///< 0: not in the table
        StreamHead head;
        StreamHead headBefore; ///< the running transaction
        bool touched = false;  ///< by it
    };

    static std::size_t hashOf(std::string_view name) { return std::hash<std::string_view>{}(name); }

    /// The address stays until clear().
    Stream* find(std::string_view name, std::size_t hash);
    Stream& add(std::string_view name, std::size_t hash); ///< one that is not there yet
    std::size_t size() const { return m_streams.size(); }
    void clear();

    // In this order, some steps apart.
    void fetchPlace(std::size_t hash) const { __builtin_prefetch(&m_places[hash & m_mask]); }
    void fetchStream(std::size_t hash) const;

private:
    // Open addressing with linear steps, at most half full.
    struct Place {
        std::uint32_t hash = 0;
        std::uint32_t stream = 0; // its index + 1; 0: free
    };
    static std::uint32_t mark(std::size_t hash) { return static_cast<std::uint32_t>(hash >> 32); }
    void grow();
    std::string_view keep(std::string_view name);

    std::vector<Place> m_places = std::vector<Place>(kFewest);
    std::size_t m_mask = kFewest - 1;
    std::deque<Stream> m_streams;
    std::unordered_map<std::string_view, Category> m_categories;

    // Names lie close together.
    std::vector<std::unique_ptr<char[]>> m_blocks;
    char* m_next = nullptr; // in the last block
    std::size_t m_left = 0; // of it

    static constexpr std::size_t kFewest = 256;
};

} // namespace eventscope::core
