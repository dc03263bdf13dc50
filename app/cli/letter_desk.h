// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/source_url.h"
#include "event/error.h"
#include "inspect/dead_letter_queue.h"

#include <memory>
#include <stop_token>
#include <string>

namespace eventscope::app {

enum class LetterAccess { Look, Write };

/// The dead letters of a source, with what has to live as long. Opened to look, nothing that writes
/// works: the store is read-only.
core::Result<std::shared_ptr<core::DeadLetterQueue>> openLetters(
    const SourceUrl& url, LetterAccess access, std::stop_token stop);

/// What the journal calls this source: the same however its path was written.
std::string journalNameOf(const SourceUrl& url);

} // namespace eventscope::app
