// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/arguments.h"
#include "cli/interrupt.h"
#include "event/error.h"

class QObject;

namespace eventscope::app {

/// Makes sure, before there is an application, that it can open its window: screenshots and
/// figures are taken without a display where there is none; for anything else it is Unreachable then.
core::Status prepareDisplay(const WindowArguments& arguments);

/// Ends the application like its user would when a signal asks for it; ends with the parent.
void quitWhenInterrupted(const Interrupt& interrupt, QObject* parent);

} // namespace eventscope::app
