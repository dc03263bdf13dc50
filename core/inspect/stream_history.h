// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/reducer.h"
#include "inspect/source.h"
#include "inspect/source_event.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace eventscope::core {

class EventLog;

/// The events of one stream, in order, with copies of everything, for a replay. Grows at its end as
/// new events come; what is there never changes or moves. Written and read on one thread at a time.
class StreamHistory final : public EventSink {
public:
    /// Events of other streams, or of other sources unless `source` is empty, are passed over.
    explicit StreamHistory(std::string stream, std::string source = {});
    ~StreamHistory() override;

    /// All that the log holds of the stream, by version.
    static std::shared_ptr<StreamHistory> fromLog(
        const EventLog& log, std::string_view stream, std::string_view source);

    const std::string& stream() const { return m_stream; }
    std::size_t size() const { return m_events.size(); }
    /// Views into the history; they live as long as it does.
    const SourceEvent& at(std::size_t index) const { return m_events[index].event; }
    ReducerEvent::Payload payloadAt(std::size_t index) const;

    /// Takes the next event. False when it is not one: of another stream, or (where versions are known)
    /// not above the last version, because it is here already or came too late for its place.
    bool append(const SourceEvent& event);
    /// Always goes on; see append().
    bool deliver(std::span<const SourceEvent> batch) override;

    /// The index of the event with that stream version; of its position where a source has no versions.
    std::optional<std::size_t> indexOf(std::int64_t version) const;
    /// What indexOf() goes by: the stream version, else the position, else the number of the event.
    std::int64_t versionAt(std::size_t index) const;

    std::size_t heldBytes() const;

private:
    class Arena;
    struct Entry {
        SourceEvent event;
        bool payloadIsJson = false;
    };

    std::string_view intern(std::string_view text);

    std::string m_stream, m_source;
    std::unique_ptr<Arena> m_arena;
    std::set<std::string_view> m_texts; ///< that repeat: types, sources, header names
    std::vector<Entry> m_events;
};

} // namespace eventscope::core
