// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/event_log.h"
#include "inspect/source_event.h"

#include <string>
#include <string_view>

namespace eventscope::core {

/// Appends the event as one JSON object on one line, without a line end:
/// {"source","stream","position","partition","version","id","type","time","correlationId",
///  "causationId","headers":[["name","value"],…],"data":…}
///
/// position is a decimal string, time ISO 8601 in UTC with microseconds; unknown fields are absent.
/// data is the payload as JSON when it is JSON (byte for byte; white space between tokens is left out
/// only where it holds a line end or stands around it), else {"$text":"…"} when it is valid UTF-8, else
/// {"$base64":"…"}; null when there is no payload. A payload that is itself an object with the single member $text or
/// $base64 is written as {"$text":…}, so that reading back is never ambiguous.
///
/// Names and values elsewhere that are not valid UTF-8 become {"$base64":"…"} instead of a string.
/// An event that could not be decoded has one member more: "undecodable", the reason; one that filled a gap
/// among those shown before it (SourceEvent::isLate) has "late":true.
void appendEventJson(std::string& out, const SourceEvent& event); // any thread

/// The same of a row of the log.
void appendEventJson(std::string& out, const EventLog& log, LogRow row); // any thread

/// The payload alone, as in "data" above.
void appendPayloadJson(std::string& out, std::string_view payload, bool isNull);

} // namespace eventscope::core
