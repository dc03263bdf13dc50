// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

/// A capture: what a log held, in one SQLite file that anybody can read; docs/captures.md is its specification.
namespace eventscope::core {

/// In the header of the file, as PRAGMA application_id ("EvCp") and user_version.
inline constexpr std::int32_t kCaptureApplicationId = 0x45764370;
inline constexpr std::int32_t kCaptureFormatVersion = 1;
/// What its name ends in, by convention only.
inline constexpr std::string_view kCaptureSuffix = ".eventscope";

/// How the events were looked at, by name: "filter" (an expression), "columns", "filters" and "colours"
/// (JSON). Whoever reads a name that he does not know leaves it alone.
using CaptureSettings = std::map<std::string, std::string, std::less<>>;

inline constexpr const char* kCaptureTables = R"(
CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE events (
    row INTEGER PRIMARY KEY,
    source, stream, type,
    position INTEGER, partition INTEGER, version INTEGER,
    id,
    time INTEGER,
    correlation_id, causation_id,
    payload,
    undecodable
);
CREATE TABLE headers (
    row INTEGER NOT NULL, place INTEGER NOT NULL, name NOT NULL, value NOT NULL,
    PRIMARY KEY (row, place)
) WITHOUT ROWID;
CREATE TABLE marks (row INTEGER PRIMARY KEY, note TEXT NOT NULL);
CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE streams (source, stream, events INTEGER NOT NULL, first INTEGER, last INTEGER);
CREATE VIEW readable AS
    SELECT row, source, stream, version, type, id, position,
        strftime('%Y-%m-%dT%H:%M:%S', (time - ((time % 1000000) + 1000000) % 1000000) / 1000000, 'unixepoch')
            || printf('.%06dZ', ((time % 1000000) + 1000000) % 1000000) AS time,
        correlation_id, causation_id, payload, note
    FROM events LEFT JOIN marks USING (row);
)";

} // namespace eventscope::core
