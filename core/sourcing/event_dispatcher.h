// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace eventscope::core {

/// A number for an event type, small enough to index a table.
using TypeId = std::uint32_t;

/// The id of every type that nobody named: only handlers of all types get such events.
inline constexpr TypeId kUnknownType = 0;

/// Gives event types dense ids: 1, 2, 3 … Only intern() adds; a stream of foreign names grows
/// nothing. // one thread at a time
class TypeTable {
public:
    TypeId intern(std::string_view name);
    TypeId find(std::string_view name) const; ///< kUnknownType when it was never interned
    std::size_t size() const { return m_ids.size(); }

private:
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
    };
    std::unordered_map<std::string, TypeId, Hash, std::equal_to<>> m_ids;
};

/// The fast, synchronous path for what sees every event: events go to their handlers in batches, a
/// handler is a function pointer with its context, and it takes spans. The bus fans out with it, the
/// view events and counters run on it. `Event` has a member `type` that converts to TypeId.
///
/// A handler sees the events it wants in their order, in as few spans as they allow: a whole batch
/// where it wants all of it. One handler gets a batch before the next handler does, so what two
/// handlers do is ordered within a handler only. // one thread at a time; not from within a handler
template <class Event>
class EventDispatcher {
public:
    using Handler = void (*)(void* context, std::span<const Event> events);
    using HandlerId = std::uint64_t;

    /// What is dispatched at once: small enough to stay in the nearest cache for all handlers.
    static constexpr std::size_t kBatch = 256;

    HandlerId add(std::span<const TypeId> types, Handler handler, void* context)
    {
        Entry entry{++m_lastId, handler, context, false, {}};
        for (const TypeId type : types) {
            if (entry.wanted.size() <= type)
                entry.wanted.resize(type + std::size_t{1}, 0);
            entry.wanted[type] = 1;
        }
        m_entries.push_back(std::move(entry));
        return m_lastId;
    }

    HandlerId addForAll(Handler handler, void* context)
    {
        m_entries.push_back({++m_lastId, handler, context, true, {}});
        return m_lastId;
    }

    void remove(HandlerId id)
    {
        std::erase_if(m_entries, [id](const Entry& entry) { return entry.id == id; });
    }

    void dispatch(std::span<const Event> events)
    {
        while (!events.empty()) {
            const std::span<const Event> batch = events.first(std::min(events.size(), kBatch));
            events = events.subspan(batch.size());
            findTypes(batch);
            for (const Entry& entry : m_entries)
                dispatchTo(entry, batch);
        }
    }

private:
    struct Entry {
        HandlerId id;
        Handler handler;
        void* context;
        bool all;
        std::vector<std::uint8_t> wanted; // by type id; the types beyond its end are not wanted

        bool wants(TypeId type) const { return all || (type < wanted.size() && wanted[type] != 0); }
    };

    static TypeId typeOf(const Event& event) { return static_cast<TypeId>(event.type); }

    // The distinct types of the batch: most batches hold few, and then a handler wants all or nothing.
    void findTypes(std::span<const Event> batch)
    {
        ++m_batch;
        m_types.clear();
        for (const Event& event : batch) {
            const TypeId type = typeOf(event);
            if (m_seenIn.size() <= type)
                m_seenIn.resize(type + std::size_t{1}, 0);
            if (m_seenIn[type] != m_batch) {
                m_seenIn[type] = m_batch;
                m_types.push_back(type);
            }
        }
    }

    void dispatchTo(const Entry& entry, std::span<const Event> batch) const
    {
        const auto wanted = [&](TypeId type) { return entry.wants(type); };
        const auto count = static_cast<std::size_t>(std::ranges::count_if(m_types, wanted));
        if (count == m_types.size())
            entry.handler(entry.context, batch);
        else if (count != 0)
            dispatchRuns(entry, batch);
    }

    static void dispatchRuns(const Entry& entry, std::span<const Event> batch)
    {
        std::size_t begin = 0;
        while (begin < batch.size()) {
            if (!entry.wants(typeOf(batch[begin]))) {
                ++begin;
                continue;
            }
            std::size_t end = begin + 1;
            while (end < batch.size() && entry.wants(typeOf(batch[end])))
                ++end;
            entry.handler(entry.context, batch.subspan(begin, end - begin));
            begin = end;
        }
    }

    std::vector<Entry> m_entries;
    HandlerId m_lastId = 0;
    std::vector<TypeId> m_types;         // of the batch at hand
    std::vector<std::uint64_t> m_seenIn; // by type id: the last batch that held it
    std::uint64_t m_batch = 0;
};

} // namespace eventscope::core
