// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/event.h"

#include <optional>
#include <string>
#include <string_view>

namespace eventscope::postgres {

// The columns event_id UUID, data JSONB and metadata JSONB cannot keep everything as it was written:
// an id may be any text, and jsonb forgets white space and the order of members. What would come back
// otherwise than it went in is kept beside, as the member "asWritten" {"id","data"} of the metadata.

/// An event as it goes into the table.
struct EventForm {
    std::string uuid;
    std::string data;                    ///< JSON
    std::optional<std::string> metadata; ///< JSON; NULL where there is none
};
EventForm formOf(const core::NewEvent& event);

/// The UUID that stands for an id: itself, or one of version 5 made of any other text.
std::string uuidOf(std::string_view id);

/// What the metadata say about how id and data were written.
struct AsWritten {
    std::optional<std::string> id, data;
    std::string metadata; ///< the rest
};
/// Nothing where there is no such member.
std::optional<AsWritten> asWrittenOf(std::string_view metadata);

/// Whether jsonb gives back exactly this text. May say no of some that it would.
bool isJsonbText(std::string_view json);

} // namespace eventscope::postgres
