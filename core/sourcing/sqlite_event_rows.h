// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/event.h"
#include "sourcing/sqlite_connection.h"
#include "sourcing/sqlite_event_reader.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace eventscope::core {

/// Events on their way into the table, inserted several at a time: what SQLite does for each statement
/// costs about as much as what it does for a row.
class SqliteEventRows {
public:
    /// The event must outlive insert().
    void add(
        std::int64_t position, std::int64_t stream, std::int64_t version, std::int64_t type, const NewEvent& event);
    bool isFull() const { return m_rows.size() == kGroups[0]; }
    void clear() { m_rows.clear(); }

    /// Inserts and forgets them all. False when a unique index refused one of them.
    Result<bool> insert(SqliteConnection& connection);

private:
    static constexpr std::size_t kGroups[] = {32, 8, 1};

    struct Row {
        std::int64_t position, stream, version, type;
        const NewEvent* event;
        SqliteEventId id;
        std::string metadata;
    };
    Result<bool> insertGroup(
        SqliteConnection& connection, const std::string& sql, std::size_t first, std::size_t count);

    std::vector<Row> m_rows;
};

} // namespace eventscope::core
