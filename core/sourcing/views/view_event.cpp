// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sourcing/views/view_event.h"

#include "event/raw_json.h"

#include <charconv>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>

namespace eventscope::core {

namespace {

std::optional<ViewEventType> typeNamed(std::string_view name)
{
    for (const ViewEventType type : {ViewEventType::Started, ViewEventType::Progressed, ViewEventType::Completed}) {
        if (toString(type) == name)
            return type;
    }
    return std::nullopt;
}

bool readNumber(const std::vector<RawJsonMember>& members, std::string_view name, std::uint32_t& number)
{
    const RawJsonMember* member = findRaw(members, name);
    if (!member)
        return false;
    const std::string text = member->text();
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc{} && stop == text.data() + text.size();
}

} // namespace

std::string_view toString(ViewEventType type)
{
    switch (type) {
    case ViewEventType::Started: return "VideoViewStarted";
    case ViewEventType::Progressed: return "VideoViewProgressed";
    case ViewEventType::Completed: return "VideoViewCompleted";
    }
    return "Unknown";
}

NewEvent toNewEvent(const ViewEvent& view, IdGenerator& ids)
{
    NewEvent event;
    event.id = ids.next();
    event.type = toString(view.type);
    event.time = view.time;
    event.data = fmt::format(R"({{"userId":"{}","videoId":"{}","position":{},"advance":{},"length":{}}})", view.user,
        view.video, view.position, view.advance, view.length);
    return event;
}

std::string viewStream(const ViewEvent& view)
{
    return fmt::format("viewer-{}", view.user);
}

Result<ViewEvent> viewEventOf(const RecordedEvent& event)
{
    const std::optional<ViewEventType> type = typeNamed(event.type);
    if (!type)
        return fail(ErrorCode::Unparsable, fmt::format("{} is no view event", event.type));
    const Result<std::vector<RawJsonMember>> members = readRawObject(event.data);
    if (!members)
        return std::unexpected(members.error());
    ViewEvent view{.type = *type, .time = event.time};
    for (const auto& [name, number] : {std::pair{"userId", &view.user}, {"videoId", &view.video},
             {"position", &view.position}, {"advance", &view.advance}, {"length", &view.length}}) {
        if (!readNumber(*members, name, *number))
            return fail(
                ErrorCode::Unparsable, fmt::format("a view event needs \"{}\" as a number of at most 32 bits", name));
    }
    return view;
}

} // namespace eventscope::core
