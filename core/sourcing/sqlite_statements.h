// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/error.h"
#include "sourcing/sqlite_connection.h"
#include "sourcing/sqlite_database.h"

#include <type_traits>
#include <utility>
#include <vector>

/// What the small stores on a SqliteDatabase do over and over.
namespace eventscope::core {

/// All rows of a statement whose parameters are bound, each as `read` makes it of the statement.
template <class Read>
Result<std::vector<std::invoke_result_t<Read, const SqliteStatement&>>> allRows(SqliteStatement& statement, Read read)
{
    std::vector<std::invoke_result_t<Read, const SqliteStatement&>> rows;
    for (;;) {
        const Result<bool> row = statement.step();
        if (!row)
            return std::unexpected(row.error());
        if (!*row)
            break;
        rows.push_back(read(std::as_const(statement)));
    }
    statement.reset();
    return rows;
}

/// `run`, which takes the connection and returns a Status, in a transaction of its own: committed when it
/// succeeds.
template <class Run>
Status inTransaction(SqliteDatabase& database, Run run)
{
    auto write = database.write();
    if (!write)
        return std::unexpected(write.error());
    if (Status done = run(write->connection()); !done)
        return done;
    return write->commit();
}

} // namespace eventscope::core
