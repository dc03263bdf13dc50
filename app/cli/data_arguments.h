// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/arguments.h"

#include <CLI/CLI.hpp>

#include <optional>

namespace eventscope::app {

// The commands that move events and follow them through several sources.
void addExport(CLI::App& app, std::optional<Arguments>& chosen);
void addImport(CLI::App& app, std::optional<Arguments>& chosen);
void addFlow(CLI::App& app, std::optional<Arguments>& chosen);
void addFindStep(CLI::App& app, std::optional<Arguments>& chosen);

/// --reducer of replay and find-step.
void addReducer(CLI::App& command, std::string& reducer);

} // namespace eventscope::app
