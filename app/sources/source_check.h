// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/source_check.h"

namespace eventscope::app {

/// A core::SourceCheck for every scheme: finds the machine, connects, opens the source as `read` would
/// and lists what it holds. Nothing is written and no demo is started.
core::Status checkSource(const core::SourceUrl& url, const core::CheckReport& report, std::stop_token stop);

} // namespace eventscope::app
