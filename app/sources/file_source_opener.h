// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/clock.h"
#include "event/error.h"
#include "inspect/source.h"
#include "inspect/source_url.h"

#include <memory>
#include <string>

namespace eventscope::app {

enum class FileUse {
    Command, ///< names of sources as the file has them; a catalog reads all of it
    Window,  ///< the connection's name; a catalog of what was read so far
};

/// A file: source, or a capture, which is told by its first bytes. `clock` must outlive it.
core::Result<std::unique_ptr<core::Source>> openFileSource(
    const core::SourceUrl& url, const std::string& name, FileUse use, core::Clock& clock);

} // namespace eventscope::app
