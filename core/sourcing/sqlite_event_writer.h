// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sourcing/append_decision.h"
#include "sourcing/event_store.h"
#include "sourcing/name_table.h"
#include "sourcing/sqlite_database.h"
#include "sourcing/sqlite_event_rows.h"
#include "sourcing/stream_heads.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace eventscope::core {

/// The writing half of SqliteEventStore. It remembers where the streams end, for as long as nobody else
/// writes, and tries an append on that memory first: then an event costs little more than its insertion.
/// Whatever does not fit, or meets an event id that is there already, is decided from the tables.
/// // any thread
class SqliteEventWriter {
public:
    SqliteEventWriter(SqliteDatabase& database, NameTable& streamNames, NameTable& typeNames, bool outbox);

    struct Done {
        std::vector<AppendResult> results;
        bool stored = false; ///< false: there was nothing to write
    };
    Result<Done> append(std::span<const StreamAppend> appends);

private:
    using Stream = StreamHeads::Stream;

    /// One try, within the write transaction that `connection` is in.
    class Attempt;

    void keep(std::int64_t last);
    void undo();

    SqliteDatabase& m_database;
    NameTable& m_streamNames;
    NameTable& m_typeNames;
    const bool m_outbox;

    // Used within write transactions only, hence by one thread at a time.
    StreamHeads m_streams;
    std::unordered_map<std::string, std::int64_t> m_types;
    std::int64_t m_last = 0; // the position up to which the memory is true
    SqliteEventRows m_rows;
    std::vector<std::size_t> m_hashes; // of the streams of the running append
    std::vector<Stream*> m_touched;
    std::vector<std::string> m_newTypes;
    std::vector<StreamHeads::Category*> m_noted;
};

} // namespace eventscope::core
