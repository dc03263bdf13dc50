// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sourcing/redelivery_queue.h"

#include <memory>

namespace eventscope::core {

class SqliteDatabase;

/// In the table `redeliveries` of a store's file. Handled ones stay as rows without their event, so
/// that isKnown() goes on answering.
class SqliteRedeliveryQueue final : public RedeliveryQueue {
public:
    /// Makes the table when the database may be written.
    static Result<std::unique_ptr<SqliteRedeliveryQueue>> open(std::shared_ptr<SqliteDatabase> database);

    Status enqueue(const Redelivery& redelivery) override;
    Result<std::vector<Redelivery>> pending(std::size_t limit) const override;
    Status markHandled(std::string_view id) override;
    Result<bool> isKnown(std::string_view id) const override;

private:
    explicit SqliteRedeliveryQueue(std::shared_ptr<SqliteDatabase> database);

    std::shared_ptr<SqliteDatabase> m_database;
};

} // namespace eventscope::core
