// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dialect.h"
#include "pg_failure.h"
#include "pg_link.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace eventscope::postgres {

/// A table, view or the like, as the server describes it.
struct TableShape {
    struct Column {
        std::string name;
        std::string normalised;
        std::uint32_t type = 0;  ///< the oid of its type
        bool leadsIndex = false; ///< an index begins with it
        bool isBytewise = true;  ///< its collation takes only the same bytes for the same text

        bool isBytes() const;       ///< bytea
        bool isLargeObject() const; ///< an oid
    };
    std::string schema, table;
    char kind = 'r'; ///< of pg_class: r, p, v, m, f
    bool readable = false;
    bool schemaUsable = false;
    double estimate = -1; ///< rows; below 0: unknown
    std::vector<Column> columns;

    std::string qualified() const;
    const Column* find(std::string_view normalised) const;
};

/// What is said of an event by which expression; the order of the columns that are read.
enum class EventField : std::uint8_t {
    Position,
    Stream,
    Version,
    Id,
    Type,
    Time,
    Data,
    Metadata,
    Correlation,
    Causation,
};
inline constexpr std::size_t kEventFields = 10;

/// How the bytes of a field arrive in binary.
enum class WireType : std::uint8_t { Absent, Text, Uuid, Integer, Jsonb, Bytes, Timestamp };

/// A store's events as one SELECT gives them.
struct StoreLayout {
    struct Field {
        std::string sql; ///< empty: the store does not have it
        WireType wire = WireType::Absent;
        bool bare = false;      ///< a column of the table itself
        bool indexed = false;   ///< and an index begins with it
        bool isBytewise = true; ///< "=" takes only the same bytes for the same text
    };
    std::string name; ///< the dialect's
    std::string table;
    std::string from; ///< "FROM … e JOIN …"
    std::string where;
    std::array<Field, kEventFields> fields;
    std::string sequenceName; ///< to look its oid up by; empty: see sequenceColumn
    std::string sequenceColumn;
    std::string channel;
    std::string correlationKeys, causationKeys;
    bool positionsRepeat = false;
    bool gapless = false;
    bool asWritten = false;
    double estimate = -1;

    const Field& field(EventField which) const { return fields[static_cast<std::size_t>(which)]; }
    bool has(EventField which) const { return !field(which).sql.empty(); }
    /// "SELECT position, stream, … FROM … WHERE true AND (condition) ORDER BY … LIMIT …"
    std::string select(std::string_view condition, std::string_view order, std::string_view limit) const;
    std::string orderBy(bool descending) const;
};

/// The columns of a table that the user named himself, by field.
using HouseMapping = std::vector<std::pair<EventField, std::string>>;

/// All tables that the user's search could mean, those he may not read included.
PgResult<std::vector<TableShape>> tableShapes(PgLink& link, std::stop_token stop);

/// Whether all of these normalised columns, with commas between them, are there.
bool hasColumns(const TableShape& table, std::string_view fingerprint);
/// The first alternative of a Dialect's SQL whose columns are all there, filled in.
std::optional<std::string> filledIn(std::string_view sql, const TableShape& table);

/// A column's value as bytes, however it is kept; `owner` is the table's alias.
std::string asBytes(std::string_view owner, const TableShape::Column& column);

/// The first dialect whose fingerprint the table has.
const Dialect* dialectOf(const TableShape& table);
StoreLayout layoutOf(const Dialect& dialect, const TableShape& table);
/// InvalidArgument for a column that is not there.
core::Result<StoreLayout> layoutOf(const HouseMapping& mapping, const TableShape& table);
/// Which columns of an unknown table could be what; nothing when it does not look like events at all.
std::optional<HouseMapping> guessMapping(const TableShape& table);

/// "stream", "version", …: the names of a mapping's options.
std::string_view nameOf(EventField field);

} // namespace eventscope::postgres
