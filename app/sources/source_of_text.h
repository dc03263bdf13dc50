// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/error.h"
#include "inspect/source_url.h"

#include <string_view>

namespace eventscope::app {

/// A source as somebody writes it on the command line: a URL, or the path of a file that is there, which
/// is then looked at to see what it is (a store, a capture, a file of events). Reads the disk.
core::Result<core::SourceUrl> sourceOfText(std::string_view text);

} // namespace eventscope::app
