// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/header_view.h"
#include "event/timestamp.h"

#include <cstdint>
#include <limits>
#include <span>
#include <string_view>

namespace eventscope::core {

/// One event as a source delivers it: the envelope's fields already found, the payload's bytes
/// untouched. Everything is a view into the source's buffer; whoever keeps it copies it.
struct SourceEvent {
    static constexpr std::int64_t kNone = std::numeric_limits<std::int64_t>::min();

    std::string_view source; ///< the connection's name, e.g. "demo"
    std::string_view stream;
    std::int64_t position = kNone; ///< the source's own: global position, offset; kNone where there is none
    std::int64_t version = kNone;  ///< in the stream
    std::int32_t partition = -1;   ///< -1: the source has no partitions
    std::string_view id;
    std::string_view type;
    Timestamp time{}; ///< by the producer; the epoch when unknown
    bool hasTime = true;
    std::string_view correlationId;
    std::string_view causationId;
    std::span<const HeaderView> headers; ///< in order, doubled names kept
    std::string_view payload;            ///< exact bytes
    bool payloadIsNull = false;          ///< no payload at all (a tombstone); different from an empty one
    bool isLate = false;                 ///< came after events that stand behind it: its transaction was committed late
    std::string_view undecodable;        ///< why the envelope could not be decoded; empty: it could
    std::string_view attempts{};         ///< ways to read it that failed before one did not: "JSON: …", one a line
    bool isMarked = false;               ///< by a person who looked at it before: a capture remembers
    std::string_view note{};             ///< what he noted about it
};

} // namespace eventscope::core
