// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/error.h"
#include "sourcing/aggregate_store.h"

#include <functional>
#include <string>
#include <string_view>

namespace eventscope::core {

/// Loads and saves aggregates of one kind. `A` is an Aggregate with `static constexpr
/// std::string_view kCategory` and a constructor from its id; its stream is "<category>-<id>".
/// // any thread
template <class A>
class Repository {
public:
    /// The rules' decision: calls the aggregate's commands. It may run several times, on a fresh
    /// aggregate each time, so it must have no other effect.
    using Decision = std::function<Status(A&)>;

    explicit Repository(AggregateStore& store) : m_store(store) { }

    static std::string streamOf(std::string_view id) { return std::string(A::kCategory) + '-' + std::string(id); }

    /// NotFound for one that has no events.
    Result<A> load(std::string_view id) const
    {
        A aggregate{std::string(id)};
        if (Status loaded = m_store.load(aggregate, streamOf(id)); !loaded)
            return std::unexpected(std::move(loaded.error()));
        return aggregate;
    }

    /// See AggregateStore::save.
    Status save(A& aggregate) const { return m_store.save(aggregate, streamOf(aggregate.id())); }

    /// Loads, decides and saves, again from the start when somebody else wrote in between. The version
    /// the aggregate has now. NotFound for one that has no events.
    Result<StreamVersion> update(std::string_view id, const Decision& decide) const
    {
        return attempt(id, decide, [&](A& aggregate) { return m_store.load(aggregate, streamOf(id)); });
    }

    /// The same for one that may have no events yet.
    Result<StreamVersion> createOrUpdate(std::string_view id, const Decision& decide) const
    {
        return attempt(id, decide, [&](A& aggregate) {
            Status loaded = m_store.load(aggregate, streamOf(id));
            return !loaded && loaded.error().code == ErrorCode::NotFound ? Status() : loaded;
        });
    }

private:
    static constexpr int kAttempts = 10;

    template <class Load>
    Result<StreamVersion> attempt(std::string_view id, const Decision& decide, const Load& load) const
    {
        for (int left = kAttempts;; --left) {
            A aggregate{std::string(id)};
            Status status = load(aggregate);
            if (status)
                status = decide(aggregate);
            if (status)
                status = saveSettled(aggregate);
            if (status)
                return aggregate.version();
            if (status.error().code != ErrorCode::WrongExpectedVersion || left == 1)
                return std::unexpected(std::move(status.error()));
        }
    }

    /// A save whose outcome was lost is repeated with the same ids, which stores it once.
    Status saveSettled(A& aggregate) const
    {
        Status status;
        for (int left = kAttempts; left > 0; --left) {
            status = save(aggregate);
            if (status || status.error().code != ErrorCode::InDoubt)
                break;
        }
        return status;
    }

    AggregateStore& m_store;
};

} // namespace eventscope::core
