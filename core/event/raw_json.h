// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/error.h"

#include <string>
#include <string_view>
#include <vector>

namespace eventscope::core {

/// One member of an object with its value's bytes exactly as written (without white space around).
struct RawJsonMember {
    std::string name;
    std::string_view value; ///< into the text that was read

    bool isString() const { return value.front() == '"'; }
    bool isNull() const { return value == "null"; }
    /// The text of a string member; the value's own text otherwise.
    std::string text() const;
};

/// The members of one JSON object in order, doubled names kept; for envelopes, whose payload must go
/// through byte for byte. Unparsable for anything but one valid object.
Result<std::vector<RawJsonMember>> readRawObject(std::string_view json);

/// The elements of one JSON array, each as written.
Result<std::vector<std::string_view>> readRawArray(std::string_view json);

/// The first member of that name, or nullptr.
const RawJsonMember* findRaw(const std::vector<RawJsonMember>& members, std::string_view name);

/// The text of a valid JSON string token, its quotes taken off and its escapes resolved.
std::string decodeJsonString(std::string_view token);

} // namespace eventscope::core
