// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pg_failure.h"
#include "pg_login.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace eventscope::postgres {

/// The rows of a statement, copied: the writing side gets few of them.
struct PgTable {
    using Cell = std::optional<std::string>;
    std::vector<std::vector<Cell>> rows;
    std::size_t affected = 0;

    bool empty() const { return rows.empty(); }
    std::int64_t integer(std::size_t row, std::size_t column) const;  ///< 0 for NULL
    std::string_view text(std::size_t row, std::size_t column) const; ///< empty for NULL
};

/// A connection to write with, on libpqxx; the one place that includes it, so that its versions 6 and 7
/// differ here only. A server that does not answer within the login's patience loses the connection.
/// // one thread at a time
class PqxxSession {
public:
    static PgResult<std::unique_ptr<PqxxSession>> open(const PgLogin& login, PgAccess access);
    ~PqxxSession();
    PqxxSession(const PqxxSession&) = delete;
    PqxxSession& operator=(const PqxxSession&) = delete;

    bool isOpen() const;

    /// One statement or several with ';' between them; the answer is the last one's.
    PgResult<PgTable> execute(const std::string& sql);
    /// One statement, parsed only once for this session. A parameter must hold no NUL character.
    PgResult<PgTable> execute(const std::string& sql, std::span<const std::optional<std::string>> parameters);
    /// Ends a transaction that was begun and not committed; nothing to do without one.
    void rollback();

private:
    struct Private;
    explicit PqxxSession(std::unique_ptr<Private> p);
    std::unique_ptr<Private> d;
};

/// The text of an array of those elements as PostgreSQL reads it; nullopt is NULL.
std::string arrayLiteral(std::span<const std::optional<std::string>> elements);

} // namespace eventscope::postgres
