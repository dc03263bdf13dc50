// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/error.h"

namespace eventscope::app {

/// How a command ends, for the program that called it.
enum class ExitCode {
    Done = 0,
    Refused = 1,     ///< something asked for failed or was refused
    Usage = 2,       ///< the command line makes no sense
    Unreachable = 3, ///< the source cannot be reached
    Interrupted = 130,
};

constexpr int toInt(ExitCode code)
{
    return static_cast<int>(code);
}

/// For an error while a source was being opened: it is not to be had, unless the request itself was wrong.
ExitCode exitCodeOfOpening(const core::Error& error);

/// For an error while working on a source that was open.
ExitCode exitCodeOf(const core::Error& error);

} // namespace eventscope::app
