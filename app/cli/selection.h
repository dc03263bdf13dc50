// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/arguments.h"
#include "cli/event_printer.h"
#include "inspect/source.h"

#include <CLI/CLI.hpp>

namespace eventscope::app {

/// --stream, --from, --to, --limit, --last and --filter, which choose events of a source.
void addSelection(CLI::App& command, EventSelection& selection);

/// The range to read. A filter comes after the reading, so then the limit has to as well. Refers to the selection.
core::ReadRange rangeOf(const EventSelection& selection);

} // namespace eventscope::app
