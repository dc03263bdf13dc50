// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pg_failure.h"
#include "pg_login.h"

#include <cstddef>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace eventscope::postgres {

/// Connections that come back when their user is done with them; a broken one does not. // any thread
template <class Connection>
class PgPool {
public:
    PgPool(PgLogin login, PgAccess access) : m_login(std::move(login)), m_access(access) { }

    class Lease {
    public:
        Lease(PgPool& pool, std::unique_ptr<Connection> connection) : m_pool(&pool), m_connection(std::move(connection))
        {
        }
        Lease(Lease&&) noexcept = default;
        Lease& operator=(Lease&&) = delete;
        ~Lease()
        {
            if (m_connection && m_connection->isOpen())
                m_pool->giveBack(std::move(m_connection));
        }
        Connection* operator->() const { return m_connection.get(); }
        Connection& operator*() const { return *m_connection; }

    private:
        PgPool* m_pool;
        std::unique_ptr<Connection> m_connection;
    };

    PgResult<Lease> take()
    {
        {
            const std::scoped_lock lock(m_mutex);
            if (!m_idle.empty()) {
                std::unique_ptr<Connection> connection = std::move(m_idle.back());
                m_idle.pop_back();
                return Lease(*this, std::move(connection));
            }
        }
        auto opened = Connection::open(m_login, m_access);
        if (!opened)
            return std::unexpected(opened.error());
        return Lease(*this, std::move(*opened));
    }
    /// Work on a connection; once more on a new one where the first turns out to be gone, since it may only have been
    /// idle for too long. For work that may be done twice.
    template <class Work>
    auto use(const Work& work) -> core::Result<typename decltype(work(std::declval<Connection&>()))::value_type>
    {
        for (bool again = true;; again = false) {
            auto lease = take();
            if (!lease)
                return failed(lease.error(), m_login.display());
            auto answer = work(**lease);
            if (answer)
                return std::move(*answer);
            if (answer.error().kind != PgFailure::Kind::Lost || !again)
                return failed(answer.error(), m_login.display());
            forgetIdle();
        }
    }
    /// After one was found broken, its idle siblings are likely to be.
    void forgetIdle()
    {
        std::vector<std::unique_ptr<Connection>> idle; // closed without the lock
        const std::scoped_lock lock(m_mutex);
        idle.swap(m_idle);
    }

    const PgLogin& login() const { return m_login; }

private:
    static constexpr std::size_t kIdle = 8;

    void giveBack(std::unique_ptr<Connection> connection)
    {
        const std::scoped_lock lock(m_mutex);
        if (m_idle.size() < kIdle)
            m_idle.push_back(std::move(connection));
    }

    const PgLogin m_login;
    const PgAccess m_access;
    std::mutex m_mutex;
    std::vector<std::unique_ptr<Connection>> m_idle;
};

} // namespace eventscope::postgres
