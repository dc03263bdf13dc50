// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/import_target.h"
#include "inspect/source_url.h"

#include <memory>

namespace eventscope::app {

/// The one topic that a kafka:// URL names, to write events into; the broker makes it where it is not
/// there and the broker may.
core::Result<std::unique_ptr<ImportTarget>> openKafkaImport(const core::SourceUrl& url);

} // namespace eventscope::app
