// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "postgres_source_private.h"

#include <chrono>
#include <cstdint>
#include <set>
#include <string>
#include <tuple>

namespace eventscope::postgres {

/// One call of PostgresSource::follow(): what is there first, in bulk, then what is committed.
class PostgresSource::Follower {
public:
    Follower(Private& source, const core::FollowStart& start, core::EventSink& sink, std::stop_token stop);

    core::Status run();

private:
    enum class Step { Nothing, Something, More, Refused };

    core::Status reopen();
    PgResult<bool> begin();
    PgResult<bool> deliverNewest();
    PgResult<Step> catchUp();
    PgResult<Step> poll();
    PgResult<Step> pollGaps();
    PgResult<Step> pollWindow();
    PgResult<void> pause(Step step);
    bool take(const core::SourceEvent& event);
    bool isWanted(const core::SourceEvent& event) const;
    PgResult<void> listen();

    Private& m_source;
    const core::FollowStart m_start;
    core::EventSink& m_sink;
    const std::stop_token m_stop;
    LayoutReader m_reader;
    Deliverer m_delivery;
    SettledHorizon m_horizon;
    TailGaps m_gaps;
    bool m_listens = false;
    std::chrono::milliseconds m_pause{};
    // Where positions repeat: what of the window that is read again was delivered already.
    using Key = std::tuple<std::int64_t, std::string, std::int64_t>;
    std::set<Key> m_seen;
};

} // namespace eventscope::postgres
