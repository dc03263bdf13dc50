// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "store_layout.h"

#include <algorithm>
#include <span>

#include <fmt/format.h>

namespace eventscope::postgres {

using core::ErrorCode;

namespace {

constexpr const char* kShapes = R"sql(
SELECT n.nspname, c.relname, c.relkind, has_table_privilege(c.oid, 'SELECT'), has_schema_privilege(n.oid, 'USAGE'),
    CASE WHEN c.relkind = 'p' THEN (SELECT sum(greatest(k.reltuples, 0)) FROM pg_partition_tree(c.oid) t
        JOIN pg_class k ON k.oid = t.relid WHERE t.isleaf) WHEN c.reltuples < 0 THEN pg_relation_size(c.oid) / 250.0 ELSE c.reltuples END,
    string_agg(a.attname || E'\t' || a.atttypid || E'\t' || EXISTS (SELECT 1 FROM pg_index i
        WHERE i.indrelid = c.oid AND i.indisvalid AND i.indkey[0] = a.attnum)::text || E'\t' || coalesce((SELECT
            (to_jsonb(o)->>'collisdeterministic')::bool FROM pg_collation o WHERE o.oid = a.attcollation), true)::text,
        E'\n' ORDER BY a.attnum)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition
    AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
GROUP BY c.oid, n.oid, n.nspname, c.relname, c.relkind, c.reltuples
ORDER BY NOT (n.nspname = ANY(current_schemas(false))), n.nspname, c.relname)sql";

enum Oid : std::uint32_t {
    kBytea = 17,
    kInt8 = 20,
    kInt2 = 21,
    kInt4 = 23,
    kText = 25,
    kOid = 26,
    kJson = 114,
    kVarchar = 1043,
    kTimestamp = 1114,
    kTimestamptz = 1184,
    kUuid = 2950,
    kJsonb = 3802,
};

struct FieldSource {
    EventField field;
    std::string_view Dialect::*sql;
};
constexpr std::array<FieldSource, kEventFields> kSources{{{EventField::Position, &Dialect::position},
    {EventField::Stream, &Dialect::stream}, {EventField::Version, &Dialect::version}, {EventField::Id, &Dialect::id},
    {EventField::Type, &Dialect::type}, {EventField::Time, &Dialect::time}, {EventField::Data, &Dialect::data},
    {EventField::Metadata, &Dialect::metadata}, {EventField::Correlation, &Dialect::correlation},
    {EventField::Causation, &Dialect::causation}}};

void replaceAll(std::string& text, std::string_view what, std::string_view with)
{
    for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size()))
        text.replace(at, what.size(), with);
}

/// One alternative with its columns filled in; nothing where one is missing.
std::optional<std::string> alternative(std::string_view sql, const TableShape& table)
{
    std::string out;
    while (!sql.empty()) {
        const std::size_t open = sql.find('[');
        out += sql.substr(0, open);
        if (open == std::string_view::npos)
            break;
        const std::size_t close = sql.find(']', open);
        const TableShape::Column* column = table.find(sql.substr(open + 1, close - open - 1));
        if (column == nullptr)
            return std::nullopt;
        out += "e." + quotedIdentifier(column->name);
        sql.remove_prefix(close + 1);
    }
    replaceAll(out, "{schema}", quotedIdentifier(table.schema));
    return out;
}

struct Chosen {
    std::string_view sql;
    std::string filled;
};

// "||" is SQL's own, so alternatives are split at single bars only.
std::optional<Chosen> firstThatFits(std::string_view alternatives, const TableShape& table)
{
    std::size_t begin = 0;
    for (std::size_t at = 0; at <= alternatives.size(); ++at) {
        const bool end = at == alternatives.size();
        if (!end && alternatives.substr(at).starts_with("||")) {
            ++at;
            continue;
        }
        if (!end && alternatives[at] != '|')
            continue;
        const std::string_view one = alternatives.substr(begin, at - begin);
        if (auto filled = one.empty() ? std::nullopt : alternative(one, table))
            return Chosen{one, std::move(*filled)};
        begin = at + 1;
    }
    return std::nullopt;
}

bool isBare(std::string_view sql)
{
    return sql.starts_with('[') && sql.find(']') == sql.size() - 1;
}

/// What is read of a column, so that its bytes need the least work on both sides.
StoreLayout::Field wired(EventField field, std::string sql, std::uint32_t type)
{
    const bool number = field == EventField::Position || field == EventField::Version;
    const auto as = [&](WireType wire) { return StoreLayout::Field{.sql = std::move(sql), .wire = wire}; };
    if (number) {
        if (type != kInt2 && type != kInt4 && type != kInt8)
            sql = fmt::format("({})::int8", sql);
        return as(WireType::Integer);
    }
    switch (type) {
    case kUuid: return as(WireType::Uuid);
    case kText:
    case kVarchar:
    case kJson: return as(WireType::Text);
    case kJsonb: return as(WireType::Jsonb);
    case kTimestamp:
    case kTimestamptz: return as(WireType::Timestamp);
    default: break;
    }
    const bool payload = field == EventField::Data || field == EventField::Metadata;
    if (payload && type == kBytea)
        return as(WireType::Bytes);
    if (payload && type == kOid) { // a large object
        sql = fmt::format("lo_get({})", sql);
        return as(WireType::Bytes);
    }
    sql = fmt::format("({})::text", sql);
    return as(WireType::Text);
}

/// The type of an expression that is no bare column, where it is not text.
std::uint32_t typeOf(EventField field, std::string_view sql)
{
    if (field == EventField::Time && sql.starts_with("to_timestamp"))
        return kTimestamptz;
    if (field == EventField::Data && sql.starts_with("coalesce("))
        return kBytea;
    return 0;
}

std::vector<std::string_view> words(std::string_view list)
{
    std::vector<std::string_view> out;
    while (!list.empty()) {
        const std::string_view word = list.substr(0, list.find(','));
        out.push_back(word);
        list.remove_prefix(std::min(list.size(), word.size() + 1));
    }
    return out;
}

constexpr std::array<std::pair<EventField, std::string_view>, kEventFields> kHouseColumns{{
    {EventField::Stream, "streamid,streamname,aggregateid,aggregaterootid,entityid,stream,aggregateuuid"},
    {EventField::Version,
        "version,streamversion,aggregateversion,sequencenumber,sequence,revision,playhead,streamposition"},
    {EventField::Position, "globalposition,globalsequence,globalid,position,offset,seq,id,no"},
    {EventField::Id, "eventid,messageid,uuid,eventuuid"},
    {EventField::Type, "eventtype,type,eventname,messagetype,name"},
    {EventField::Data, "data,payload,body,eventdata,eventbody,content"},
    {EventField::Metadata, "metadata,meta,headers,context"},
    {EventField::Time, "timestamp,occurredat,createdat,recordedat,occurredon,recordedon,createdon,time"},
    {EventField::Correlation, "correlationid"},
    {EventField::Causation, "causationid"},
}};
constexpr std::size_t kLikelyFields = 4;

} // namespace

std::string TableShape::qualified() const
{
    return quotedIdentifier(schema) + '.' + quotedIdentifier(table);
}

const TableShape::Column* TableShape::find(std::string_view normalised) const
{
    const auto found = std::ranges::find(columns, normalised, &Column::normalised);
    return found == columns.end() ? nullptr : &*found;
}

bool TableShape::Column::isBytes() const
{
    return type == kBytea;
}

bool TableShape::Column::isLargeObject() const
{
    return type == kOid;
}

bool hasColumns(const TableShape& table, std::string_view fingerprint)
{
    return std::ranges::all_of(
        words(fingerprint), [&](std::string_view column) { return table.find(column) != nullptr; });
}

std::optional<std::string> filledIn(std::string_view sql, const TableShape& table)
{
    auto chosen = firstThatFits(sql, table);
    return chosen ? std::optional(std::move(chosen->filled)) : std::nullopt;
}

std::string asBytes(std::string_view owner, const TableShape::Column& column)
{
    const std::string name = fmt::format("{}.{}", owner, quotedIdentifier(column.name));
    return column.isBytes()      ? name
        : column.isLargeObject() ? fmt::format("lo_get({})", name)
                                 : fmt::format("convert_to({}::text, 'UTF8')", name);
}

std::string_view nameOf(EventField field)
{
    static constexpr std::array<std::string_view, kEventFields> kNames{
        "position", "stream", "version", "id", "type", "time", "data", "metadata", "correlation", "causation"};
    return kNames[static_cast<std::size_t>(field)];
}

PgResult<std::vector<TableShape>> tableShapes(PgLink& link, std::stop_token stop)
{
    const auto rows = link.query(kShapes, {}, PgFormat::Text, std::move(stop));
    if (!rows)
        return std::unexpected(rows.error());
    std::vector<TableShape> shapes;
    for (int i = 0; i < rows->size(); ++i) {
        TableShape shape;
        shape.schema = rows->text(i, 0);
        shape.table = rows->text(i, 1);
        shape.kind = rows->bytes(i, 2).front();
        shape.readable = rows->isTrue(i, 3);
        shape.schemaUsable = rows->isTrue(i, 4);
        shape.estimate = rows->isNull(i, 5) ? -1 : std::stod(rows->text(i, 5));
        std::string_view columns = rows->bytes(i, 6);
        while (!columns.empty()) {
            const std::string_view line = columns.substr(0, columns.find('\n'));
            columns.remove_prefix(std::min(columns.size(), line.size() + 1));
            const std::size_t first = line.find('\t'), second = line.find('\t', first + 1),
                              third = line.find('\t', second + 1);
            TableShape::Column column;
            column.name = line.substr(0, first);
            column.normalised = normalisedColumn(column.name);
            column.type
                = static_cast<std::uint32_t>(std::stoul(std::string(line.substr(first + 1, second - first - 1))));
            column.leadsIndex = line.substr(second + 1, third - second - 1) == "true";
            column.isBytewise = line.substr(third + 1) == "true";
            shape.columns.push_back(std::move(column));
        }
        shapes.push_back(std::move(shape));
    }
    return shapes;
}

const Dialect* dialectOf(const TableShape& table)
{
    for (const Dialect& dialect : dialects()) {
        if (hasColumns(table, dialect.fingerprint))
            return &dialect;
    }
    return nullptr;
}

StoreLayout layoutOf(const Dialect& dialect, const TableShape& table)
{
    StoreLayout layout;
    layout.name = dialect.name;
    layout.table = table.qualified();
    layout.estimate = table.estimate;
    layout.from = fmt::format("FROM {} e {}", layout.table, alternative(dialect.joins, table).value_or(""));
    if (const auto where = firstThatFits(dialect.where, table))
        layout.where = where->filled;
    for (const FieldSource& source : kSources) {
        const auto chosen = firstThatFits(dialect.*source.sql, table);
        if (!chosen)
            continue;
        StoreLayout::Field& field = layout.fields[static_cast<std::size_t>(source.field)];
        if (isBare(chosen->sql)) {
            const TableShape::Column& column = *table.find(chosen->sql.substr(1, chosen->sql.size() - 2));
            field = wired(source.field, chosen->filled, column.type);
            field.bare = true;
            field.indexed = column.leadsIndex;
            field.isBytewise = column.isBytewise;
            if (source.field == EventField::Position)
                layout.sequenceColumn = column.name;
        } else {
            field = wired(source.field, chosen->filled, typeOf(source.field, chosen->sql));
            field.isBytewise = std::ranges::all_of(table.columns, &TableShape::Column::isBytewise);
        }
    }
    if (!dialect.sequence.empty())
        layout.sequenceName = quotedIdentifier(table.schema) + '.' + quotedIdentifier(dialect.sequence);
    layout.channel = dialect.channel;
    replaceAll(layout.channel, "{schema}", table.schema);
    replaceAll(layout.channel, "{table}", table.table);
    layout.correlationKeys = dialect.correlationKeys;
    layout.causationKeys = dialect.causationKeys;
    layout.positionsRepeat = dialect.positionsRepeat;
    layout.gapless = dialect.gapless;
    layout.asWritten = dialect.asWritten;
    return layout;
}

core::Result<StoreLayout> layoutOf(const HouseMapping& mapping, const TableShape& table)
{
    StoreLayout layout;
    layout.name = "mapped";
    layout.table = table.qualified();
    layout.estimate = table.estimate;
    layout.from = fmt::format("FROM {} e", layout.table);
    for (const auto& [which, name] : mapping) {
        const auto column = std::ranges::find(table.columns, name, &TableShape::Column::name);
        if (column == table.columns.end())
            return fail(ErrorCode::InvalidArgument,
                fmt::format("The table {} has no column '{}' for {}=.", layout.table, name, nameOf(which)));
        StoreLayout::Field& field = layout.fields[static_cast<std::size_t>(which)];
        field = wired(which, "e." + quotedIdentifier(name), column->type);
        field.bare = true;
        field.indexed = column->leadsIndex;
        field.isBytewise = column->isBytewise;
        if (which == EventField::Position)
            layout.sequenceColumn = name;
    }
    for (const EventField needed : {EventField::Stream, EventField::Position, EventField::Data}) {
        if (!layout.has(needed))
            return fail(ErrorCode::InvalidArgument,
                fmt::format("Which column of {} is its {}? Add {}=COLUMN to the URL.", layout.table, nameOf(needed),
                    nameOf(needed)));
    }
    return layout;
}

std::optional<HouseMapping> guessMapping(const TableShape& table)
{
    HouseMapping mapping;
    for (const auto& [field, names] : kHouseColumns) {
        for (const std::string_view name : words(names)) {
            const TableShape::Column* column = table.find(name);
            const auto taken = [&](const auto& entry) { return column != nullptr && entry.second == column->name; };
            if (column == nullptr || std::ranges::any_of(mapping, taken))
                continue;
            mapping.emplace_back(field, column->name);
            break;
        }
    }
    const auto has = [&](EventField field) {
        return std::ranges::any_of(mapping, [&](const auto& entry) { return entry.first == field; });
    };
    const bool likely = has(EventField::Stream) && has(EventField::Position) && has(EventField::Data)
        && has(EventField::Type) && mapping.size() >= kLikelyFields;
    return likely ? std::optional(mapping) : std::nullopt;
}

std::string StoreLayout::select(std::string_view condition, std::string_view order, std::string_view limit) const
{
    std::string sql = "SELECT ";
    bool first = true;
    for (const Field& field : fields) {
        if (field.sql.empty())
            continue;
        sql += (first ? "" : ", ") + field.sql;
        first = false;
    }
    sql += ' ' + from + " WHERE true";
    if (!where.empty())
        sql += " AND " + where;
    if (!condition.empty())
        sql += fmt::format(" AND {}", condition);
    if (!order.empty())
        sql += fmt::format(" ORDER BY {}", order);
    if (!limit.empty())
        sql += fmt::format(" LIMIT {}", limit);
    return sql;
}

std::string StoreLayout::orderBy(bool descending) const
{
    const std::string_view way = descending ? " DESC" : "";
    std::string order = field(EventField::Position).sql + std::string(way);
    if (positionsRepeat)
        order += fmt::format(", {}{}, {}{}", field(EventField::Stream).sql, way, field(EventField::Version).sql, way);
    return order;
}

} // namespace eventscope::postgres
