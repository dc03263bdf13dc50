// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event_form.h"
#include "events_table.h"
#include "pg_pool.h"
#include "pqxx_session.h"
#include "sourcing/append_decision.h"

#include <span>
#include <string>
#include <unordered_map>
#include <vector>

namespace eventscope::postgres {

/// The writing side of PostgresEventStore. // any thread
class EventAppender {
public:
    EventAppender(PgPool<PqxxSession>& pool, const EventsTable& table, bool outbox)
        : m_pool(pool), m_table(table), m_outbox(outbox)
    {
    }

    struct Done {
        std::vector<core::AppendResult> results;
        bool stored = false;
    };
    core::Result<Done> append(std::span<const core::StreamAppend> appends);

private:
    class Attempt;

    PgPool<PqxxSession>& m_pool;
    const EventsTable& m_table;
    const bool m_outbox;
};

} // namespace eventscope::postgres
