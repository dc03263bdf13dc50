// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sourcing/order_read_model.h"

#include <memory>
#include <mutex>
#include <utility>

namespace eventscope::test {

/// A read model whose process dies at the chosen step of its transactions (a read, a write, a commit):
/// that step and everything after it fail. // any thread
class DyingReadModel final : public core::OrderReadModel {
public:
    /// Counts from 1; 0: never.
    DyingReadModel(core::OrderReadModel& inner, int death) : m_inner(inner), m_death(death) { }

    bool isDead() const { return m_death > 0 && m_steps >= m_death; }
    int steps() const { return m_steps; }

    core::Result<std::optional<core::OrderRow>> find(std::string_view id) const override { return m_inner.find(id); }
    core::Result<std::vector<core::OrderRow>> ofCustomer(std::string_view id, std::size_t limit) const override
    {
        return m_inner.ofCustomer(id, limit);
    }
    core::Result<std::size_t> count() const override { return m_inner.count(); }
    core::Result<std::unique_ptr<Transaction>> begin() override
    {
        if (auto alive = step(); !alive)
            return std::unexpected(alive.error());
        auto transaction = m_inner.begin();
        if (!transaction)
            return transaction;
        return std::make_unique<Dying>(*this, std::move(*transaction));
    }

private:
    core::Status step()
    {
        if (isDead())
            return core::fail(core::ErrorCode::Io, "the process died");
        ++m_steps;
        return isDead() ? core::Status(core::fail(core::ErrorCode::Io, "the process died")) : core::Status();
    }

    class Dying final : public Transaction {
    public:
        Dying(DyingReadModel& model, std::unique_ptr<Transaction> inner) : m_model(model), m_inner(std::move(inner)) { }

        core::Result<std::optional<core::OrderRow>> find(core::ProjectionTarget target, std::string_view id) override
        {
            return guarded<core::Result<std::optional<core::OrderRow>>>([&] { return m_inner->find(target, id); });
        }
        core::Status put(core::ProjectionTarget target, const core::OrderRow& row) override
        {
            return guarded<core::Status>([&] { return m_inner->put(target, row); });
        }
        core::Result<core::StreamVersion> version(core::ProjectionTarget target, std::string_view id) override
        {
            return guarded<core::Result<core::StreamVersion>>([&] { return m_inner->version(target, id); });
        }
        core::Status setVersion(
            core::ProjectionTarget target, std::string_view id, core::StreamVersion version) override
        {
            return guarded<core::Status>([&] { return m_inner->setVersion(target, id, version); });
        }
        core::Result<core::GlobalPosition> checkpoint(core::ProjectionTarget target) override
        {
            return guarded<core::Result<core::GlobalPosition>>([&] { return m_inner->checkpoint(target); });
        }
        core::Status setCheckpoint(core::ProjectionTarget target, core::GlobalPosition position) override
        {
            return guarded<core::Status>([&] { return m_inner->setCheckpoint(target, position); });
        }
        core::Result<bool> isRebuilding() override
        {
            return guarded<core::Result<bool>>([&] { return m_inner->isRebuilding(); });
        }
        core::Status beginRebuild() override
        {
            return guarded<core::Status>([&] { return m_inner->beginRebuild(); });
        }
        core::Status swapRebuild() override
        {
            return guarded<core::Status>([&] { return m_inner->swapRebuild(); });
        }
        core::Status dropRebuild() override
        {
            return guarded<core::Status>([&] { return m_inner->dropRebuild(); });
        }
        core::Status commit() override
        {
            return guarded<core::Status>([&] { return m_inner->commit(); });
        }

    private:
        template <class R, class Call>
        R guarded(const Call& call)
        {
            if (auto alive = m_model.step(); !alive)
                return std::unexpected(alive.error());
            return call();
        }

        DyingReadModel& m_model;
        std::unique_ptr<Transaction> m_inner;
    };

    core::OrderReadModel& m_inner;
    const int m_death;
    int m_steps = 0;
};

} // namespace eventscope::test
