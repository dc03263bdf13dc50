// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/error.h"
#include "event/event.h"
#include "event/ids.h"
#include "event/timestamp.h"
#include "sourcing/event_dispatcher.h"

#include <cstdint>
#include <string_view>

namespace eventscope::core {

/// What happened to a view. The numbers are the types of the dispatcher.
enum class ViewEventType : TypeId {
    Started = 1,
    Progressed = 2,
    Completed = 3,
};

/// The event's type in a store: "VideoViewStarted", "VideoViewProgressed", "VideoViewCompleted".
std::string_view toString(ViewEventType type);

/// A user watches a video: the streaming service's event, in the form that millions of them a second
/// go through in. Times and lengths of the video are seconds.
struct ViewEvent {
    ViewEventType type = ViewEventType::Started;
    std::uint32_t user = 0;
    std::uint32_t video = 0;
    std::uint32_t position = 0; ///< how far the user has come
    std::uint32_t advance = 0;  ///< how far since the view's last event
    std::uint32_t length = 0;   ///< of the video
    Timestamp time{};

    bool operator==(const ViewEvent&) const = default;
};

/// As an event of the stream "viewer-<user>", with the data
/// {"userId":"<user>","videoId":"<video>","position":…,"advance":…,"length":…}.
NewEvent toNewEvent(const ViewEvent& view, IdGenerator& ids);
std::string viewStream(const ViewEvent& view);
/// Reads that back. Unparsable for another type, or data that is not of that form.
Result<ViewEvent> viewEventOf(const RecordedEvent& event);

} // namespace eventscope::core
