// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sourcing/append_decision.h"

#include <cstddef>
#include <unordered_set>

#include <fmt/format.h>

namespace eventscope::core {

namespace {

Error conflict(const NewEvent& event, std::string_view stream, std::string_view why)
{
    return {ErrorCode::IdempotencyConflict,
        fmt::format("The event '{}' for the stream '{}' is stored already, {}; give new events new ids, and repeat an "
                    "append only with the very same events.",
            event.id, stream, why)};
}

} // namespace

Status checkAppends(std::span<const StreamAppend> appends)
{
    std::unordered_set<std::string_view> ids;
    for (const StreamAppend& append : appends) {
        if (append.stream.empty())
            return fail(ErrorCode::InvalidArgument, "A stream needs a name; the given one is empty.");
        for (const NewEvent& event : append.events) {
            if (event.id.empty())
                return fail(ErrorCode::InvalidArgument,
                    fmt::format("An event of type '{}' for the stream '{}' has no id; give it one.", event.type,
                        append.stream));
            if (!ids.insert(event.id).second)
                return fail(ErrorCode::InvalidArgument,
                    fmt::format("The event id '{}' comes twice in one append (the second time for the stream '{}'); "
                                "every event needs an id of its own.",
                        event.id, append.stream));
        }
    }
    return {};
}

bool isAsExpected(ExpectedVersion expected, StreamVersion current)
{
    if (expected.isAny())
        return true;
    return expected.isStreamExists() ? current.value > 0 : expected.version() == current;
}

Error wrongExpectedVersion(const StreamAppend& append, StreamVersion current)
{
    return {ErrorCode::WrongExpectedVersion,
        fmt::format("The stream '{}' is at version {}, not at {} as expected; read it again and decide anew.",
            append.stream, current.value, append.expected.toString())};
}

Result<std::optional<AppendResult>> decideAppend(const StreamAppend& append, StreamHead head, const PlaceLookup& lookup)
{
    const bool asExpected = isAsExpected(append.expected, head.version);
    if (append.events.empty()) {
        if (!asExpected)
            return std::unexpected(wrongExpectedVersion(append, head.version));
        return AppendResult{.lastVersion = head.version, .lastPosition = head.position};
    }

    std::size_t found = 0;
    StoredPlace last;
    bool inOrder = true;
    for (const NewEvent& event : append.events) {
        const auto place = lookup(event);
        if (!place)
            return std::unexpected(place.error());
        if (!place->has_value())
            continue;
        if (!(*place)->sameStream)
            return std::unexpected(conflict(event, append.stream, "in another stream"));
        if (!(*place)->sameContent)
            return std::unexpected(conflict(event, append.stream, "with another type or other data"));
        // An exact version says where each event of a repetition must stand, the others only in which order.
        if (append.expected.isExact())
            inOrder = inOrder
                && (*place)->version.value == append.expected.version().value + static_cast<std::int64_t>(found) + 1;
        else
            inOrder = inOrder && (*place)->version > last.version;
        last = **place;
        ++found;
    }

    if (found == 0) {
        if (!asExpected)
            return std::unexpected(wrongExpectedVersion(append, head.version));
        return std::nullopt;
    }
    if (found < append.events.size())
        return std::unexpected(conflict(
            append.events.front(), append.stream, "or another one of this append is, but not all of them are"));
    if (!inOrder && append.expected.isExact() && !asExpected)
        return std::unexpected(wrongExpectedVersion(append, head.version));
    if (!inOrder)
        return std::unexpected(conflict(append.events.front(), append.stream, "but at another place of that stream"));
    return AppendResult{.lastVersion = last.version, .lastPosition = last.position, .alreadyStored = true};
}

} // namespace eventscope::core
