// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/error.h"
#include "pg_failure.h"
#include "pg_login.h"
#include "pg_rows.h"

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>

struct pg_conn;

namespace eventscope::postgres {

enum class PgFormat { Text, Binary };

/// A parameter of a statement as text; nullopt is NULL. Must hold no NUL character.
using PgParameter = std::optional<std::string>;

/// A connection to read with, on libpq: it never waits longer than its patience or past a stop, whatever
/// the server or the network does, and gives the connection up then. // one thread at a time
class PgLink {
public:
    static PgResult<std::unique_ptr<PgLink>> open(const PgLogin& login, PgAccess access, std::stop_token stop = {});
    ~PgLink();
    PgLink(const PgLink&) = delete;
    PgLink& operator=(const PgLink&) = delete;

    bool isOpen() const;
    int serverVersion() const; ///< 150018 of 15.18
    bool usesTls() const;
    /// The server only repeats what its primary sends, as of the last statement (before version 14: as of open()).
    bool isStandby() const;
    /// The server's texts are UTF-8 as well.
    bool serverHasUtf8() const;

    /// One statement by the extended protocol, which takes no second one behind it.
    PgResult<PgRows> query(const std::string& sql, std::span<const PgParameter> parameters = {},
        PgFormat format = PgFormat::Text, std::stop_token stop = {});
    /// The same, parsed by the server only once for this connection.
    PgResult<PgRows> prepared(const std::string& sql, std::span<const PgParameter> parameters = {},
        PgFormat format = PgFormat::Text, std::stop_token stop = {});
    /// COPY (…) TO STDOUT: each row's bytes, until the visitor returns false. Visitors that stop early end
    /// the connection.
    using CopyVisitor = std::function<bool(std::string_view)>;
    PgResult<void> copyOut(const std::string& sql, const CopyVisitor& visit, std::stop_token stop = {});

    /// One statement's rows in binary as they come, one at a time, until the visitor returns false. Visitors that
    /// stop early end the connection.
    using RowVisitor = std::function<bool(const PgRows&)>;
    PgResult<void> each(const std::string& sql, std::span<const PgParameter> parameters, const RowVisitor& visit,
        std::stop_token stop = {});

    /// Waits until a NOTIFY arrives that was LISTENed to (true), or the time is up (false).
    PgResult<bool> waitForNotification(std::chrono::milliseconds longest, std::stop_token stop = {});

private:
    struct Close {
        void operator()(pg_conn* connection) const;
    };
    class Wake;
    using Deadline = std::chrono::steady_clock::time_point;

    PgLink();
    PgResult<void> connect(const PgLogin& login, std::stop_token stop);
    PgResult<void> wait(short events, Deadline deadline, const std::stop_token& stop);
    PgResult<void> flush(Deadline deadline, const std::stop_token& stop);
    PgResult<PgRows> finish(Deadline deadline, const std::stop_token& stop);
    PgResult<pg_result*> nextResult(Deadline deadline, const std::stop_token& stop);
    Deadline deadline() const;
    PgFailure lost();
    PgFailure giveUp(PgFailure::Kind kind);

    std::unique_ptr<pg_conn, Close> m_connection;
    std::unique_ptr<Wake> m_wake;
    std::chrono::milliseconds m_patience{60'000};
    bool m_isStandby = false;
    std::map<std::string, std::string, std::less<>> m_prepared; ///< names by statement
};

} // namespace eventscope::postgres
