// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dead_letter_family.h"

#include <string_view>

namespace eventscope::kafka {

/// Dead letters that people made by hand: a JSON object with the original in it and why it failed.
/// Fills what it finds and returns true; false when the text is no such wrapper, which needs both an
/// original and an error. Names count without case, '_' and '-'; they may lie one object deeper, in
/// metadata, meta or dlq.
bool unwrapJson(std::string_view json, UnderstoodLetter& understood);

} // namespace eventscope::kafka
