// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/error.h"
#include "event/event.h"
#include "event/raw_json.h"

#include <string>
#include <string_view>
#include <vector>

namespace eventscope::core {

// What the JSON envelopes of events and messages share.

/// A null id is written where `ids` is Always and there is none.
enum class EnvelopeIds { WhenKnown, Always };
void appendMetadataJson(std::string& out, const Metadata& metadata, int schemaVersion, EnvelopeIds ids);

/// Appends `,"name":` (without the comma behind an opening brace).
void appendMemberName(std::string& out, std::string_view name);

/// A time as envelopes carry it: ISO 8601 text, or an integer of milliseconds since 1970.
Result<Timestamp> readEnvelopeTime(const RawJsonMember& member);

/// The text member of that name; Unparsable when it is absent, empty or no string.
Result<std::string> requiredText(const std::vector<RawJsonMember>& members, std::string_view name);

} // namespace eventscope::core
