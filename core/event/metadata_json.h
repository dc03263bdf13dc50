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

/// Appends `,"name":"text"`, the same.
void appendTextMember(std::string& out, std::string_view name, std::string_view text);

/// What every envelope has.
struct EnvelopeHead {
    std::string id;
    std::string type;
    Timestamp time; ///< written as ISO 8601 text, or as an integer of milliseconds since 1970
};

/// Unparsable, naming the member, when the id or the type is absent, empty or no string, or the
/// "timestamp" is absent or none.
Result<EnvelopeHead> readEnvelopeHead(
    const std::vector<RawJsonMember>& members, std::string_view idName, std::string_view typeName);

} // namespace eventscope::core
