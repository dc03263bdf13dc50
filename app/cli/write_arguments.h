// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/arguments.h"

#include <CLI/CLI.hpp>

#include <optional>

namespace eventscope::app {

// The commands that write, and the journal of what was written.
void addRequeue(CLI::App& app, std::optional<Arguments>& chosen);
void addDiscard(CLI::App& app, std::optional<Arguments>& chosen);
void addJournal(CLI::App& app, std::optional<Arguments>& chosen);

} // namespace eventscope::app
