// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/clock.h"
#include "event/ids.h"
#include "sourcing/idempotency_store.h"
#include "sourcing/sqlite_database.h"

#include <memory>

namespace eventscope::core {

/// Claims in a table of their own (handled_keys), shared by every process that uses the file; one
/// transaction a call. Forgets by and by what is past its time. // any thread
class SqliteIdempotencyStore final : public IdempotencyStore {
public:
    /// ReadOnly when the database may not be written: to claim is to write. The clock outlives it.
    static Result<std::unique_ptr<SqliteIdempotencyStore>> open(
        std::shared_ptr<SqliteDatabase> database, const Clock& clock);

    Result<Claim> claim(std::string_view key, std::chrono::milliseconds lease) override;
    Status complete(
        std::string_view key, std::string_view token, std::chrono::seconds retention = kProcessedRetention) override;
    Status release(std::string_view key, std::string_view token) override;

private:
    SqliteIdempotencyStore(std::shared_ptr<SqliteDatabase> database, const Clock& clock);

    const std::shared_ptr<SqliteDatabase> m_database;
    const Clock& m_clock;
    UuidV7Generator m_tokens; // unique among all processes
};

} // namespace eventscope::core
