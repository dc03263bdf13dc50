// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/log_memory.h"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <new>
#include <unordered_map>

namespace eventscope::core {

/// The distinct values of a narrow column, numbered in the order they came: 255 of one byte, 65 535 of
/// two. Further ones get kElsewhere, and the row must keep its value in another place. One writer at
/// a time; readers take no lock.
template <class Narrow>
class NarrowColumn {
public:
    using Place = Narrow;
    static constexpr std::size_t kElsewhere = std::numeric_limits<Narrow>::max();

    NarrowColumn() : m_ids(mapArray<std::uint32_t>(kElsewhere))
    {
        if (!m_ids) {
            throw std::bad_alloc();
        }
    }

    Narrow place(std::uint32_t id) // the writer
    {
        Recent& recent = m_recent[id % m_recent.size()];
        if (!recent.used || recent.id != id) {
            recent = {id, find(id), true};
        }
        return recent.place;
    }

    std::uint32_t at(Narrow place) const { return m_ids[place]; } // any thread, of a published row
    /// Places below it are taken. // any thread
    std::size_t count() const { return m_count.load(std::memory_order_acquire); }

private:
    struct Recent {
        std::uint32_t id = 0;
        Narrow place = 0;
        bool used = false;
    };

    Narrow find(std::uint32_t id)
    {
        const auto found = m_places.find(id);
        if (found != m_places.end()) {
            return found->second;
        }
        if (m_places.size() == kElsewhere) {
            return static_cast<Narrow>(kElsewhere);
        }
        const auto place = static_cast<Narrow>(m_places.size());
        m_ids[place] = id;
        m_places.emplace(id, place);
        m_count.store(m_places.size(), std::memory_order_release);
        return place;
    }

    MappedArray<std::uint32_t> m_ids; // read without a lock
    std::unordered_map<std::uint32_t, Narrow> m_places;
    std::atomic<std::size_t> m_count{0};
    std::array<Recent, 256> m_recent{};
};

} // namespace eventscope::core
