// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/exit_code.h"

namespace eventscope::app {

using core::ErrorCode;

ExitCode exitCodeOfOpening(const core::Error& error)
{
    switch (error.code) {
    case ErrorCode::InvalidArgument: return ExitCode::Usage;
    case ErrorCode::Cancelled: return ExitCode::Interrupted;
    default: return ExitCode::Unreachable;
    }
}

ExitCode exitCodeOf(const core::Error& error)
{
    switch (error.code) {
    case ErrorCode::Cancelled: return ExitCode::Interrupted;
    case ErrorCode::NotAStore:
    case ErrorCode::Corrupt:
    case ErrorCode::UnsupportedVersion:
    case ErrorCode::Locked:
    case ErrorCode::Unreachable:
    case ErrorCode::Timeout: return ExitCode::Unreachable;
    default: return ExitCode::Refused;
    }
}

} // namespace eventscope::app
