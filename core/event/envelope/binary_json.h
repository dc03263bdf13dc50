// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/error.h"

#include <string>
#include <string_view>

namespace eventscope::core {

// Binary formats written as JSON. All of the bytes must belong to one value. Integers keep their
// digits, floating point numbers become the shortest text that reads back the same (NaN and the
// infinities a string), bytes {"$base64":…}. Unparsable with a sentence otherwise. // any thread

/// Tags are left out but for times; nested at most 200 deep.
Result<std::string> messagePackToJson(std::string_view bytes);
Result<std::string> cborToJson(std::string_view bytes);

/// Without a schema: {"1":…,"2":[…]} by field number; a length-delimited field is a text when it is
/// readable, else a message when it can be one, else bytes.
Result<std::string> protobufToJson(std::string_view bytes);

} // namespace eventscope::core
