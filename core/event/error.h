// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <utility>

namespace eventscope::core {

/// What a caller can act on. The sentence that goes with it is for people: it names what was wrong
/// and what to do, and never holds a secret.
enum class ErrorCode {
    InvalidArgument,      ///< the request makes no sense as it stands
    NotFound,             ///< the thing asked for is not there
    WrongExpectedVersion, ///< the stream is at another version than the writer believed
    IdempotencyConflict,  ///< an event id is already stored, with another content or in another place
    DomainRule,           ///< a command that the aggregate's rules refuse
    Unparsable,           ///< text or bytes that are not what they should be
    NotAStore,            ///< a file that is no event store
    Corrupt,              ///< a store that is damaged or cut short
    UnsupportedVersion,   ///< a store written by a newer program
    Locked,               ///< another process holds the store
    ReadOnly,             ///< the store, its disk or its connection must not be written
    DiskFull,             ///< no room left
    Io,                   ///< any other failure of the disk
    Unreachable,          ///< a server or file that cannot be reached
    Refused,              ///< not allowed: locked connection, missing right
    Unsupported,          ///< a capability this technology does not have
    InDoubt,              ///< sent, but whether it arrived is not known
    Timeout,              ///< no answer in time
    Cancelled,            ///< the user or the shutdown stopped it
    HandlerFailed,        ///< a handler returned an error or threw
    HeldByOther,          ///< somebody else is at this very thing: try again later, never acknowledge
};

/// The code's name as it is printed, e.g. "WrongExpectedVersion".
std::string_view toString(ErrorCode code);
/// The code of that name; HandlerFailed for any other name.
ErrorCode errorCodeFrom(std::string_view name);

struct Error {
    ErrorCode code = ErrorCode::Io;
    std::string message;
    /// Where a handler failed, as far as it is known; empty otherwise.
    std::string stack = {};

    bool operator==(const Error&) const = default;
};

/// Every failure that the caller can act on. Broken invariants are assertions.
template <class T>
using Result = std::expected<T, Error>;
using Status = Result<void>;

inline std::unexpected<Error> fail(ErrorCode code, std::string message)
{
    return std::unexpected(Error{code, std::move(message)});
}

} // namespace eventscope::core
