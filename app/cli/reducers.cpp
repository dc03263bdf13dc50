// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/reducers.h"

#include "javascript_reducer.h"

#include <fmt/format.h>

#include <utility>

namespace eventscope::app {

core::Result<std::shared_ptr<core::Reducer>> openReducer(const std::string& name, std::string_view stream)
{
    if (name.ends_with(".js")) {
        auto script = javascript::JavaScriptReducer::open(name);
        if (!script) {
            return std::unexpected(script.error());
        }
        return std::shared_ptr<core::Reducer>(std::move(*script));
    }
    std::unique_ptr<core::Reducer> native
        = name.empty() ? core::nativeReducerFor(stream) : core::makeNativeReducer(name);
    if (!native) {
        return core::fail(core::ErrorCode::Unsupported, fmt::format("there is no reducer named '{}'.", name));
    }
    return std::shared_ptr<core::Reducer>(std::move(native));
}

} // namespace eventscope::app
