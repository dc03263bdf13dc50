// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/error.h"
#include "inspect/dead_letter.h"

#include <string>
#include <string_view>

namespace eventscope::core {

/// A dead letter as one JSON text that gives it back byte for byte, whatever its payload, key and
/// headers are made of. What the journal keeps.
std::string deadLetterToRecord(const DeadLetter& letter);
Result<DeadLetter> deadLetterFromRecord(std::string_view record);

} // namespace eventscope::core
