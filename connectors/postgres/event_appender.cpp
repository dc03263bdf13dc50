// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "event_appender.h"

#include "event/timestamp.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <thread>
#include <unordered_set>
#include <utility>

#include <fmt/format.h>

namespace eventscope::postgres {

using core::AppendResult;
using core::ErrorCode;
using core::NewEvent;
using core::Result;
using core::Status;
using core::StreamAppend;

namespace {

using Parameter = std::optional<std::string>;
using Parameters = std::vector<Parameter>;

constexpr int kAttempts = 12;
constexpr int kReconnects = 5;
constexpr std::chrono::milliseconds kReconnectPause{200};

bool holdsNul(const StreamAppend& append)
{
    const auto has = [](std::string_view text) { return text.find('\0') != std::string_view::npos; };
    return has(append.stream) || std::ranges::any_of(append.events, [&](const NewEvent& event) {
        return has(event.id) || has(event.type) || has(event.data);
    });
}

Status checkTexts(std::span<const StreamAppend> appends)
{
    for (const StreamAppend& append : appends) {
        if (holdsNul(append))
            return fail(ErrorCode::InvalidArgument,
                fmt::format("An event for the stream '{}' holds a NUL character, which PostgreSQL cannot keep.",
                    append.stream.substr(0, append.stream.find('\0'))));
    }
    return {};
}

std::int64_t lockOf(std::int64_t table, std::string_view stream)
{
    std::uint64_t hash = 14'695'981'039'346'656'037U ^ static_cast<std::uint64_t>(table);
    for (const char c : stream)
        hash = (hash ^ static_cast<unsigned char>(c)) * 1'099'511'628'211U;
    return static_cast<std::int64_t>(hash);
}

} // namespace

/// One transaction. What it cannot do is in `failure` (the server's) or in the result (ours).
class EventAppender::Attempt {
public:
    Attempt(EventAppender& appender, PqxxSession& session) : m_appender(appender), m_session(session) { }

    /// Nothing, with `failure` set, when the server refused.
    std::optional<Result<Done>> run(std::span<const StreamAppend> appends, bool lookUpFirst)
    {
        if (!begin(appends))
            return std::nullopt;
        if (!lookUpFirst) {
            const auto quick = fromHeads(appends);
            if (failure)
                return std::nullopt;
            if (quick)
                return commit(Done{.results = *quick, .stored = true});
        }
        Done done;
        for (const StreamAppend& append : appends) {
            const auto one = decided(append, done.stored);
            if (!one)
                return std::nullopt;
            if (!*one) {
                m_session.rollback();
                return std::unexpected(one->error());
            }
            done.results.push_back(**one);
        }
        return commit(std::move(done));
    }

    std::optional<PgFailure> failure;
    bool atCommit = false;

private:
    struct Stored {
        core::StoredPlace place;
        std::string type, data;
    };

    template <class T>
    bool check(const PgResult<T>& result)
    {
        if (!result)
            failure = result.error();
        return result.has_value();
    }

    // Locks in one order, so that no two writers wait for each other; the lock before the transaction
    // has a number and before any position is taken.
    bool begin(std::span<const StreamAppend> appends)
    {
        std::string values;
        std::vector<std::string_view> names;
        std::vector<std::int64_t> locks;
        for (const StreamAppend& append : appends) {
            if (!m_heads.try_emplace(append.stream).second)
                continue;
            values += fmt::format("{}({}, {})", names.empty() ? "" : ", ", names.size(), quotedLiteral(append.stream));
            names.push_back(append.stream);
            locks.push_back(lockOf(m_appender.m_table.lockKey, append.stream));
        }
        std::ranges::sort(locks);
        std::string sql = "BEGIN ISOLATION LEVEL READ COMMITTED; ";
        for (const std::int64_t lock : locks)
            sql += fmt::format("SELECT pg_advisory_xact_lock({}); ", lock);
        if (!names.empty())
            sql += fmt::format(
                "SELECT e.version, e.id FROM (VALUES {}) v(n, name) LEFT JOIN LATERAL (SELECT version, id "
                "FROM {} WHERE stream_id = v.name ORDER BY version DESC LIMIT 1) e ON true ORDER BY v.n",
                values, m_appender.m_table.name);
        const auto heads = m_session.execute(sql);
        if (!check(heads))
            return false;
        for (std::size_t i = 0; i < names.size(); ++i)
            m_heads[names[i]] = {.version = {heads->integer(i, 0)}, .position = {heads->integer(i, 1)}};
        return true;
    }

    /// The usual case: every stream is as expected and no id is known, which the unique index finds out.
    std::optional<std::vector<AppendResult>> fromHeads(std::span<const StreamAppend> appends)
    {
        std::unordered_map<std::string_view, core::StreamHead> heads = m_heads;
        for (const StreamAppend& append : appends) {
            core::StreamHead& head = heads[append.stream];
            if (append.events.empty() || !core::isAsExpected(append.expected, head.version))
                return std::nullopt;
            head.version.value += static_cast<std::int64_t>(append.events.size());
        }
        return insert(appends);
    }

    std::optional<std::vector<AppendResult>> insert(std::span<const StreamAppend> appends)
    {
        std::array<Parameters, 7> columns;
        for (const StreamAppend& append : appends) {
            core::StreamHead& head = m_heads[append.stream];
            for (const NewEvent& event : append.events) {
                EventForm form = formOf(event);
                head.version = head.version.next();
                columns[0].emplace_back(std::move(form.uuid));
                columns[1].emplace_back(append.stream);
                columns[2].emplace_back(event.type);
                columns[3].emplace_back(std::to_string(head.version.value));
                columns[4].emplace_back(std::move(form.data));
                columns[5].push_back(std::move(form.metadata));
                columns[6].emplace_back(core::formatTimestamp(event.time));
            }
        }
        Parameters arrays;
        for (const Parameters& column : columns)
            arrays.emplace_back(arrayLiteral(column));
        const auto done = m_session.execute(statement(), arrays);
        if (!check(done))
            return std::nullopt;
        std::vector<AppendResult> results;
        std::size_t row = 0;
        for (const StreamAppend& append : appends) {
            row += append.events.size();
            core::StreamHead& head = m_heads[append.stream];
            head.position = {done->integer(row - 1, 0)};
            results.push_back({.lastVersion = {done->integer(row - 1, 1)}, .lastPosition = head.position});
        }
        return results;
    }

    std::string statement() const
    {
        std::string sql = fmt::format(
            "INSERT INTO {} (event_id, stream_id, event_type, version, data, metadata, created_at) "
            "SELECT u, s, y, v, d, m, c FROM unnest($1::uuid[], $2::text[], $3::text[], $4::int[], $5::jsonb[], "
            "$6::jsonb[], $7::timestamp[]) WITH ORDINALITY AS r(u, s, y, v, d, m, c, n) ORDER BY n RETURNING id, "
            "version",
            m_appender.m_table.name);
        if (m_appender.m_outbox)
            sql = fmt::format(
                "WITH i AS ({}, stream_id), o AS (INSERT INTO {} (position, stream_id) SELECT id, stream_id "
                "FROM i) SELECT id, version FROM i ORDER BY id",
                sql, m_appender.m_table.outbox);
        return sql;
    }

    /// Where the ids of the append are stored already, looked up at once.
    bool lookUp(const StreamAppend& append)
    {
        Parameters uuids;
        for (const NewEvent& event : append.events)
            uuids.emplace_back(uuidOf(event.id));
        const Parameters parameters{arrayLiteral(uuids), std::string(append.stream)};
        const auto rows
            = m_session.execute(fmt::format("SELECT event_id, stream_id = $2, event_type, version, id, data, "
                                            "metadata FROM {} WHERE event_id = ANY($1::uuid[])",
                                    m_appender.m_table.name),
                parameters);
        if (!check(rows))
            return false;
        m_stored.clear();
        for (std::size_t i = 0; i < rows->rows.size(); ++i) {
            Stored stored{.place = {.sameStream = rows->text(i, 1) == "t",
                              .sameContent = false,
                              .version = {rows->integer(i, 3)},
                              .position = {rows->integer(i, 4)}},
                .type = std::string(rows->text(i, 2)),
                .data = std::string(rows->text(i, 5))};
            if (const auto written = asWrittenOf(rows->text(i, 6)); written && written->data)
                stored.data = *written->data;
            m_stored.insert_or_assign(std::string(rows->text(i, 0)), std::move(stored));
        }
        return true;
    }

    /// Nothing when the server refused; otherwise the rules' answer.
    std::optional<Result<AppendResult>> decided(const StreamAppend& append, bool& stores)
    {
        if (!append.events.empty() && !lookUp(append))
            return std::nullopt;
        const auto placeOf = [&](const NewEvent& event) -> Result<std::optional<core::StoredPlace>> {
            const auto found = m_stored.find(uuidOf(event.id));
            if (found == m_stored.end())
                return std::nullopt;
            core::StoredPlace place = found->second.place;
            place.sameContent = found->second.type == event.type && found->second.data == event.data;
            return place;
        };
        const auto decision = core::decideAppend(append, m_heads[append.stream], placeOf);
        if (!decision)
            return std::unexpected(decision.error());
        if (*decision)
            return **decision;
        const auto results = insert({&append, 1});
        if (!results)
            return std::nullopt;
        stores = true;
        return results->front();
    }

    std::optional<Result<Done>> commit(Done done)
    {
        atCommit = done.stored;
        if (!check(m_session.execute("COMMIT")))
            return std::nullopt;
        return done;
    }

    EventAppender& m_appender;
    PqxxSession& m_session;
    std::unordered_map<std::string_view, core::StreamHead> m_heads;
    std::unordered_map<std::string, Stored> m_stored; // by UUID
};

Result<EventAppender::Done> EventAppender::append(std::span<const StreamAppend> appends)
{
    Status fine = core::checkAppends(appends);
    if (fine)
        fine = checkTexts(appends);
    if (!fine)
        return std::unexpected(fine.error());

    const std::string server = m_pool.login().display();
    bool lookUpFirst = false;
    bool inDoubt = false;
    int reconnects = 0;
    std::optional<PgFailure> failure;
    for (int attempt = 0; attempt < kAttempts; ++attempt) {
        auto session = m_pool.take();
        if (!session) {
            failure = session.error();
            if (!inDoubt || ++reconnects > kReconnects)
                break;
            std::this_thread::sleep_for(kReconnectPause * reconnects);
            continue;
        }
        Attempt one(*this, **session);
        auto result = one.run(appends, lookUpFirst);
        if (result) {
            // What was found by its ids after a doubtful commit is this very append.
            if (*result && inDoubt && !(*result)->stored) {
                (*result)->stored = true;
                for (AppendResult& each : (*result)->results)
                    each.alreadyStored = false;
            }
            return std::move(*result);
        }
        failure = one.failure;
        if (failure->kind == PgFailure::Kind::Server) {
            (*session)->rollback();
            if (!failure->isUniqueViolation() && !failure->isRetriable())
                break;
            lookUpFirst = true;
            continue;
        }
        m_pool.forgetIdle();
        inDoubt = inDoubt || one.atCommit;
        lookUpFirst = lookUpFirst || inDoubt;
        // Before the commit nothing can have been stored: a connection that had been idle may just be old.
        if (!inDoubt && ++reconnects > 1)
            break;
    }
    if (inDoubt)
        return fail(ErrorCode::InDoubt,
            fmt::format("The connection to {} broke during the commit, and it cannot be asked whether the events were "
                        "stored; append the very same events again to settle it.",
                server));
    return failed(*failure, server);
}

} // namespace eventscope::postgres
