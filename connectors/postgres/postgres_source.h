// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/source.h"
#include "pg_login.h"
#include "store_layout.h"

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace eventscope::postgres {

struct PostgresSourceOptions {
    std::string table{};  ///< "table" or "schema.table"; empty: the first store that is recognised
    HouseMapping mapping; ///< the columns of a table that nobody else knows; empty: recognise it
    bool exactCounts = false;
    std::chrono::milliseconds firstPoll{250}, lastPoll{2000};
};

/// Events in PostgreSQL, in any layout that a dialect describes: the plain events table, message-db,
/// Marten, Axon, … Looks only: its session is read-only, its statements are short, and no transaction or
/// cursor is open between them.
///
/// A follower shows rows as soon as they are committed. Numbers that are missing below them are asked for
/// again, until their rows come (SourceEvent::isLate) or it is proved that they will not. On a standby, which
/// does not know who is still writing at its primary, nothing is proved: the newest of them are asked for again.
class PostgresSource final : public core::Source {
public:
    static core::Result<std::unique_ptr<PostgresSource>> open(
        std::string name, PgLogin login, PostgresSourceOptions options, std::stop_token stop = {});
    ~PostgresSource() override;

    const std::string& name() const override;
    core::Capabilities capabilities() const override;
    core::Result<std::vector<core::CatalogEntry>> catalog(std::stop_token stop) override;
    core::Result<core::ScanReceipt> read(
        const core::ReadRange& range, core::EventSink& sink, std::stop_token stop) override;
    core::Status follow(const core::FollowStart& start, core::EventSink& sink, std::stop_token stop) override;
    std::string cursor() const override;
    core::Result<core::Probe> probe(std::stop_token stop) override;
    core::Result<core::ReadPlan> plan(const core::ReadRange& range, std::stop_token stop) override;
    core::Result<std::vector<core::KeptSaga>> keptSagas(std::stop_token stop) override;
    std::vector<std::string> notices() const override;

    /// "message-db", "Marten", …; "mapped" for a table that the user mapped.
    const std::string& dialect() const;

private:
    struct Private;
    class Follower;
    explicit PostgresSource(std::unique_ptr<Private> p);
    std::unique_ptr<Private> d;
};

} // namespace eventscope::postgres
