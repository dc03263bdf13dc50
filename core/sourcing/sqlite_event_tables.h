// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

/// The tables of SqliteEventStore, for those who read and write them. docs/sqlite-store.md describes
/// them for everybody else.
///
/// The index of streams is two tables of the same shape. In a store of many streams each new event
/// changes another page, and SQLite writes whole pages; so new events enter the small
/// `recent_stream_events`, which is carried over in its order now and then: that changes each page of the
/// large table once for many events. All versions in the recent half are higher.
///
/// Of a category it is only noted in which blocks of positions it has events.
namespace eventscope::core::sqlite_events {

// The position of the last event of row `s` of streams.
#define EVENTSCOPE_SQL_LAST_IN(half) "(SELECT position FROM " half " WHERE stream = s.id ORDER BY version DESC LIMIT 1)"
#define EVENTSCOPE_SQL_LAST_POSITION                                                                                   \
    "coalesce(" EVENTSCOPE_SQL_LAST_IN("recent_stream_events") ", " EVENTSCOPE_SQL_LAST_IN("stream_events") ")"

inline constexpr std::int64_t kBlock = 256; // positions
#define EVENTSCOPE_SQL_BLOCK "256"

inline constexpr const char* kTables = R"(
    CREATE TABLE streams (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE,
        first_position INTEGER NOT NULL, first_time INTEGER NOT NULL) STRICT;
    CREATE TABLE event_types (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
    CREATE TABLE events (position INTEGER PRIMARY KEY, stream INTEGER NOT NULL, version INTEGER NOT NULL,
        id ANY NOT NULL UNIQUE, type INTEGER NOT NULL, time INTEGER NOT NULL, metadata TEXT, data TEXT NOT NULL) STRICT;
    CREATE TABLE stream_events (stream INTEGER NOT NULL, version INTEGER NOT NULL, position INTEGER NOT NULL,
        PRIMARY KEY (stream, version)) STRICT, WITHOUT ROWID;
    CREATE TABLE recent_stream_events (stream INTEGER NOT NULL, version INTEGER NOT NULL, position INTEGER NOT NULL,
        PRIMARY KEY (stream, version)) STRICT, WITHOUT ROWID;
    CREATE TABLE category_blocks (category TEXT NOT NULL, block INTEGER NOT NULL,
        PRIMARY KEY (category, block)) STRICT, WITHOUT ROWID;
    CREATE TABLE outbox (position INTEGER PRIMARY KEY) STRICT;)";

} // namespace eventscope::core::sqlite_events
