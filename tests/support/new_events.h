// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/event.h"

#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace eventscope::test {

inline core::NewEvent newEvent(std::string id, std::string type = "OrderPlaced", std::string data = R"({"n": 1})")
{
    core::NewEvent event;
    event.id = std::move(id);
    event.type = std::move(type);
    event.time = core::Timestamp{std::chrono::seconds{1'790'000'000}};
    event.data = std::move(data);
    return event;
}

inline std::vector<core::NewEvent> newEvents(const std::vector<std::string>& ids)
{
    std::vector<core::NewEvent> events;
    for (const std::string& id : ids)
        events.push_back(newEvent(id));
    return events;
}

inline std::string joined(const std::vector<std::string>& words)
{
    std::string text;
    for (const std::string& word : words)
        text += (text.empty() ? "" : " ") + word;
    return text;
}

/// "a b c": a whole read in one line of a failure.
inline std::string joinedIds(const std::vector<core::RecordedEvent>& events)
{
    std::vector<std::string> ids;
    for (const core::RecordedEvent& event : events)
        ids.push_back(event.id);
    return joined(ids);
}

} // namespace eventscope::test
