// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pqxx_session.h"

#include <charconv>
#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <stop_token>
#include <thread>
#include <utility>

#include <sys/socket.h>

// libpqxx 6's headers do not keep to our warnings; 7.10 calls the functions that 6 has deprecated.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wshadow"
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
#pragma GCC diagnostic ignored "-Wunused-parameter"
#include <pqxx/pqxx>

namespace eventscope::postgres {

namespace {

/// Closes a socket under libpqxx's feet when its answer does not come in time: its calls block.
class Watch {
public:
    explicit Watch(std::chrono::milliseconds patience)
        : m_patience(patience), m_thread([this](std::stop_token stop) { run(std::move(stop)); })
    {
    }

    void begin(int socket)
    {
        const std::scoped_lock lock(m_mutex);
        m_socket = socket;
        m_until = std::chrono::steady_clock::now() + m_patience;
        m_expired = false;
        m_changed.notify_one();
    }
    /// Whether time was up.
    bool end()
    {
        const std::scoped_lock lock(m_mutex);
        m_socket = -1;
        return m_expired;
    }

private:
    void run(std::stop_token stop)
    {
        std::unique_lock lock(m_mutex);
        while (!stop.stop_requested()) {
            if (m_socket < 0) {
                m_changed.wait(lock, stop, [this] { return m_socket >= 0; });
                continue;
            }
            const auto until = m_until;
            m_changed.wait_until(lock, stop, until, [&] { return m_socket < 0 || m_until != until; });
            if (m_socket >= 0 && std::chrono::steady_clock::now() >= m_until) {
                m_expired = true;
                shutdown(m_socket, SHUT_RDWR);
                m_socket = -1;
            }
        }
    }

    const std::chrono::milliseconds m_patience;
    std::mutex m_mutex;
    std::condition_variable_any m_changed;
    std::chrono::steady_clock::time_point m_until{};
    int m_socket = -1;
    bool m_expired = false;
    std::jthread m_thread; // last: it uses all of the above
};

PgTable tableOf(const pqxx::result& result)
{
    PgTable table;
    table.affected = static_cast<std::size_t>(result.affected_rows());
    table.rows.reserve(static_cast<std::size_t>(result.size()));
    for (const auto& row : result) {
        auto& cells = table.rows.emplace_back();
        cells.reserve(static_cast<std::size_t>(row.size()));
        for (const auto& field : row)
            cells.push_back(
                field.is_null() ? PgTable::Cell() : PgTable::Cell(std::string(field.c_str(), field.size())));
    }
    return table;
}

std::string withoutSeverity(std::string message)
{
    for (const std::string_view severity : {"ERROR:  ", "FATAL:  "}) {
        if (message.starts_with(severity))
            message.erase(0, severity.size());
    }
    message.erase(std::min(message.find('\n'), message.size()));
    return message;
}

pqxx::result run(
    pqxx::nontransaction& transaction, const std::string& name, std::span<const std::optional<std::string>> parameters)
{
#if PQXX_VERSION_MAJOR >= 7
    pqxx::params values;
    values.reserve(parameters.size());
    for (const std::optional<std::string>& parameter : parameters)
        values.append(parameter);
    return transaction.exec_prepared(name, values);
#else
    // 6 knows no std::optional: a null pointer is NULL.
    std::vector<const char*> values;
    values.reserve(parameters.size());
    for (const std::optional<std::string>& parameter : parameters)
        values.push_back(parameter ? parameter->c_str() : nullptr);
    return transaction.exec_prepared(name, pqxx::prepare::make_dynamic_params(values));
#endif
}

} // namespace

struct PqxxSession::Private {
    Private(const std::string& conninfo, std::chrono::milliseconds patience) : connection(conninfo), watch(patience) { }

    template <class Work>
    PgResult<PgTable> guarded(const Work& work)
    {
        if (dead)
            return std::unexpected(PgFailure{.kind = PgFailure::Kind::Lost, .state = {}, .message = {}});
        watch.begin(connection.sock());
        try {
            pqxx::nontransaction transaction(connection);
            const pqxx::result result = work(transaction);
            watch.end();
            return tableOf(result);
        } catch (const pqxx::broken_connection& error) {
            return std::unexpected(gone(error.what()));
        } catch (const pqxx::sql_error& error) {
            if (watch.end())
                return std::unexpected(gone(error.what()));
            PgFailure failure{
                .kind = PgFailure::Kind::Server, .state = error.sqlstate(), .message = withoutSeverity(error.what())};
            // A connection that breaks within a statement comes without a SQLSTATE.
            if (failure.state.empty() || failure.endsConnection() || !connection.is_open())
                return std::unexpected(gone(error.what()));
            return std::unexpected(std::move(failure));
        } catch (const std::exception& error) {
            return std::unexpected(gone(error.what()));
        }
    }

    PgFailure gone(const char* message)
    {
        dead = true;
        const bool late = watch.end() || expired;
        expired = late;
        return {.kind = late ? PgFailure::Kind::TimedOut : PgFailure::Kind::Lost,
            .state = {},
            .message = withoutSeverity(message)};
    }

    pqxx::connection connection;
    Watch watch; // ends before its socket does
    std::map<std::string, std::string, std::less<>> prepared;
    bool dead = false;
    bool expired = false;
};

PqxxSession::PqxxSession(std::unique_ptr<Private> p) : d(std::move(p)) { }
PqxxSession::~PqxxSession() = default;

PgResult<std::unique_ptr<PqxxSession>> PqxxSession::open(const PgLogin& login, PgAccess access)
{
    std::unique_ptr<PqxxSession> session;
    try {
        session.reset(new PqxxSession(std::make_unique<Private>(conninfoOf(login), login.patience)));
    } catch (const std::exception& error) {
        return std::unexpected(PgFailure{.kind = PgFailure::Kind::Connect, .state = {}, .message = error.what()});
    }
    if (auto set = session->execute(sessionSettings(access)); !set)
        return std::unexpected(set.error());
    return session;
}

bool PqxxSession::isOpen() const
{
    return !d->dead && d->connection.is_open();
}

PgResult<PgTable> PqxxSession::execute(const std::string& sql)
{
    return d->guarded([&](pqxx::nontransaction& transaction) { return transaction.exec(sql); });
}

PgResult<PgTable> PqxxSession::execute(const std::string& sql, std::span<const std::optional<std::string>> parameters)
{
    return d->guarded([&](pqxx::nontransaction& transaction) {
        auto known = d->prepared.find(sql);
        if (known == d->prepared.end()) {
            const std::string name = "p" + std::to_string(d->prepared.size());
            d->connection.prepare(name, sql);
            known = d->prepared.emplace(sql, name).first;
        }
        return run(transaction, known->second, parameters);
    });
}

void PqxxSession::rollback()
{
    if (isOpen())
        (void)execute("ROLLBACK");
}

std::int64_t PgTable::integer(std::size_t row, std::size_t column) const
{
    const std::string_view value = text(row, column);
    std::int64_t number = 0;
    std::from_chars(value.data(), value.data() + value.size(), number);
    return number;
}

std::string_view PgTable::text(std::size_t row, std::size_t column) const
{
    const Cell& cell = rows[row][column];
    return cell ? std::string_view(*cell) : std::string_view();
}

std::string arrayLiteral(std::span<const std::optional<std::string>> elements)
{
    std::string out = "{";
    for (const std::optional<std::string>& element : elements) {
        if (out.size() > 1)
            out += ',';
        if (!element) {
            out += "NULL";
            continue;
        }
        out += '"';
        for (const char c : *element) {
            if (c == '"' || c == '\\')
                out += '\\';
            out += c;
        }
        out += '"';
    }
    out += '}';
    return out;
}

} // namespace eventscope::postgres

#pragma GCC diagnostic pop
