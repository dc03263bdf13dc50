// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/error.h"
#include "event/position.h"
#include "event/timestamp.h"

#include <string>
#include <string_view>
#include <vector>

namespace eventscope::core {

struct Header {
    std::string name;
    std::string value;
    bool operator==(const Header&) const = default;
};

/// What travels beside the data. Empty text means absent.
struct Metadata {
    std::string correlationId; ///< the flow: the same for everything one command led to
    std::string causationId;   ///< the id of the command or event that caused this one
    std::string userId;
    std::vector<Header> headers; ///< whatever else came along, in order, doubled names kept
    bool operator==(const Metadata&) const = default;
};

/// An event on its way into a store: a fact in the past tense.
struct NewEvent {
    std::string id; ///< UUIDv7 when we made it, any text when others did; unique in a store
    std::string type;
    int schemaVersion = 1; ///< of `data`; not the stream's version
    Timestamp time{};      ///< when it happened, by its producer
    Metadata metadata;
    std::string data; ///< JSON text, exactly as written
    bool operator==(const NewEvent&) const = default;
};

/// An event as a store gives it back.
struct RecordedEvent : NewEvent {
    std::string stream; ///< e.g. "order-7f3a"; the aggregate's id is what follows the first '-'
    StreamVersion version;
    GlobalPosition position;
    bool operator==(const RecordedEvent&) const = default;
};

/// "order" of "order-7f3a"; the whole name where there is no '-'.
std::string_view categoryOf(std::string_view stream);
/// "7f3a" of "order-7f3a"; the whole name where there is no '-'.
std::string_view aggregateIdOf(std::string_view stream);

/// Metadata as the JSON object that stores keep: correlationId, causationId, userId, schemaVersion
/// (only when it is not 1), then the headers as strings under their names, or, when a name is
/// doubled or would clash, all of them as "headers": [["name","value"],…].
std::string metadataToJson(const Metadata& metadata, int schemaVersion);
/// Reads that back, and foreign metadata too: members it does not know become headers (strings as
/// they are, other values as JSON text). Text that is no JSON object becomes one header "metadata";
/// an empty text and null are no metadata.
void metadataFromJson(std::string_view json, Metadata& metadata, int& schemaVersion);

/// The classic form {"eventId","eventType","timestamp","aggregateId","version","data","metadata"}
/// that buses put on the wire; data goes through byte for byte (null when there is none). The stream's
/// name follows as "stream" where it is more than the aggregate's id; without it, reading takes the
/// aggregate's id for the stream. A timestamp may also be an integer of milliseconds since 1970.
std::string eventToClassicJson(const RecordedEvent& event);
Result<RecordedEvent> eventFromClassicJson(std::string_view json);

} // namespace eventscope::core
