// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pg_rows.h"

#include <charconv>

#include <libpq-fe.h>

namespace eventscope::postgres {

void PgRows::Clear::operator()(pg_result* result) const
{
    PQclear(result);
}

PgRows::PgRows(pg_result* result) : m_result(result) { }

int PgRows::size() const
{
    return PQntuples(m_result.get());
}

int PgRows::columns() const
{
    return PQnfields(m_result.get());
}

std::int64_t PgRows::affected() const
{
    const std::string_view text = PQcmdTuples(m_result.get());
    std::int64_t count = 0;
    std::from_chars(text.data(), text.data() + text.size(), count);
    return count;
}

bool PgRows::isNull(int row, int column) const
{
    return PQgetisnull(m_result.get(), row, column) != 0;
}

std::string_view PgRows::bytes(int row, int column) const
{
    return {
        PQgetvalue(m_result.get(), row, column), static_cast<std::size_t>(PQgetlength(m_result.get(), row, column))};
}

std::int64_t PgRows::integer(int row, int column) const
{
    const std::string_view text = bytes(row, column);
    std::int64_t value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

} // namespace eventscope::postgres
