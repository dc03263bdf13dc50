// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pg_login.h"
#include "sourcing/order_read_model.h"

#include <memory>
#include <string>

namespace eventscope::postgres {

/// order_read_model in PostgreSQL: order_id, customer_id, customer_name, status as text, total_amount
/// NUMERIC (with the scale it was written with), items JSON, created_at and updated_at TIMESTAMP in UTC.
/// Beside it the versions of the orders' streams and the checkpoint, which change in the same
/// transaction. // any thread
class PostgresOrderReadModel final : public core::OrderReadModel {
public:
    /// Makes the tables where they are not there and `access` allows it.
    static core::Result<std::unique_ptr<PostgresOrderReadModel>> open(
        PgLogin login, PgAccess access, std::string schema = {});
    ~PostgresOrderReadModel() override;

    core::Result<std::optional<core::OrderRow>> find(std::string_view orderId) const override;
    core::Result<std::vector<core::OrderRow>> ofCustomer(
        std::string_view customerId, std::size_t limit = core::kNoLimit) const override;
    core::Result<std::size_t> count() const override;
    core::Result<std::unique_ptr<Transaction>> begin() override;

private:
    struct Private;
    class PostgresTransaction;
    explicit PostgresOrderReadModel(std::unique_ptr<Private> p);
    std::unique_ptr<Private> d;
};

} // namespace eventscope::postgres
