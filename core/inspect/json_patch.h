// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/error.h"
#include "event/json.h"

#include <string>
#include <string_view>
#include <vector>

namespace eventscope::core {

/// One operation of RFC 6902.
struct PatchOperation {
    enum class Kind { Add, Remove, Replace, Move, Copy, Test };
    Kind kind = Kind::Test;
    std::string path; ///< RFC 6901 pointer
    std::string from; ///< of Move and Copy
    Json value;       ///< of Add, Replace and Test
    bool operator==(const PatchOperation&) const = default;
};

/// What changed from one JSON value to another (RFC 6902), numbers exactly as written: 1 and 1.0
/// differ here, though a Test compares them by value as the RFC wants.
using JsonPatch = std::vector<PatchOperation>;

/// A patch of Add, Remove and Replace that turns `before` into `after`; empty when they are equal.
/// Objects go member by member, arrays element by element around a common head and tail. An object
/// with a doubled name is replaced as a whole, as no pointer tells its members apart.
JsonPatch diffJson(const Json& before, const Json& after); // any thread

/// All operations, or on an error none: NotFound for a path that is not there, Refused for a Test
/// that fails, InvalidArgument for a pointer or index that makes no sense.
Status applyPatch(Json& value, const JsonPatch& patch);

/// The patch that takes back `patch` from what it makes of `before`. Fails where applying would.
Result<JsonPatch> invertPatch(const JsonPatch& patch, const Json& before);

/// As the array of RFC 6902 and back.
Json patchToJson(const JsonPatch& patch);
Result<JsonPatch> patchFromJson(const Json& json);

/// "add", "remove", …
std::string_view toString(PatchOperation::Kind kind);

/// The pointer to a member or element below `parent`, its name escaped.
std::string childPointer(std::string_view parent, std::string_view name);
std::string childPointer(std::string_view parent, std::size_t index);

} // namespace eventscope::core
