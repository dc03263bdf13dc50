// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pg_link.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <libpq-fe.h>
#include <poll.h>
#include <unistd.h>

namespace eventscope::postgres {

namespace {

std::string trimmed(const char* message)
{
    std::string text = message == nullptr ? "" : message;
    while (!text.empty() && (text.back() == '\n' || text.back() == ' '))
        text.pop_back();
    return text;
}

PgFailure failureOf(const pg_result* result)
{
    const auto field = [&](int code) { return trimmed(PQresultErrorField(result, code)); };
    return {.kind = PgFailure::Kind::Server,
        .state = field(PG_DIAG_SQLSTATE),
        .message = field(PG_DIAG_MESSAGE_PRIMARY),
        .hint = field(PG_DIAG_MESSAGE_HINT)};
}

std::vector<const char*> pointersTo(std::span<const PgParameter> parameters)
{
    std::vector<const char*> values;
    values.reserve(parameters.size());
    for (const PgParameter& parameter : parameters)
        values.push_back(parameter ? parameter->c_str() : nullptr);
    return values;
}

} // namespace

/// A pipe that a stop request writes to, so that a poll ends.
class PgLink::Wake {
public:
    Wake()
    {
        if (pipe2(m_ends.data(), O_NONBLOCK | O_CLOEXEC) != 0)
            m_ends = {-1, -1};
    }
    ~Wake()
    {
        for (const int end : m_ends) {
            if (end >= 0)
                close(end);
        }
    }
    Wake(const Wake&) = delete;
    Wake& operator=(const Wake&) = delete;

    int readEnd() const { return m_ends[0]; }
    void ring() const
    {
        const char byte = 1;
        [[maybe_unused]] const auto written = write(m_ends[1], &byte, 1);
    }
    void drain() const
    {
        std::array<char, 64> bytes{};
        while (read(m_ends[0], bytes.data(), bytes.size()) > 0) { }
    }

private:
    std::array<int, 2> m_ends{-1, -1};
};

void PgLink::Close::operator()(pg_conn* connection) const
{
    PQfinish(connection);
}

PgLink::PgLink() : m_wake(std::make_unique<Wake>()) { }
PgLink::~PgLink() = default;

PgLink::Deadline PgLink::deadline() const
{
    return std::chrono::steady_clock::now() + m_patience;
}

PgResult<std::unique_ptr<PgLink>> PgLink::open(const PgLogin& login, PgAccess access, std::stop_token stop)
{
    std::unique_ptr<PgLink> link(new PgLink);
    link->m_patience = login.patience;
    if (auto connected = link->connect(login, stop); !connected)
        return std::unexpected(connected.error());
    const std::string settings = sessionSettings(access) + "; SELECT pg_is_in_recovery()";
    if (PQsendQuery(link->m_connection.get(), settings.c_str()) == 0)
        return std::unexpected(link->lost());
    const auto set = link->finish(link->deadline(), stop);
    if (!set)
        return std::unexpected(set.error());
    link->m_isStandby = set->size() == 1 && set->isTrue(0, 0);
    return link;
}

PgResult<void> PgLink::connect(const PgLogin& login, std::stop_token stop)
{
    const Deadline deadline = std::chrono::steady_clock::now()
        + login.connectTimeout * static_cast<int>(std::max<std::size_t>(login.hosts.size(), 1));
    m_connection.reset(PQconnectStart(conninfoOf(login).c_str()));
    PQsetNoticeProcessor(
        m_connection.get(), [](void*, const char*) {}, nullptr);
    const auto refused = [&] {
        return std::unexpected(PgFailure{
            .kind = PgFailure::Kind::Connect, .state = {}, .message = trimmed(PQerrorMessage(m_connection.get()))});
    };
    if (PQstatus(m_connection.get()) == CONNECTION_BAD)
        return refused();
    for (PostgresPollingStatusType state = PGRES_POLLING_WRITING; state != PGRES_POLLING_OK;) {
        if (state == PGRES_POLLING_FAILED)
            return refused();
        const short events = state == PGRES_POLLING_READING ? POLLIN : POLLOUT;
        if (auto ready = wait(events, deadline, stop); !ready) {
            if (ready.error().kind == PgFailure::Kind::TimedOut)
                return std::unexpected(
                    PgFailure{.kind = PgFailure::Kind::Connect, .state = {}, .message = "timeout expired"});
            return ready;
        }
        state = PQconnectPoll(m_connection.get());
    }
    PQsetnonblocking(m_connection.get(), 1);
    return {};
}

bool PgLink::isOpen() const
{
    return m_connection && PQstatus(m_connection.get()) == CONNECTION_OK;
}

int PgLink::serverVersion() const
{
    return PQserverVersion(m_connection.get());
}

bool PgLink::usesTls() const
{
    return PQsslInUse(m_connection.get()) != 0;
}

bool PgLink::isStandby() const
{
    const char* said = m_connection ? PQparameterStatus(m_connection.get(), "in_hot_standby") : nullptr;
    return said == nullptr ? m_isStandby : std::string_view(said) == "on";
}

bool PgLink::serverHasUtf8() const
{
    const char* said = m_connection ? PQparameterStatus(m_connection.get(), "server_encoding") : nullptr;
    return said != nullptr && std::string_view(said) == "UTF8";
}

PgFailure PgLink::lost()
{
    const std::string message = m_connection ? trimmed(PQerrorMessage(m_connection.get())) : "";
    m_connection.reset();
    return {.kind = PgFailure::Kind::Lost, .state = {}, .message = message};
}

PgFailure PgLink::giveUp(PgFailure::Kind kind)
{
    m_connection.reset();
    return {.kind = kind, .state = {}, .message = {}};
}

PgResult<void> PgLink::wait(short events, Deadline deadline, const std::stop_token& stop)
{
    const std::stop_callback onStop(stop, [this] { m_wake->ring(); });
    for (;;) {
        if (stop.stop_requested()) {
            m_wake->drain();
            return std::unexpected(giveUp(PgFailure::Kind::Cancelled));
        }
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
        if (left.count() <= 0)
            return std::unexpected(giveUp(PgFailure::Kind::TimedOut));
        std::array<pollfd, 2> ends{{{PQsocket(m_connection.get()), events, 0}, {m_wake->readEnd(), POLLIN, 0}}};
        const int timeout = static_cast<int>(std::min<std::int64_t>(left.count(), 1'000'000));
        if (poll(ends.data(), ends.size(), timeout) < 0 && errno != EINTR)
            return std::unexpected(lost());
        if (ends[0].revents != 0)
            return {};
    }
}

PgResult<void> PgLink::flush(Deadline deadline, const std::stop_token& stop)
{
    for (;;) {
        const int left = PQflush(m_connection.get());
        if (left == 0)
            return {};
        if (left < 0)
            return std::unexpected(lost());
        // A server that answers before it has read everything must be listened to, or both wait for ever.
        if (auto ready = wait(POLLIN | POLLOUT, deadline, stop); !ready)
            return ready;
        if (PQconsumeInput(m_connection.get()) == 0)
            return std::unexpected(lost());
    }
}

PgResult<pg_result*> PgLink::nextResult(Deadline deadline, const std::stop_token& stop)
{
    while (PQisBusy(m_connection.get()) != 0) {
        if (auto ready = wait(POLLIN, deadline, stop); !ready)
            return std::unexpected(ready.error());
        if (PQconsumeInput(m_connection.get()) == 0)
            return std::unexpected(lost());
    }
    return PQgetResult(m_connection.get());
}

PgResult<PgRows> PgLink::finish(Deadline deadline, const std::stop_token& stop)
{
    if (auto flushed = flush(deadline, stop); !flushed)
        return std::unexpected(flushed.error());
    PgRows last;
    std::optional<PgFailure> failure;
    for (;;) {
        const auto next = nextResult(deadline, stop);
        if (!next)
            return std::unexpected(next.error());
        pg_result* result = *next;
        if (result == nullptr)
            break;
        PgRows rows(result);
        const ExecStatusType status = PQresultStatus(result);
        if (status == PGRES_FATAL_ERROR || status == PGRES_BAD_RESPONSE) {
            if (PQstatus(m_connection.get()) != CONNECTION_OK
                && PQresultErrorField(result, PG_DIAG_SQLSTATE) == nullptr)
                return std::unexpected(lost());
            failure = failureOf(result);
        }
        last = std::move(rows);
        if (status == PGRES_COPY_OUT || status == PGRES_COPY_IN)
            break;
    }
    if (failure) {
        if (failure->endsConnection())
            failure->kind = PgFailure::Kind::Lost;
        return std::unexpected(std::move(*failure));
    }
    return last;
}

PgResult<PgRows> PgLink::query(
    const std::string& sql, std::span<const PgParameter> parameters, PgFormat format, std::stop_token stop)
{
    if (!isOpen())
        return std::unexpected(lost());
    const auto values = pointersTo(parameters);
    if (PQsendQueryParams(m_connection.get(), sql.c_str(), static_cast<int>(values.size()), nullptr, values.data(),
            nullptr, nullptr, format == PgFormat::Binary ? 1 : 0)
        == 0)
        return std::unexpected(lost());
    return finish(deadline(), stop);
}

PgResult<PgRows> PgLink::prepared(
    const std::string& sql, std::span<const PgParameter> parameters, PgFormat format, std::stop_token stop)
{
    if (!isOpen())
        return std::unexpected(lost());
    auto known = m_prepared.find(sql);
    if (known == m_prepared.end()) {
        std::string name = "s" + std::to_string(m_prepared.size());
        if (PQsendPrepare(m_connection.get(), name.c_str(), sql.c_str(), 0, nullptr) == 0)
            return std::unexpected(lost());
        if (auto done = finish(deadline(), stop); !done)
            return done;
        known = m_prepared.emplace(sql, std::move(name)).first;
    }
    const auto values = pointersTo(parameters);
    if (PQsendQueryPrepared(m_connection.get(), known->second.c_str(), static_cast<int>(values.size()), values.data(),
            nullptr, nullptr, format == PgFormat::Binary ? 1 : 0)
        == 0)
        return std::unexpected(lost());
    return finish(deadline(), stop);
}

PgResult<void> PgLink::copyOut(const std::string& sql, const CopyVisitor& visit, std::stop_token stop)
{
    if (!isOpen())
        return std::unexpected(lost());
    if (PQsendQueryParams(m_connection.get(), sql.c_str(), 0, nullptr, nullptr, nullptr, nullptr, 0) == 0)
        return std::unexpected(lost());
    if (auto begun = finish(deadline(), stop); !begun)
        return std::unexpected(begun.error());
    for (;;) {
        char* row = nullptr;
        const int length = PQgetCopyData(m_connection.get(), &row, 1);
        if (length > 0) {
            const std::unique_ptr<char, decltype(&PQfreemem)> kept(row, &PQfreemem);
            if (!visit({row, static_cast<std::size_t>(length)}))
                return std::unexpected(giveUp(PgFailure::Kind::Cancelled));
        } else if (length == 0) {
            if (auto ready = wait(POLLIN, deadline(), stop); !ready)
                return ready;
            if (PQconsumeInput(m_connection.get()) == 0)
                return std::unexpected(lost());
        } else {
            break;
        }
    }
    const auto ended = finish(deadline(), stop);
    return ended ? PgResult<void>() : std::unexpected(ended.error());
}

PgResult<void> PgLink::each(
    const std::string& sql, std::span<const PgParameter> parameters, const RowVisitor& visit, std::stop_token stop)
{
    if (!isOpen())
        return std::unexpected(lost());
    const auto values = pointersTo(parameters);
    if (PQsendQueryParams(m_connection.get(), sql.c_str(), static_cast<int>(values.size()), nullptr, values.data(),
            nullptr, nullptr, 1)
            == 0
        || PQsetSingleRowMode(m_connection.get()) == 0)
        return std::unexpected(lost());
    if (auto flushed = flush(deadline(), stop); !flushed)
        return flushed;
    for (;;) {
        const auto next = nextResult(deadline(), stop);
        if (!next)
            return std::unexpected(next.error());
        if (*next == nullptr)
            return {};
        const PgRows row(*next);
        const ExecStatusType status = PQresultStatus(*next);
        if (status == PGRES_SINGLE_TUPLE) {
            if (!visit(row))
                return std::unexpected(giveUp(PgFailure::Kind::Cancelled));
        } else if (status != PGRES_TUPLES_OK) {
            if (PQresultErrorField(*next, PG_DIAG_SQLSTATE) == nullptr)
                return std::unexpected(lost());
            PgFailure failure = failureOf(*next);
            if (failure.endsConnection())
                failure.kind = PgFailure::Kind::Lost;
            else if (auto rest = finish(deadline(), stop); !rest)
                return std::unexpected(rest.error());
            return std::unexpected(std::move(failure));
        }
    }
}

PgResult<bool> PgLink::waitForNotification(std::chrono::milliseconds longest, std::stop_token stop)
{
    if (!isOpen())
        return std::unexpected(lost());
    const auto taken = [this] {
        bool any = false;
        for (;;) {
            const std::unique_ptr<PGnotify, decltype(&PQfreemem)> one(PQnotifies(m_connection.get()), &PQfreemem);
            if (!one)
                return any;
            any = true;
        }
    };
    if (taken())
        return true;
    const Deadline until = std::chrono::steady_clock::now() + longest;
    const std::stop_callback onStop(stop, [this] { m_wake->ring(); });
    while (!stop.stop_requested()) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
        if (left.count() <= 0)
            return false;
        std::array<pollfd, 2> ends{{{PQsocket(m_connection.get()), POLLIN, 0}, {m_wake->readEnd(), POLLIN, 0}}};
        if (poll(ends.data(), ends.size(), static_cast<int>(left.count())) < 0 && errno != EINTR)
            return std::unexpected(lost());
        if (ends[0].revents != 0 && PQconsumeInput(m_connection.get()) == 0)
            return std::unexpected(lost());
        if (taken())
            return true;
    }
    m_wake->drain();
    return false;
}

} // namespace eventscope::postgres
