// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/event.h"
#include "sourcing/sqlite_connection.h"
#include "sourcing/sqlite_event_reader.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

namespace eventscope::core {

/// Events on their way into the table, inserted several at a time: what SQLite does for each statement
/// costs about as much as what it does for a row.
class SqliteEventRows {
public:
    /// Not while it isFull(). The position is the one that SQLite will give the row, the one after the last:
    /// numbers of its own it appends without a search. The event must outlive insert().
    void add(
        std::int64_t position, std::int64_t stream, std::int64_t version, std::int64_t type, const NewEvent& event);
    bool isFull() const { return m_count == m_rows.size(); }
    void clear() { m_count = 0; }

    /// Inserts and forgets them all. False when a unique index refused one of them, or
    /// SQLite gave another position.
    Result<bool> insert(SqliteConnection& connection);

private:
    static constexpr std::size_t kGroups[] = {32, 8, 1};

    struct Row {
        std::int64_t position = 0, stream = 0, version = 0, type = 0;
        const NewEvent* event = nullptr;
        SqliteEventId id;
        std::string metadata;
    };
    Result<bool> insertGroup(
        SqliteConnection& connection, const std::string& sql, std::size_t first, std::size_t count);

    std::array<Row, kGroups[0]> m_rows; // the first m_count of them
    std::size_t m_count = 0;
};

} // namespace eventscope::core
