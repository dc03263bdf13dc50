// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/error.h"
#include "inspect/reducer.h"

#include <memory>
#include <string>
#include <string_view>

namespace eventscope::app {

/// The reducer that --reducer names: "order", "merge" or the path of a JavaScript file; for an empty
/// name the native one that suits the stream best.
core::Result<std::shared_ptr<core::Reducer>> openReducer(const std::string& name, std::string_view stream);

} // namespace eventscope::app
