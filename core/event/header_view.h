// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

namespace eventscope::core {

/// A header as a transport delivers it: a name, which may come more than once, and any bytes.
struct HeaderView {
    std::string_view name;
    std::string_view value;
};

} // namespace eventscope::core
