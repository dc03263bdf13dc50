// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo/service_desk.h"

#include "demo/story.h"
#include "event/message_context.h"

#include <fmt/format.h>

#include <algorithm>

namespace eventscope::app {

using core::ErrorCode;

core::Status ServiceDesk::work(std::string_view service, std::string_view subject, const core::ServiceCall& call)
{
    ++m_working;
    const bool isDone = m_clock.sleepFor(workingTime(service, subject, call.attempt), call.stop);
    --m_working;
    if (!isDone) {
        return fail(ErrorCode::Cancelled, "the demo is shutting down.");
    }
    return {};
}

const core::RecordedEvent* ServiceDesk::Case::find(std::string_view type) const
{
    const auto found = std::ranges::find(events, type, &core::RecordedEvent::type);
    return found == events.end() ? nullptr : &*found;
}

core::Result<ServiceDesk::Case> ServiceDesk::open(std::string_view category, std::string_view id) const
{
    Case file{.stream = std::string(category) + '-' + std::string(id), .events = {}};
    auto events = m_store.readStream(file.stream);
    if (!events && events.error().code != ErrorCode::NotFound) {
        return std::unexpected(events.error());
    }
    if (events) {
        file.events = std::move(*events);
    }
    return file;
}

core::Result<ServiceDesk::Case> ServiceDesk::workOn(
    std::string_view service, std::string_view orderId, const core::ServiceCall& call, std::string_view task)
{
    const std::string subject = task.empty() ? std::string(orderId) : fmt::format("{} {}", task, orderId);
    if (core::Status worked = work(service, subject, call); !worked) {
        return std::unexpected(worked.error());
    }
    return open(service, orderId);
}

core::Status ServiceDesk::note(const Case& file, std::string_view type, const core::Json& data)
{
    core::NewEvent event{.id = m_ids.next(),
        .type = std::string(type),
        .schemaVersion = 1,
        .time = m_clock.now(),
        .metadata = {},
        .data = data.dump()};
    core::stampMetadata(event.metadata, event.id);
    const auto version = file.isNew() ? core::StreamVersion{} : file.events.back().version;
    const auto stored = m_store.append(file.stream, core::ExpectedVersion::exactly(version), {&event, 1});
    if (!stored) {
        return std::unexpected(stored.error());
    }
    return {};
}

} // namespace eventscope::app
