// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sourcing/event_store.h"

#include <fmt/format.h>

namespace eventscope::core {

std::string ExpectedVersion::toString() const
{
    if (isAny())
        return "any version";
    if (isStreamExists())
        return "an existing stream";
    return m_value == 0 ? "version 0 (no stream)" : fmt::format("version {}", m_value);
}

RecordedEvent EventView::toRecorded() const
{
    RecordedEvent event;
    event.id = id;
    event.type = type;
    event.time = time;
    event.data = data;
    metadataFromJson(metadata, event.metadata, event.schemaVersion);
    event.stream = stream;
    event.version = version;
    event.position = position;
    return event;
}

Result<AppendResult> EventStore::append(
    std::string_view stream, ExpectedVersion expected, std::span<const NewEvent> events)
{
    const StreamAppend one{.stream = stream, .expected = expected, .events = events};
    const auto results = appendAll({&one, 1});
    if (!results)
        return std::unexpected(results.error());
    return results->front();
}

Result<std::vector<RecordedEvent>> EventStore::readStream(
    std::string_view stream, const ReadStreamOptions& options) const
{
    std::vector<RecordedEvent> events;
    const Status read = visitStream(stream, options, [&](const EventView& event) {
        events.push_back(event.toRecorded());
        return true;
    });
    if (!read)
        return std::unexpected(read.error());
    return events;
}

Result<std::vector<RecordedEvent>> EventStore::readAll(const ReadAllOptions& options) const
{
    std::vector<RecordedEvent> events;
    const auto read = visitAll(options, [&](const EventView& event) {
        events.push_back(event.toRecorded());
        return true;
    });
    if (!read)
        return std::unexpected(read.error());
    return events;
}

} // namespace eventscope::core
