// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/arguments.h"

namespace eventscope::app {

/// Opens the window on the sources (none: the demo) and returns when it is closed, or, for
/// screenshots, when they are saved; the program's exit code.
int runWindow(const WindowArguments& arguments, int& argc, char** argv);

} // namespace eventscope::app
