// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sourcing/memory_event_store.h"

#include <algorithm>
#include <mutex>
#include <utility>

#include <fmt/format.h>

namespace eventscope::core {

namespace {

// How many events one look under the lock takes along.
constexpr std::size_t kPage = 512;

} // namespace

MemoryEventStore::MemoryEventStore(Options options) : m_options(options) { }

EventView MemoryEventStore::viewOf(const Stored& event)
{
    return {.stream = event.stream,
        .version = event.version,
        .position = event.position,
        .id = event.id,
        .type = event.type,
        .time = event.time,
        .data = event.data,
        .metadata = event.metadata};
}

StreamHead MemoryEventStore::headOf(std::string_view stream) const
{
    const auto found = m_streams.find(stream);
    if (found == m_streams.end())
        return {};
    const Stored& last = m_events[found->second.back()];
    return {.version = last.version, .position = last.position};
}

void MemoryEventStore::store(const StreamAppend& append)
{
    const auto stream = m_streams.try_emplace(std::string(append.stream)).first;
    Places& category = m_categories[std::string(categoryOf(append.stream))];
    for (const NewEvent& event : append.events) {
        const std::size_t place = m_events.size();
        const Stored& stored = m_events.emplace_back(Stored{.stream = stream->first,
            .version = {static_cast<std::int64_t>(stream->second.size()) + 1},
            .position = {static_cast<std::int64_t>(place) + 1},
            .id = event.id,
            .type = event.type,
            .time = event.time,
            .data = event.data,
            .metadata = metadataToJson(event.metadata, event.schemaVersion)});
        stream->second.push_back(place);
        category.push_back(place);
        m_byId.emplace(stored.id, place);
        if (m_options.outbox)
            m_pending.insert(stored.position);
    }
}

// Takes back the newest events, down to `count`: their call as a whole failed.
void MemoryEventStore::forget(std::size_t count)
{
    while (m_events.size() > count) {
        const Stored& event = m_events.back();
        m_byId.erase(event.id);
        m_pending.erase(event.position);
        const auto category = m_categories.find(categoryOf(event.stream));
        category->second.pop_back();
        if (category->second.empty())
            m_categories.erase(category);
        const auto stream = m_streams.find(event.stream);
        stream->second.pop_back();
        m_events.pop_back();
        if (stream->second.empty())
            m_streams.erase(stream);
    }
}

Result<std::vector<AppendResult>> MemoryEventStore::appendAll(std::span<const StreamAppend> appends)
{
    if (const Status checked = checkAppends(appends); !checked)
        return std::unexpected(checked.error());
    std::vector<AppendResult> results;
    bool grown = false;
    {
        const std::unique_lock lock(m_mutex);
        const std::size_t before = m_events.size();
        for (const StreamAppend& append : appends) {
            const auto lookup = [&](const NewEvent& event) -> Result<std::optional<StoredPlace>> {
                const auto found = m_byId.find(event.id);
                if (found == m_byId.end())
                    return std::nullopt;
                const Stored& stored = m_events[found->second];
                return StoredPlace{.sameStream = stored.stream == append.stream,
                    .sameContent = stored.type == event.type && stored.data == event.data,
                    .version = stored.version,
                    .position = stored.position};
            };
            const auto decision = decideAppend(append, headOf(append.stream), lookup);
            if (!decision) {
                forget(before);
                return std::unexpected(decision.error());
            }
            if (!*decision)
                store(append);
            const StreamHead head = headOf(append.stream);
            results.push_back(decision->value_or(AppendResult{head.version, head.position}));
        }
        grown = m_events.size() > before;
    }
    if (grown)
        m_bell.ring();
    return results;
}

// From `first` onwards (or backwards), out of the first `size` of the places, or of all events.
std::vector<const MemoryEventStore::Stored*> MemoryEventStore::pick(
    const Places* places, std::size_t first, Direction direction, std::size_t limit, std::size_t size) const
{
    std::vector<const Stored*> picked;
    const auto at = [&](std::size_t i) { return &m_events[places == nullptr ? i : (*places)[i]]; };
    if (direction == Direction::Forward) {
        for (std::size_t i = first; i < size && picked.size() < limit; ++i)
            picked.push_back(at(i));
    } else {
        for (std::size_t i = std::min(first, size); i > 0 && picked.size() < limit; --i)
            picked.push_back(at(i - 1));
    }
    return picked;
}

Status MemoryEventStore::visitStream(
    std::string_view stream, const ReadStreamOptions& options, const EventVisitor& visit) const
{
    const bool forward = options.direction == Direction::Forward;
    const std::int64_t from = std::max<std::int64_t>(options.from.value_or(StreamVersion{forward ? 1 : 0}).value, 0);
    const Places* places = nullptr;
    std::size_t size = 0;
    {
        const std::shared_lock lock(m_mutex);
        const auto found = m_streams.find(stream);
        if (found == m_streams.end())
            return fail(ErrorCode::NotFound, fmt::format("There is no stream '{}'.", stream));
        places = &found->second;
        size = places->size();
    }
    // Forward the index of the next event, backward how many events lie before it.
    std::size_t next = forward ? static_cast<std::size_t>(std::max<std::int64_t>(from, 1) - 1)
        : options.from         ? static_cast<std::size_t>(from)
                               : size;
    for (std::size_t left = options.limit; left > 0;) {
        std::vector<const Stored*> page;
        {
            const std::shared_lock lock(m_mutex);
            page = pick(places, next, options.direction, std::min(left, kPage), size);
        }
        for (const Stored* event : page) {
            if (!visit(viewOf(*event)))
                return {};
        }
        if (page.size() < std::min(left, kPage))
            return {};
        left -= page.size();
        next = forward ? next + page.size() : std::min(next, size) - page.size();
    }
    return {};
}

Result<ReadAllEnd> MemoryEventStore::visitAll(const ReadAllOptions& options, const EventVisitor& visit) const
{
    const bool forward = options.direction == Direction::Forward;
    const Places* places = nullptr;
    std::size_t size = 0;
    std::size_t next = 0;
    {
        const std::shared_lock lock(m_mutex);
        if (!options.category.empty()) {
            const auto found = m_categories.find(options.category);
            if (found == m_categories.end())
                return ReadAllEnd{};
            places = &found->second;
        }
        size = places == nullptr ? m_events.size() : places->size();
        next = forward ? 0 : size;
        if (options.from) {
            // Forward the first event at or after `from`, backward how many lie at or before it.
            const std::int64_t position = options.from->value;
            const auto wanted = static_cast<std::size_t>(std::max<std::int64_t>(forward ? position - 1 : position, 0));
            next = places == nullptr
                ? std::min(wanted, size)
                : static_cast<std::size_t>(std::ranges::lower_bound(*places, wanted) - places->begin());
        }
    }
    ReadAllEnd end;
    while (end.count < options.limit) {
        const std::size_t wanted = std::min(options.limit - end.count, kPage);
        std::vector<const Stored*> page;
        {
            const std::shared_lock lock(m_mutex);
            page = pick(places, next, options.direction, wanted, size);
        }
        for (const Stored* event : page) {
            ++end.count;
            end.last = event->position;
            if (!visit(viewOf(*event))) {
                end.endReached = false;
                return end;
            }
        }
        if (page.size() < wanted)
            return end;
        next = forward ? next + page.size() : next - page.size();
    }
    end.endReached = false;
    return end;
}

Result<StreamVersion> MemoryEventStore::streamVersion(std::string_view stream) const
{
    const std::shared_lock lock(m_mutex);
    return headOf(stream).version;
}

Result<GlobalPosition> MemoryEventStore::lastPosition() const
{
    const std::shared_lock lock(m_mutex);
    return GlobalPosition{static_cast<std::int64_t>(m_events.size())};
}

Result<std::vector<StreamInfo>> MemoryEventStore::streams(
    std::string_view after, std::size_t limit, std::string_view category) const
{
    std::vector<StreamInfo> infos;
    const std::shared_lock lock(m_mutex);
    for (auto i = m_streams.upper_bound(after); i != m_streams.end() && infos.size() < limit; ++i) {
        const auto& [name, places] = *i;
        if (!category.empty() && categoryOf(name) != category)
            continue;
        const Stored& first = m_events[places.front()];
        const Stored& last = m_events[places.back()];
        infos.push_back({.name = name,
            .count = static_cast<std::int64_t>(places.size()),
            .version = last.version,
            .first = first.position,
            .last = last.position,
            .firstTime = first.time,
            .lastTime = last.time});
    }
    return infos;
}

Result<std::optional<RecordedEvent>> MemoryEventStore::findById(std::string_view eventId) const
{
    const std::shared_lock lock(m_mutex);
    const auto found = m_byId.find(eventId);
    if (found == m_byId.end())
        return std::nullopt;
    return viewOf(m_events[found->second]).toRecorded();
}

std::shared_ptr<void> MemoryEventStore::onAppended(std::function<void()> bell)
{
    return m_bell.listen(std::move(bell));
}

Result<std::vector<RecordedEvent>> MemoryEventStore::pending(std::size_t limit, GlobalPosition after) const
{
    const std::shared_lock lock(m_mutex);
    std::vector<RecordedEvent> events;
    for (auto i = m_pending.upper_bound(after); i != m_pending.end() && events.size() < limit; ++i)
        events.push_back(viewOf(m_events[static_cast<std::size_t>(i->value) - 1]).toRecorded());
    return events;
}

Status MemoryEventStore::markPublished(std::span<const GlobalPosition> positions)
{
    const std::unique_lock lock(m_mutex);
    for (const GlobalPosition position : positions)
        m_pending.erase(position);
    return {};
}

Result<std::size_t> MemoryEventStore::backlog() const
{
    const std::shared_lock lock(m_mutex);
    return m_pending.size();
}

} // namespace eventscope::core
