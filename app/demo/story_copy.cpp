// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo/story_copy.h"

#include <span>
#include <vector>

namespace eventscope::app {

core::Status StoryCopy::bringUpToDate(const core::EventStore& from)
{
    constexpr std::size_t kPage = 256;
    for (;;) {
        const auto events = from.readAll({.from = m_next, .limit = kPage});
        if (!events) {
            return std::unexpected(events.error());
        }
        if (events->empty()) {
            return {};
        }
        std::vector<core::StreamAppend> appends;
        appends.reserve(events->size());
        for (const core::RecordedEvent& event : *events) {
            const core::NewEvent& plain = event;
            appends.push_back(
                {event.stream, core::ExpectedVersion::exactly({event.version.value - 1}), std::span(&plain, 1)});
        }
        if (const auto done = m_to->appendAll(appends); !done) {
            return std::unexpected(done.error());
        }
        m_next = events->back().position.next();
        m_copied += static_cast<std::int64_t>(events->size());
    }
}

} // namespace eventscope::app
