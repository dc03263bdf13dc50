// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/letter_desk.h"
#include "cli/opened_source.h"
#include "event/error.h"
#include "inspect/dead_letter_queue.h"
#include "inspect/source_url.h"
#include "pg_login.h"
#include "postgres_source.h"
#include "sourcing/event_store.h"

#include <memory>
#include <stop_token>

namespace eventscope::app {

/// What a postgres: URL says: whom to ask, and which table. Options are libpq's for TLS (sslmode,
/// sslrootcert, sslcert, sslkey, sslcrl, channel_binding), target_session_attrs and connect_timeout;
/// table=[schema.]name; stream=, version=, position=, id=, type=, time=, data=, metadata=, correlation=,
/// causation= for the columns of a table that nobody else knows; counts=exact.
struct PostgresUrl {
    postgres::PgLogin login;
    postgres::PostgresSourceOptions options;
};
/// InvalidArgument for an option that it does not know.
core::Result<PostgresUrl> readPostgresUrl(const core::SourceUrl& url);

/// The store to write to; its table is made where it is not there.
core::Result<std::shared_ptr<core::EventStore>> openPostgresStore(const core::SourceUrl& url);

/// The dead letters that frameworks keep in the database.
core::Result<std::shared_ptr<core::DeadLetterQueue>> openPostgresLetters(
    const core::SourceUrl& url, LetterAccess access, std::stop_token stop);

/// Opens it to look at only.
core::Result<OpenedSource> openPostgres(const core::SourceUrl& url, std::stop_token stop);

} // namespace eventscope::app
