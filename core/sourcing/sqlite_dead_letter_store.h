// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sourcing/dead_letter_store.h"

#include <memory>

namespace eventscope::core {

class SqliteDatabase;

/// In the table `dead_letters` of a store's file.
class SqliteDeadLetterStore final : public DeadLetterStore {
public:
    /// Makes the table when the database may be written; a read-only one without it has no letters.
    static Result<std::unique_ptr<SqliteDeadLetterStore>> open(std::shared_ptr<SqliteDatabase> database);

    Status park(const ParkedEvent& letter) override;
    Result<std::vector<ParkedEvent>> list(std::string_view queue = {}) const override;
    Result<std::optional<ParkedEvent>> find(std::string_view id) const override;
    Status remove(std::string_view id) override;
    Result<std::size_t> count() const override;

private:
    SqliteDeadLetterStore(std::shared_ptr<SqliteDatabase> database, bool hasTable);
    Result<std::vector<ParkedEvent>> select(const char* sql, std::string_view argument) const;

    std::shared_ptr<SqliteDatabase> m_database;
    bool m_hasTable;
};

} // namespace eventscope::core
