// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/ids.h"
#include "sourcing/event_store.h"
#include "sourcing/name_table.h"
#include "sourcing/sqlite_connection.h"

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace eventscope::core {

inline Timestamp sqliteTime(std::int64_t microseconds)
{
    return Timestamp{std::chrono::microseconds{microseconds}};
}

/// An event id on its way into a statement: the 16 bytes of a UUID, the text of anything else. Must
/// outlive the step, and so must the text.
class SqliteEventId {
public:
    SqliteEventId() = default;
    explicit SqliteEventId(std::string_view id) : m_text(id), m_uuid(parseUuid(id)) { }

    void bindTo(SqliteStatement& statement, int index) const
    {
        if (m_uuid)
            statement.bindBlob(index, {reinterpret_cast<const char*>(m_uuid->data()), m_uuid->size()});
        else
            statement.bind(index, m_text);
    }

private:
    std::string_view m_text;
    std::optional<Uuid> m_uuid;
};

/// Turns rows of position, stream, version, id, type, time, metadata, data into events, on the
/// connection that they come from. The names of streams and types are looked up once in a table's life.
class SqliteEventReader {
public:
    SqliteEventReader(SqliteConnection& connection, NameTable& streams, NameTable& types)
        : m_connection(connection), m_streams(streams), m_types(types)
    {
    }

    Result<const std::string*> streamOf(const SqliteStatement& row);
    /// Valid until the statement's next step and this reader's next event.
    Result<EventView> eventOf(const SqliteStatement& row, const std::string& stream);
    Result<RecordedEvent> recordedOf(const SqliteStatement& row);

private:
    Result<const std::string*> name(NameTable& table, std::int64_t id, std::string_view sql);
    std::string_view idOf(const SqliteStatement& row);

    SqliteConnection& m_connection;
    NameTable& m_streams;
    NameTable& m_types;
    std::array<char, 36> m_uuid{}; // the text of the current event's id
};

} // namespace eventscope::core
