// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "postgres_letters.h"

#include "event/event.h"
#include "event_rows.h"
#include "pg_link.h"
#include "store_layout.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace eventscope::postgres {

using core::DeadLetter;
using core::ErrorCode;
using core::fail;
using core::Result;
using core::Status;

namespace {

/// How a framework keeps its dead letters; the fields are SQL as in a Dialect, all but `data` as text.
struct LetterKind {
    std::string_view convention;
    std::string_view table; ///< normalised
    std::string_view fingerprint;
    std::string_view id, queue, stream, position, key, messageId, type, headers;
    std::string_view errorType, errorMessage, stack, failedAt;
    std::string_view data; ///< a bare column
    bool replayable = false;
};

constexpr std::array kKinds{
    LetterKind{.convention = "axon",
        .table = "deadletterentry",
        .fingerprint = "processinggroup,sequenceidentifier,sequenceindex,causetype,payload",
        .id = "[deadletterid]|[deadletteridentifier]",
        .queue = "[processinggroup]",
        .stream = "[aggregateidentifier]",
        .position = {},
        .key = "[sequenceidentifier]",
        .messageId = "[eventidentifier]",
        .type = "[payloadtype]",
        .headers = {},
        .errorType = "[causetype]",
        .errorMessage = "[causemessage]",
        .stack = {},
        .failedAt = "[enqueuedat]",
        .data = "payload"},
    LetterKind{.convention = "wolverine",
        .table = "wolverinedeadletters",
        .fingerprint = "id,body,messagetype,exceptiontype,exceptionmessage",
        .id = "[id]",
        .queue = "'wolverine_dead_letters'",
        .stream = "[receivedat]",
        .position = {},
        .key = {},
        .messageId = "[id]",
        .type = "[messagetype]",
        .headers = {},
        .errorType = "[exceptiontype]",
        .errorMessage = "[exceptionmessage]",
        .stack = {},
        .failedAt = "[sentat]",
        .data = "body",
        .replayable = true},
    LetterKind{.convention = "marten",
        .table = "mtdocdeadletterevent",
        .fingerprint = "id,data",
        .id = "[id]",
        .queue = "coalesce([data]->>'ProjectionName', [data]->>'projectionName')",
        .stream = {},
        .position = "coalesce([data]->>'EventSequence', [data]->>'eventSequence')",
        .key = {},
        .messageId = {},
        .type = {},
        .headers = {},
        .errorType = "coalesce([data]->>'ExceptionType', [data]->>'exceptionType')",
        .errorMessage = "coalesce([data]->>'ExceptionMessage', [data]->>'exceptionMessage')",
        .stack = {},
        .failedAt = "coalesce([data]->>'Timestamp', [data]->>'timestamp')",
        .data = "data"},
};

constexpr int kMostLetters = 100'000;

struct LetterTable {
    const LetterKind* kind;
    TableShape shape;
};

std::vector<LetterTable> letterTables(const std::vector<TableShape>& shapes)
{
    std::vector<LetterTable> tables;
    for (const TableShape& shape : shapes) {
        const auto kind = std::ranges::find_if(kKinds, [&](const LetterKind& one) {
            return normalisedColumn(shape.table) == one.table && hasColumns(shape, one.fingerprint);
        });
        if (kind != kKinds.end())
            tables.push_back({&*kind, shape});
    }
    return tables;
}

std::string selectOf(const LetterTable& table)
{
    const auto text = [&](std::string_view sql) {
        const auto filled = filledIn(sql, table.shape);
        return filled ? fmt::format("({})::text", *filled) : std::string("NULL::text");
    };
    const LetterKind& kind = *table.kind;
    std::string sql = "SELECT ";
    for (const std::string_view field : {kind.id, kind.queue, kind.stream, kind.position, kind.key, kind.messageId,
             kind.type, kind.headers, kind.errorType, kind.errorMessage, kind.stack, kind.failedAt})
        sql += text(field) + ", ";
    sql += asBytes("e", *table.shape.find(kind.data));
    return sql + fmt::format(" FROM {} e ORDER BY 12 NULLS FIRST, 1 LIMIT {}", table.shape.qualified(), kMostLetters);
}

DeadLetter letterOf(const LetterKind& kind, const PgRows& rows, int row)
{
    DeadLetter letter;
    const auto text = [&](int column) { return rows.text(row, column); };
    letter.id = text(0);
    letter.queue = text(1).empty() ? std::string(kind.convention) : text(1);
    letter.convention = kind.convention;
    letter.original.stream = text(2);
    if (!rows.isNull(row, 3))
        letter.original.position = std::strtoll(text(3).c_str(), nullptr, 10);
    letter.original.key = text(4);
    letter.original.id = text(5);
    letter.original.type = text(6);
    letter.original.data = text(12);
    letter.error = {.type = text(8), .message = text(9), .stack = text(10)};
    letter.failedAt = core::parseTimestamp(rows.bytes(row, 11)).value_or(core::Timestamp{});
    letter.original.time = letter.failedAt;
    letter.attempts = 1;
    return letter;
}

} // namespace

struct PostgresLetters::Private {
    PgLogin login;
    PgAccess access;
    std::unique_ptr<PgLink> link;
    std::vector<LetterTable> tables;
};

PostgresLetters::PostgresLetters(std::unique_ptr<Private> p) : d(std::move(p)) { }
PostgresLetters::~PostgresLetters() = default;

Result<std::unique_ptr<PostgresLetters>> PostgresLetters::open(PgLogin login, PgAccess access, std::stop_token stop)
{
    auto p = std::make_unique<Private>();
    p->login = std::move(login);
    p->access = access;
    auto link = PgLink::open(p->login, access, stop);
    if (!link)
        return failed(link.error(), p->login.display());
    p->link = std::move(*link);
    const auto shapes = tableShapes(*p->link, stop);
    if (!shapes)
        return failed(shapes.error(), p->login.display());
    p->tables = letterTables(*shapes);
    return std::unique_ptr<PostgresLetters>(new PostgresLetters(std::move(p)));
}

core::DeadLetterQueue::Capabilities PostgresLetters::capabilities() const
{
    return {.acknowledge = false, .discard = false, .restore = false, .settle = false};
}

Result<std::vector<DeadLetter>> PostgresLetters::list(std::string_view queue, std::stop_token stop)
{
    std::vector<DeadLetter> letters;
    for (const LetterTable& table : d->tables) {
        const auto rows = d->link->query(selectOf(table), {}, PgFormat::Binary, stop);
        if (!rows)
            return failed(rows.error(), d->login.display());
        for (int i = 0; i < rows->size(); ++i) {
            DeadLetter letter = letterOf(*table.kind, *rows, i);
            if (queue.empty() || letter.queue == queue)
                letters.push_back(std::move(letter));
        }
    }
    std::ranges::stable_sort(letters, {}, &DeadLetter::failedAt);
    return letters;
}

Status PostgresLetters::send(const core::Requeue& requeue)
{
    const auto table = std::ranges::find_if(d->tables, [&](const LetterTable& one) {
        return one.kind->convention == requeue.letter.convention && one.kind->replayable;
    });
    if (table == d->tables.end() || table->shape.find("replayable") == nullptr)
        return fail(ErrorCode::Unsupported,
            fmt::format("The dead letters of {} can only be handled again by the application that parked them.",
                requeue.letter.convention));
    if (d->access == PgAccess::Read)
        return fail(ErrorCode::ReadOnly, "The connection is locked: nothing was changed.");
    if (!requeue.target.empty() || requeue.data != requeue.letter.original.data)
        return fail(ErrorCode::InvalidArgument,
            "Wolverine sends its dead letters back as they are, to where they failed: leave out target and edits.");
    const PgParameter id(requeue.letter.id);
    const auto done = d->link->query(
        fmt::format("UPDATE {} SET {} = true WHERE {}::text = $1", table->shape.qualified(),
            quotedIdentifier(table->shape.find("replayable")->name), quotedIdentifier(table->shape.find("id")->name)),
        {&id, 1});
    if (!done && done.error().endsConnection())
        return fail(ErrorCode::InDoubt, "The connection broke before the answer came; marking it twice does no harm.");
    if (!done)
        return failed(done.error(), d->login.display());
    if (done->affected() == 0)
        return fail(ErrorCode::NotFound, fmt::format("The dead letter '{}' is no longer there.", requeue.letter.id));
    return {};
}

Status PostgresLetters::acknowledge(const DeadLetter&)
{
    return {}; // Wolverine takes it away itself
}

Status PostgresLetters::discard(const DeadLetter& letter)
{
    return fail(ErrorCode::Unsupported,
        fmt::format("The dead letters of {} are discarded by the application that parked them.", letter.convention));
}

Status PostgresLetters::restore(const DeadLetter& letter)
{
    return discard(letter);
}

Result<core::SendState> PostgresLetters::settle(std::string_view, const DeadLetter&)
{
    return core::SendState::Unknown;
}

std::vector<std::string> PostgresLetters::notices() const
{
    if (!d->tables.empty())
        return {};
    return {"The database has no dead letters of a framework that is known (Axon, Wolverine, Marten)."};
}

Result<std::optional<std::size_t>> PostgresLetters::newerOfSameKey(const DeadLetter&)
{
    return std::nullopt;
}

} // namespace eventscope::postgres
