// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/writable_store.h"

#include "sources/postgres_opening.h"
#include "sources/rabbitmq_source.h"
#include "sourcing/sqlite_database.h"
#include "sourcing/sqlite_event_store.h"

#include <fmt/format.h>

namespace eventscope::app {

using core::ErrorCode;
using core::Result;

namespace {

Result<std::shared_ptr<core::EventStore>> openSqlite(const SourceUrl& url)
{
    auto database = core::SqliteDatabase::open(url.path, {.access = core::SqliteAccess::Create});
    if (!database) {
        return std::unexpected(database.error());
    }
    auto events = core::SqliteEventStore::open(*database);
    if (!events) {
        return std::unexpected(events.error());
    }
    return std::shared_ptr<core::EventStore>(std::move(*events));
}

} // namespace

Result<std::shared_ptr<core::EventStore>> openStoreForWriting(const SourceUrl& url)
{
    if (url.scheme == SourceScheme::Sqlite) {
        return openSqlite(url);
    }
    if (url.scheme == SourceScheme::Postgres) {
        return openPostgresStore(url);
    }
    if (url.scheme == SourceScheme::Amqp) {
        return openRabbitStore(url);
    }
    return fail(
        ErrorCode::Unsupported, fmt::format("{} is no event store that events can be imported into.", url.display()));
}

} // namespace eventscope::app
