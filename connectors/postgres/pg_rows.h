// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

struct pg_result;

namespace eventscope::postgres {

/// The rows of a finished statement, in libpq's memory.
class PgRows {
public:
    PgRows() = default;
    explicit PgRows(pg_result* result);

    int size() const;
    int columns() const;
    std::int64_t affected() const; ///< by INSERT, UPDATE, DELETE
    bool isNull(int row, int column) const;
    std::string_view bytes(int row, int column) const; ///< text or binary, as it was asked for
    std::string text(int row, int column) const { return std::string(bytes(row, column)); }
    std::int64_t integer(int row, int column) const; ///< of a text result; 0 for NULL
    bool isTrue(int row, int column) const { return bytes(row, column) == "t"; }

private:
    struct Clear {
        void operator()(pg_result* result) const;
    };
    std::unique_ptr<pg_result, Clear> m_result;
};

} // namespace eventscope::postgres
