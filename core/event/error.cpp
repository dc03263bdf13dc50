// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "event/error.h"

namespace eventscope::core {

std::string_view toString(ErrorCode code)
{
    switch (code) {
    case ErrorCode::InvalidArgument: return "InvalidArgument";
    case ErrorCode::NotFound: return "NotFound";
    case ErrorCode::WrongExpectedVersion: return "WrongExpectedVersion";
    case ErrorCode::IdempotencyConflict: return "IdempotencyConflict";
    case ErrorCode::DomainRule: return "DomainRule";
    case ErrorCode::Unparsable: return "Unparsable";
    case ErrorCode::NotAStore: return "NotAStore";
    case ErrorCode::Corrupt: return "Corrupt";
    case ErrorCode::UnsupportedVersion: return "UnsupportedVersion";
    case ErrorCode::Locked: return "Locked";
    case ErrorCode::ReadOnly: return "ReadOnly";
    case ErrorCode::DiskFull: return "DiskFull";
    case ErrorCode::Io: return "Io";
    case ErrorCode::Unreachable: return "Unreachable";
    case ErrorCode::Refused: return "Refused";
    case ErrorCode::Unsupported: return "Unsupported";
    case ErrorCode::InDoubt: return "InDoubt";
    case ErrorCode::Timeout: return "Timeout";
    case ErrorCode::Cancelled: return "Cancelled";
    case ErrorCode::HandlerFailed: return "HandlerFailed";
    case ErrorCode::HeldByOther: return "HeldByOther";
    }
    return "Unknown";
}

ErrorCode errorCodeFrom(std::string_view name)
{
    for (int code = 0; code <= static_cast<int>(ErrorCode::HandlerFailed); ++code) {
        if (toString(static_cast<ErrorCode>(code)) == name)
            return static_cast<ErrorCode>(code);
    }
    return ErrorCode::HandlerFailed;
}

} // namespace eventscope::core
