// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sources/postgres_opening.h"

#include "postgres_event_store.h"
#include "postgres_letters.h"
#include "sources/source_password.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <string>
#include <string_view>
#include <utility>

namespace eventscope::app {

using core::ErrorCode;
using core::Result;

namespace {

constexpr std::array<std::string_view, 7> kLibraryOptions{
    "sslmode", "sslrootcert", "sslcert", "sslkey", "sslcrl", "channel_binding", "target_session_attrs"};

constexpr std::array kFields{postgres::EventField::Position, postgres::EventField::Stream,
    postgres::EventField::Version, postgres::EventField::Id, postgres::EventField::Type, postgres::EventField::Time,
    postgres::EventField::Data, postgres::EventField::Metadata, postgres::EventField::Correlation,
    postgres::EventField::Causation};

core::Status takeOption(PostgresUrl& result, const std::string& name, const std::string& value)
{
    if (std::ranges::find(kLibraryOptions, name) != kLibraryOptions.end()) {
        result.login.options.emplace_back(name, value);
        return {};
    }
    if (const auto field = std::ranges::find(kFields, name, &postgres::nameOf); field != kFields.end()) {
        result.options.mapping.emplace_back(*field, value);
        return {};
    }
    if (name == "table") {
        result.options.table = value;
        return {};
    }
    if (name == "counts" && (value == "exact" || value == "estimate")) {
        result.options.exactCounts = value == "exact";
        return {};
    }
    if (name == "connect_timeout") {
        int seconds = 0;
        const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), seconds);
        if (error == std::errc{} && end == value.data() + value.size() && seconds >= 2) {
            result.login.connectTimeout = std::chrono::seconds(seconds);
            return {};
        }
        return fail(ErrorCode::InvalidArgument, "connect_timeout of a postgres: URL is a number of seconds from 2 on.");
    }
    if (name == "counts") {
        return fail(ErrorCode::InvalidArgument, "counts of a postgres: URL is exact or estimate.");
    }
    return fail(ErrorCode::InvalidArgument, fmt::format("postgres: has no option '{}'.", name));
}

} // namespace

Result<PostgresUrl> readPostgresUrl(const core::SourceUrl& url)
{
    PostgresUrl result;
    for (const core::SourceUrl::Host& host : url.hosts) {
        result.login.hosts.push_back({host.name, host.port});
    }
    result.login.user = url.user;
    result.login.password = url.password;
    result.login.database = url.database;
    for (const auto& [name, value] : url.options) {
        if (core::Status taken = takeOption(result, name, value); !taken) {
            return std::unexpected(std::move(taken.error()));
        }
    }
    return result;
}

Result<std::shared_ptr<core::EventStore>> openPostgresStore(const core::SourceUrl& url)
{
    auto read = readPostgresUrl(withPasswordFromEnvironment(url));
    if (!read) {
        return std::unexpected(read.error());
    }
    if (!read->options.mapping.empty()) {
        return fail(ErrorCode::Unsupported, "A table that was mapped column by column can only be read.");
    }
    postgres::PostgresEventStore::Options options{.access = postgres::PgAccess::Write, .createTable = true};
    if (const std::string& table = read->options.table; !table.empty()) {
        const std::size_t dot = table.find('.');
        options.schema = dot == std::string::npos ? "" : table.substr(0, dot);
        options.table = dot == std::string::npos ? table : table.substr(dot + 1);
    }
    auto store = postgres::PostgresEventStore::open(std::move(read->login), std::move(options));
    if (!store) {
        return std::unexpected(store.error());
    }
    return std::shared_ptr<core::EventStore>(std::move(*store));
}

Result<std::shared_ptr<core::DeadLetterQueue>> openPostgresLetters(
    const core::SourceUrl& url, LetterAccess access, std::stop_token stop)
{
    auto read = readPostgresUrl(withPasswordFromEnvironment(url));
    if (!read) {
        return std::unexpected(read.error());
    }
    auto letters = postgres::PostgresLetters::open(std::move(read->login),
        access == LetterAccess::Write ? postgres::PgAccess::Write : postgres::PgAccess::Read, std::move(stop));
    if (!letters) {
        return std::unexpected(letters.error());
    }
    return std::shared_ptr<core::DeadLetterQueue>(std::move(*letters));
}

Result<OpenedSource> openPostgres(const core::SourceUrl& url, std::stop_token stop)
{
    auto read = readPostgresUrl(url);
    if (!read) {
        return std::unexpected(read.error());
    }
    auto source = postgres::PostgresSource::open(
        nameOf(url), std::move(read->login), std::move(read->options), std::move(stop));
    if (!source) {
        return std::unexpected(source.error());
    }
    return OpenedSource{.source = std::move(*source), .events = {}, .deadLetters = {}, .behind = {}};
}

} // namespace eventscope::app
