// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/error.h"

#include <expected>
#include <string>
#include <string_view>

namespace eventscope::postgres {

/// What the server or its client library said, before it becomes a sentence for people.
struct PgFailure {
    enum class Kind {
        Server,    ///< a statement was refused; the connection goes on
        Lost,      ///< the connection is gone
        Connect,   ///< there never was one
        TimedOut,  ///< no answer in time; the connection was given up
        Cancelled, ///< somebody asked to stop; the connection was given up
    };
    Kind kind = Kind::Server;
    std::string state;   ///< SQLSTATE, of Server
    std::string message; ///< without the "ERROR:" in front
    std::string hint{};

    bool isState(std::string_view wanted) const { return kind == Kind::Server && state == wanted; }
    /// Another session won: the transaction may be tried again.
    bool isRetriable() const { return isState("40001") || isState("40P01"); }
    bool isUniqueViolation() const { return isState("23505"); }
    bool endsConnection() const { return kind != Kind::Server || state.starts_with("57P"); }
};

template <class T>
using PgResult = std::expected<T, PgFailure>;

/// The one place where PostgreSQL's errors become ours. `server` is PgLogin::display().
core::Error toError(const PgFailure& failure, std::string_view server);

inline std::unexpected<core::Error> failed(const PgFailure& failure, std::string_view server)
{
    return std::unexpected(toError(failure, server));
}

} // namespace eventscope::postgres
