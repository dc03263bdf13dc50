// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sourcing/order_read_model.h"

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <vector>

namespace eventscope::core {

/// Gone with the object. A customer's orders are found by looking at all rows. Queries wait while a
/// transaction runs. // any thread
class MemoryOrderReadModel final : public OrderReadModel {
public:
    Result<std::optional<OrderRow>> find(std::string_view orderId) const override;
    Result<std::vector<OrderRow>> ofCustomer(std::string_view customerId, std::size_t limit) const override;
    Result<std::size_t> count() const override;
    Result<std::unique_ptr<Transaction>> begin() override;

private:
    class MemoryTransaction;

    struct Model {
        std::map<std::string, OrderRow, std::less<>> rows;
        std::map<std::string, StreamVersion, std::less<>> versions;
        GlobalPosition checkpoint;
    };

    mutable std::shared_mutex m_mutex;
    Model m_live;
    std::optional<Model> m_rebuild;
};

} // namespace eventscope::core
