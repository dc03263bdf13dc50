// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sourcing/append_decision.h"
#include "sourcing/event_store.h"
#include "sourcing/name_table.h"
#include "sourcing/sqlite_database.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace eventscope::core {

/// The writing half of SqliteEventStore. It remembers where the streams end and tries an append on
/// that memory first: the unique indexes refuse what is stored already or has moved on. Whatever the
/// memory or an index objects to is decided again from what the tables say. // any thread
class SqliteEventWriter {
public:
    SqliteEventWriter(SqliteDatabase& database, NameTable& streamNames, NameTable& typeNames, bool outbox);

    struct Done {
        std::vector<AppendResult> results;
        bool stored = false; ///< false: there was nothing to write
    };
    Result<Done> append(std::span<const StreamAppend> appends);

private:
    struct Stream {
        std::int64_t id = 0; // 0: not in the table
        StreamHead head;
        std::int64_t lastTime = 0;
        StreamHead headBefore; // the running transaction
        bool touched = false;  // by it
        bool written = false;  // its row says what is here
    };
    struct TextHash : std::hash<std::string_view> {
        using is_transparent = void;
    };
    using StreamMap = std::unordered_map<std::string, Stream, TextHash, std::equal_to<>>;
    using TypeMap = std::unordered_map<std::string, std::int64_t, TextHash, std::equal_to<>>;
    using Entry = StreamMap::value_type;

    /// One try, within the write transaction that `connection` is in.
    class Attempt;

    Status beginRemembering(SqliteConnection& connection);
    void keep();
    void undo();

    SqliteDatabase& m_database;
    NameTable& m_streamNames;
    NameTable& m_typeNames;
    const bool m_outbox;

    // Used within write transactions only, hence by one thread at a time.
    StreamMap m_streams;
    TypeMap m_types;
    std::int64_t m_dataVersion = 0;
    std::vector<Entry*> m_touched;
    std::vector<TypeMap::value_type*> m_newTypes;
};

} // namespace eventscope::core
