// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sourcing/order_read_model.h"
#include "sourcing/sqlite_database.h"

#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace eventscope::core {

/// Order rows in an SQLite file, best in the one the events are in. The live rows are the table
/// order_read_model; a rebuild fills tables of its own that take its name when it is done. // any thread
class SqliteOrderReadModel final : public OrderReadModel {
public:
    /// Makes the tables unless they are there. In a read-only file that has none there are no rows.
    static Result<std::unique_ptr<SqliteOrderReadModel>> open(std::shared_ptr<SqliteDatabase> database);

    Result<std::optional<OrderRow>> find(std::string_view orderId) const override;
    Result<std::vector<OrderRow>> ofCustomer(std::string_view customerId, std::size_t limit) const override;
    Result<std::size_t> count() const override;
    Result<std::unique_ptr<Transaction>> begin() override;

private:
    class SqliteTransaction;

    SqliteOrderReadModel(std::shared_ptr<SqliteDatabase> database, bool hasTables);

    std::shared_ptr<SqliteDatabase> m_database;
    bool m_hasTables;
};

} // namespace eventscope::core
