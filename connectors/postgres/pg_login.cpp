// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pg_login.h"

#include <fmt/format.h>

namespace eventscope::postgres {

namespace {

void append(std::string& out, std::string_view name, std::string_view value)
{
    if (value.empty())
        return;
    out += out.empty() ? "" : " ";
    out += name;
    out += "='";
    for (const char c : value) {
        if (c == '\'' || c == '\\')
            out += '\\';
        out += c;
    }
    out += '\'';
}

std::string quotedWith(std::string_view text, char quote)
{
    std::string out(1, quote);
    for (const char c : text) {
        if (c == quote)
            out += c;
        out += c;
    }
    out += quote;
    return out;
}

} // namespace

std::string PgLogin::display() const
{
    std::string text = user.empty() ? "" : user + '@';
    for (const Host& host : hosts)
        text += fmt::format("{}{}:{}", &host == &hosts.front() ? "" : ",", host.name, host.port);
    return database.empty() ? text : text + '/' + database;
}

std::string conninfoOf(const PgLogin& login)
{
    std::string names, ports;
    for (const PgLogin::Host& host : login.hosts) {
        names += (names.empty() ? "" : ",") + host.name;
        ports += fmt::format("{}{}", ports.empty() ? "" : ",", host.port);
    }
    std::string out;
    append(out, "host", names);
    append(out, "port", ports);
    append(out, "user", login.user);
    append(out, "password", login.password);
    append(out, "dbname", login.database);
    append(out, "application_name", "eventscope");
    append(out, "client_encoding", "UTF8");
    append(out, "gssencmode", "disable");
    append(out, "connect_timeout", std::to_string(login.connectTimeout.count()));
    for (const auto& [name, value] : login.options)
        append(out, name, value);
    return out;
}

// SET rather than the start-up packet's options: connection poolers refuse those.
std::string sessionSettings(PgAccess access)
{
    std::string sql = "SET TimeZone='UTC'; SET DateStyle='ISO, YMD'; SET IntervalStyle='iso_8601'; "
                      "SET extra_float_digits=3; SET bytea_output='hex'; SET standard_conforming_strings=on; ";
    sql += access == PgAccess::Read
        ? "SET default_transaction_read_only=on; SET statement_timeout='30s'; SET lock_timeout='1s'; "
          "SET idle_in_transaction_session_timeout='10s'; SET max_parallel_workers_per_gather=0"
        : "SET statement_timeout='30s'; SET lock_timeout='10s'; SET idle_in_transaction_session_timeout='60s'";
    return sql;
}

std::string quotedIdentifier(std::string_view name)
{
    return quotedWith(name, '"');
}

std::string quotedLiteral(std::string_view text)
{
    return quotedWith(text, '\'');
}

} // namespace eventscope::postgres
