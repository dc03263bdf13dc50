// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pg_failure.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace eventscope::postgres {

using core::Error;
using core::ErrorCode;

namespace {

bool contains(std::string_view text, std::string_view part)
{
    return text.find(part) != std::string_view::npos;
}

/// libpq and the server explain a refused connection in words only.
struct ConnectCase {
    std::string_view part;
    ErrorCode code;
    std::string_view sentence; ///< {} is the server
};

constexpr std::array<ConnectCase, 23> kConnectCases{{
    {"password authentication failed", ErrorCode::Refused,
        "{} refused the password; check user and password (PGPASSWORD, PGPASSFILE or EVENTSCOPE_PASSWORD)."},
    {"no password supplied", ErrorCode::Refused,
        "{} asks for a password; give it in PGPASSWORD, PGPASSFILE or EVENTSCOPE_PASSWORD."},
    {"could not translate host name", ErrorCode::Unreachable, "The host of {} is unknown; check its name."},
    {"No such file or directory", ErrorCode::Unreachable,
        "No PostgreSQL server listens at {}; start it, or check host and port."},
    {"Connection refused", ErrorCode::Unreachable,
        "No PostgreSQL server listens at {}; start it, or check host and port."},
    {"No route to host", ErrorCode::Unreachable, "There is no route to {}; check the network."},
    {"Network is unreachable", ErrorCode::Unreachable, "The network of {} cannot be reached."},
    {"timeout expired", ErrorCode::Timeout, "{} did not answer in time; check host, port and firewall."},
    {"Connection timed out", ErrorCode::Timeout, "{} did not answer in time; check host, port and firewall."},
    {"server does not support SSL", ErrorCode::Refused,
        "{} offers no TLS, but sslmode asks for it; turn TLS on there, or choose another sslmode."},
    {"certificate verify failed", ErrorCode::Refused,
        "The certificate of {} cannot be verified; give the authority that signed it with ?sslrootcert=FILE."},
    {"root certificate file", ErrorCode::Refused,
        "The certificate of {} cannot be verified without an authority; give it with ?sslrootcert=FILE."},
    {"does not match host name", ErrorCode::Refused,
        "The certificate of {} is for another host; check the host's name, or use sslmode=verify-ca."},
    {"could not load private key", ErrorCode::Refused, "The private key for {} (sslkey) cannot be read."},
    {"could not read certificate", ErrorCode::Refused, "The certificate for {} (sslcert) cannot be read."},
    {"SSL error", ErrorCode::Refused, "TLS with {} failed."},
    {"invalid sslmode value", ErrorCode::InvalidArgument,
        "The sslmode of {} is none of disable, allow, prefer, require, verify-ca and verify-full."},
    {"invalid connection option", ErrorCode::InvalidArgument, "The URL of {} has an option that libpq does not know."},
    {"no pg_hba.conf entry", ErrorCode::Refused,
        "{} lets this user connect neither to that database nor from here (pg_hba.conf); ask its administrator, or try "
        "another sslmode."},
    {"the database system is starting up", ErrorCode::Unreachable, "{} is starting up."},
    {"the database system is shutting down", ErrorCode::Unreachable, "{} is shutting down."},
    {"the database system is in recovery mode", ErrorCode::Unreachable, "{} is recovering from a crash."},
    {"too many clients", ErrorCode::Unreachable, "{} has no free connection left."},
}};

std::string firstLine(std::string_view text)
{
    std::string_view line = text.substr(0, text.find('\n'));
    // "connection to server at \"h\" (1.2.3.4), port 5432 failed: FATAL:  why"
    if (const std::size_t failed = line.find(" failed: "); failed != std::string_view::npos)
        line.remove_prefix(failed + 9);
    for (const std::string_view severity : {"FATAL:  ", "ERROR:  "}) {
        if (line.starts_with(severity))
            line.remove_prefix(severity.size());
    }
    return std::string(line);
}

Error connectError(const PgFailure& failure, std::string_view server)
{
    const std::string& text = failure.message;
    for (const ConnectCase& one : kConnectCases) {
        if (contains(text, one.part))
            return {one.code, fmt::format(fmt::runtime(one.sentence), server)};
    }
    if (contains(text, "database \"") && contains(text, "does not exist"))
        return {ErrorCode::NotFound, fmt::format("{}: {}; check the database's name.", server, firstLine(text))};
    if (contains(text, "role \"") && contains(text, "does not exist"))
        return {ErrorCode::Refused, fmt::format("{}: {}; check the user's name.", server, firstLine(text))};
    return {ErrorCode::Unreachable, fmt::format("{} cannot be reached: {}.", server, firstLine(text))};
}

Error serverError(const PgFailure& failure, std::string_view server)
{
    const std::string& state = failure.state;
    const auto with = [&](ErrorCode code, std::string_view advice) {
        return Error{code, fmt::format("{}: {}{}{}", server, failure.message, advice.empty() ? "." : "; ", advice)};
    };
    if (state == "42501")
        return with(ErrorCode::Refused, "ask the owner for the right to it.");
    if (state == "25006")
        return with(ErrorCode::ReadOnly, "this server or session may only be read.");
    if (state == "42P01" || state == "3F000")
        return with(ErrorCode::NotFound, "check the table's name, or have it created.");
    if (state == "42703")
        return with(ErrorCode::NotAStore, "the table has other columns than expected.");
    if (state == "57014")
        return with(ErrorCode::Timeout, "ask for less, or try again when the server is less busy.");
    if (state == "55P03" || state == "40001" || state == "40P01")
        return with(ErrorCode::Locked, "somebody else is at it: try again.");
    if (state == "53100")
        return with(ErrorCode::DiskFull, "make room on the server's disk.");
    if (state.starts_with("22") || state == "54000")
        return with(ErrorCode::InvalidArgument, "PostgreSQL cannot keep it like that.");
    if (state.starts_with("53") || state.starts_with("57P"))
        return with(ErrorCode::Unreachable, "");
    return with(ErrorCode::Io, "");
}

} // namespace

Error toError(const PgFailure& failure, std::string_view server)
{
    switch (failure.kind) {
    case PgFailure::Kind::Connect: return connectError(failure, server);
    case PgFailure::Kind::Lost:
        return {ErrorCode::Unreachable,
            fmt::format("The connection to {} was lost: {}.", server,
                failure.message.empty() ? "the server closed it" : firstLine(failure.message))};
    case PgFailure::Kind::TimedOut:
        return {
            ErrorCode::Timeout, fmt::format("{} did not answer in time; the connection to it was given up.", server)};
    case PgFailure::Kind::Cancelled: return {ErrorCode::Cancelled, "It was stopped."};
    case PgFailure::Kind::Server: break;
    }
    return serverError(failure, server);
}

} // namespace eventscope::postgres
