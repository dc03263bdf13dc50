// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pg_failure.h"
#include "pg_link.h"

#include <optional>
#include <string>

namespace eventscope::postgres {

/// The table of events as the server names it.
struct EventsTable {
    std::string name;     ///< qualified and quoted
    std::string sequence; ///< the oid of what numbers its rows; empty: none is known
    std::string outbox;   ///< qualified and quoted
    bool hasOutbox = false;
    std::int64_t lockKey = 0; ///< tells this table's advisory locks apart

    static std::string qualified(std::string_view schema, std::string_view table);
    /// CREATE TABLE with its indexes, exactly as specified; nothing where it is there already.
    static std::string ddl(std::string_view schema, std::string_view table);
    static std::string outboxDdl(std::string_view schema, std::string_view table);
    /// Nothing when it is not there; the failure "42703" when it has other columns.
    static PgResult<std::optional<EventsTable>> find(PgLink& link, std::string_view schema, std::string_view table);
};

} // namespace eventscope::postgres
