// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/filter/filter_names.h"

#include <span>
#include <string_view>

namespace eventscope::core {

/// The texts of an object's members that stand at its beginning, in that order, as envelopes begin with
/// their fields: nothing behind the last of them is looked at. False, with some texts perhaps set, for
/// everything that is not plain on the way there (escapes, bytes beyond ASCII, objects and arrays,
/// another order): then somebody must read it who knows all of JSON. 16 bytes behind the text must be
/// readable. // any thread
bool readJsonHead(std::string_view json, std::span<const PathStep> names, std::span<std::string_view> texts);

} // namespace eventscope::core
