// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event_form.h"
#include "pg_rows.h"
#include "pqxx_session.h"
#include "sourcing/event_store.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace eventscope::postgres {

/// The columns that EventRows reads, in its order, of the table `e`.
inline constexpr std::string_view kEventColumns
    = "e.id, e.event_id, e.stream_id, e.event_type, e.version, e.data, e.metadata, e.created_at";

/// Events of the table of PostgresEventStore, from rows in binary. Views end with the next row.
class EventRows {
public:
    explicit EventRows(const PgRows& rows) : m_rows(rows) { }

    int size() const { return m_rows.size(); }
    core::EventView at(int row);

private:
    const PgRows& m_rows;
    std::string m_id;
    std::optional<AsWritten> m_written;
};

/// The same columns of a text result.
core::RecordedEvent recordedFrom(const PgTable& table, std::size_t row);

/// Integers in network order, as binary results and COPY hold them.
std::int64_t bigEndian(std::string_view bytes);
/// Of a binary timestamp, with or without time zone; nothing for infinity.
std::optional<core::Timestamp> timestampOf(std::string_view bytes);

} // namespace eventscope::postgres
