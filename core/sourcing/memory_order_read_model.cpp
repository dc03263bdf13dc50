// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sourcing/memory_order_read_model.h"

#include <algorithm>
#include <tuple>
#include <utility>
#include <vector>

namespace eventscope::core {

namespace {

template <class Map>
auto valueIn(const Map& map, std::string_view key)
{
    const auto found = map.find(key);
    return found == map.end() ? std::nullopt : std::optional(found->second);
}

} // namespace

/// Changes in place and remembers how to undo it.
class MemoryOrderReadModel::MemoryTransaction final : public Transaction {
public:
    explicit MemoryTransaction(MemoryOrderReadModel& model) : m_model(model), m_lock(model.m_mutex) { }
    ~MemoryTransaction() override
    {
        for (auto undo = m_undo.rbegin(); undo != m_undo.rend(); ++undo)
            (*undo)();
    }

    Result<std::optional<OrderRow>> find(ProjectionTarget target, std::string_view orderId) override
    {
        return valueIn(of(target).rows, orderId);
    }

    Status put(ProjectionTarget target, const OrderRow& row) override { return set(of(target).rows, row.orderId, row); }

    Result<StreamVersion> version(ProjectionTarget target, std::string_view orderId) override
    {
        return valueIn(of(target).versions, orderId).value_or(StreamVersion{});
    }

    Status setVersion(ProjectionTarget target, std::string_view orderId, StreamVersion version) override
    {
        return set(of(target).versions, orderId, version);
    }

    Result<GlobalPosition> checkpoint(ProjectionTarget target) override { return of(target).checkpoint; }

    Status setCheckpoint(ProjectionTarget target, GlobalPosition position) override
    {
        Model& model = of(target);
        m_undo.push_back([&model, before = model.checkpoint] { model.checkpoint = before; });
        model.checkpoint = position;
        return {};
    }

    Result<bool> isRebuilding() override { return m_model.m_rebuild.has_value(); }

    Status beginRebuild() override { return replaceRebuild(Model{}); }

    Status dropRebuild() override { return replaceRebuild(std::nullopt); }

    Status swapRebuild() override
    {
        if (!m_model.m_rebuild)
            return fail(ErrorCode::NotFound, "No rebuild of the orders is under way.");
        const auto swap = [this] { std::swap(m_model.m_live, *m_model.m_rebuild); };
        swap();
        m_undo.push_back(swap);
        return dropRebuild();
    }

    Status commit() override
    {
        m_undo.clear();
        m_lock.unlock();
        return {};
    }

private:
    Model& of(ProjectionTarget target)
    {
        if (target == ProjectionTarget::Live)
            return m_model.m_live;
        if (!m_model.m_rebuild)
            (void)beginRebuild();
        return *m_model.m_rebuild;
    }

    template <class Map>
    Status set(Map& map, std::string_view key, const typename Map::mapped_type& value)
    {
        m_undo.push_back([&map, key = std::string(key), before = valueIn(map, key)] {
            if (before)
                map.insert_or_assign(key, *before);
            else
                map.erase(key);
        });
        map.insert_or_assign(std::string(key), value);
        return {};
    }

    Status replaceRebuild(std::optional<Model> model)
    {
        // Earlier undo steps refer to the models by address: contents move, the objects stay.
        auto before = std::make_shared<std::optional<Model>>(std::move(m_model.m_rebuild));
        m_model.m_rebuild = std::move(model);
        m_undo.push_back([this, before] { m_model.m_rebuild = std::move(*before); });
        return {};
    }

    MemoryOrderReadModel& m_model;
    std::unique_lock<std::shared_mutex> m_lock;
    std::vector<std::function<void()>> m_undo;
};

Result<std::optional<OrderRow>> MemoryOrderReadModel::find(std::string_view orderId) const
{
    const std::shared_lock lock(m_mutex);
    return valueIn(m_live.rows, orderId);
}

Result<std::vector<OrderRow>> MemoryOrderReadModel::ofCustomer(std::string_view customerId, std::size_t limit) const
{
    std::vector<OrderRow> rows;
    {
        const std::shared_lock lock(m_mutex);
        for (const auto& [id, row] : m_live.rows) {
            if (row.customerId == customerId)
                rows.push_back(row);
        }
    }
    std::ranges::sort(rows, [](const OrderRow& a, const OrderRow& b) {
        return std::tie(a.createdAt, a.orderId) > std::tie(b.createdAt, b.orderId);
    });
    rows.resize(std::min(rows.size(), limit));
    return rows;
}

Result<std::size_t> MemoryOrderReadModel::count() const
{
    const std::shared_lock lock(m_mutex);
    return m_live.rows.size();
}

Result<std::unique_ptr<OrderReadModel::Transaction>> MemoryOrderReadModel::begin()
{
    return std::make_unique<MemoryTransaction>(*this);
}

} // namespace eventscope::core
