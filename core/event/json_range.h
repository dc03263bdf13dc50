// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace eventscope::core {

/// Bytes [begin, end) of a text.
struct JsonRange {
    std::size_t begin = 0, end = 0;
    bool operator==(const JsonRange&) const = default;
};

/// Where the value of an RFC 6901 pointer stands in a JSON text; of doubled names the first. Reads only the
/// way there: what comes behind may be broken, or missing, and then the value reaches to the text's end.
/// Nothing where there is no such value. // any thread
std::optional<JsonRange> rangeOfPointer(std::string_view json, std::string_view pointer);

} // namespace eventscope::core
