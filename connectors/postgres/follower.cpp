// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "follower.h"

#include <algorithm>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace eventscope::postgres {

using core::SourceEvent;
using core::Status;

namespace {

constexpr std::int64_t kPollPage = 2000;
constexpr std::size_t kGapsAtOnce = 2000;
// How many numbers below the end are watched where nobody says which of them are still to come.
constexpr std::int64_t kWatchedAtStart = 1000;
// Two minutes of a store whose positions are microseconds; transactions that last longer are rare.
constexpr std::int64_t kWindow = 120'000'000;
constexpr std::chrono::milliseconds kTick{500};

} // namespace

PostgresSource::Follower::Follower(
    Private& source, const core::FollowStart& start, core::EventSink& sink, std::stop_token stop)
    : m_source(source)
    , m_start(start)
    , m_sink(sink)
    , m_stop(std::move(stop))
    , m_reader(source.layout(), source.name)
    , m_delivery(sink, kBatch)
{
}

Status PostgresSource::Follower::run()
{
    const auto failed = [&](const PgFailure& failure) -> Status {
        m_delivery.flush(); // what came is to be seen
        if (m_stop.stop_requested())
            return {};
        return std::unexpected(m_source.translated(failure));
    };
    const auto begun = begin();
    if (!begun)
        return failed(begun.error());
    for (const std::string& sentence : m_source.aboutStore())
        m_sink.notice(sentence);
    m_source.saidAboutStore = true;
    bool wanted = *begun;
    bool behind = true; // in bulk until the end was seen once
    while (wanted && !m_stop.stop_requested()) {
        if (auto there = reopen(); !there)
            return there;
        const auto step = behind ? catchUp() : poll();
        if (!step)
            return failed(step.error());
        wanted = *step != Step::Refused && m_delivery.flush();
        if (m_source.link && m_source.link->isStandby())
            m_gaps.keepNewest(static_cast<std::int64_t>(kGapsAtOnce));
        m_source.cursor = m_gaps.cursor();
        if (!wanted || !m_sink.tick())
            break;
        behind = behind && *step == Step::More;
        if (*step == Step::More)
            continue;
        if (auto paused = pause(*step); !paused)
            return failed(paused.error());
        wanted = m_sink.tick();
    }
    return {};
}

/// A read within a tick may have given the connection up.
Status PostgresSource::Follower::reopen()
{
    if (m_source.link && m_source.link->isOpen())
        return {};
    if (Status connected = m_source.ensureLink(m_stop); !connected)
        return connected;
    const auto listening = listen();
    return listening ? Status() : std::unexpected(m_source.translated(listening.error()));
}

/// False when the sink wants no more.
PgResult<bool> PostgresSource::Follower::begin()
{
    if (auto listening = listen(); !listening)
        return std::unexpected(listening.error());
    if (!m_source.layout().positionsRepeat) {
        if (auto looked = m_source.look(m_horizon, m_stop); !looked)
            return std::unexpected(looked.error());
    }
    if (auto gaps = TailGaps::fromCursor(m_start.cursor); !m_start.cursor.empty() && gaps) {
        m_gaps = std::move(*gaps);
        return true;
    }
    if (m_start.last && m_start.position == core::Source::kBeginning)
        return deliverNewest();
    if (m_start.position != SourceEvent::kNone) {
        m_gaps = TailGaps(std::max(m_start.position, core::Source::kBeginning)); // some stores begin with 0
        return true;
    }
    const auto last = m_source.lastPosition(m_stop);
    if (!last)
        return std::unexpected(last.error());
    m_gaps = TailGaps(std::max<std::int64_t>({*last - kWatchedAtStart, m_horizon.settled(), 0}));
    // Numbers that are missing now may be filled later: those are new.
    const std::string& position = m_source.layout().field(EventField::Position).sql;
    const auto rows = m_source.link->query(
        fmt::format("SELECT {0} {1} WHERE {0} > {2} ORDER BY {0}", position, m_source.layout().from, m_gaps.high()), {},
        PgFormat::Text, m_stop);
    if (!rows)
        return std::unexpected(rows.error());
    for (int i = 0; i < rows->size(); ++i)
        m_gaps.advanceTo(rows->integer(i, 0), m_horizon.settled());
    return true;
}

PgResult<void> PostgresSource::Follower::listen()
{
    const std::string& channel = m_source.layout().channel;
    if (channel.empty())
        return {};
    // A server that forbids it (a standby) is polled.
    const auto listening = m_source.link->query("LISTEN " + quotedIdentifier(channel), {}, PgFormat::Text, m_stop);
    if (!listening && listening.error().endsConnection())
        return std::unexpected(listening.error());
    m_listens = listening.has_value();
    return {};
}

PgResult<bool> PostgresSource::Follower::deliverNewest()
{
    std::string condition = "true";
    if (!m_start.stream.empty())
        condition += " AND " + m_source.ofStream(m_start.stream);
    condition += m_source.inTime(m_start.fromTime, {});
    const auto head = m_source.lastPosition(m_stop);
    if (!head)
        return std::unexpected(head.error());
    bool first = true;
    const auto visit = [&](const SourceEvent& event) {
        if (std::exchange(first, false))
            m_gaps = TailGaps(event.position - 1);
        return take(event);
    };
    const auto page = m_source.copyPage(m_source.newest(condition, *m_start.last), m_reader, visit, m_stop);
    if (!page)
        return std::unexpected(page.error());
    if (!m_start.stream.empty() || first)
        m_gaps = TailGaps(*head); // what lies between belongs to other streams
    return !page->refused && m_delivery.flush();
}

bool PostgresSource::Follower::isWanted(const SourceEvent& event) const
{
    return (m_start.stream.empty() || event.stream == m_start.stream)
        && !(m_start.fromTime && event.hasTime && event.time < *m_start.fromTime);
}

bool PostgresSource::Follower::take(const SourceEvent& event)
{
    if (m_source.layout().positionsRepeat) {
        if (!m_seen.emplace(event.position, std::string(event.stream), event.version).second)
            return true;
        m_gaps = TailGaps(std::max(m_gaps.high(), event.position));
        return !isWanted(event) || m_delivery.add(event);
    }
    if (event.position > m_gaps.high()) {
        m_gaps.advanceTo(event.position, m_source.layout().gapless ? event.position : m_horizon.settled());
        return !isWanted(event) || m_delivery.add(event);
    }
    if (!m_gaps.fill(event.position))
        return true;
    SourceEvent late = event;
    late.isLate = true;
    return !isWanted(event) || m_delivery.add(late);
}

PgResult<PostgresSource::Follower::Step> PostgresSource::Follower::catchUp()
{
    if (m_source.layout().positionsRepeat)
        return pollWindow();
    const StoreLayout& layout = m_source.layout();
    std::string condition = fmt::format("{} > {}", layout.field(EventField::Position).sql, m_gaps.high());
    // What is settled needs no watching, so that of one stream the server may leave out the others.
    const std::int64_t settled = m_horizon.settled();
    const bool narrow = !m_start.stream.empty() && settled > m_gaps.high();
    if (narrow)
        condition += fmt::format(
            " AND {} <= {} AND {}", layout.field(EventField::Position).sql, settled, m_source.ofStream(m_start.stream));
    const auto page = m_source.copyPage(
        layout.select(condition, layout.orderBy(false), std::to_string(kCopyPage)), m_reader,
        [this](const SourceEvent& event) { return take(event); }, m_stop);
    if (!page && !(narrow && page.error().isState("22P02")))
        return std::unexpected(page.error());
    if (page && page->refused)
        return Step::Refused;
    if (page && page->rows == kCopyPage)
        return Step::More;
    if (narrow) {
        m_gaps = TailGaps(settled);
        return Step::More;
    }
    return page->rows > 0 ? Step::Something : Step::Nothing;
}

PgResult<PostgresSource::Follower::Step> PostgresSource::Follower::poll()
{
    if (m_source.layout().positionsRepeat)
        return pollWindow();
    const StoreLayout& layout = m_source.layout();
    Step gaps = Step::Nothing;
    if (m_gaps.hasGaps()) {
        const auto filled = pollGaps();
        if (!filled || *filled == Step::Refused)
            return filled;
        gaps = *filled;
    }
    const std::string sql = layout.select(fmt::format("{} > $1", layout.field(EventField::Position).sql),
        layout.orderBy(false), std::to_string(kPollPage));
    const PgParameter high(std::to_string(m_gaps.high()));
    const auto rows = m_source.link->prepared(sql, {&high, 1}, PgFormat::Binary, m_stop);
    if (!rows)
        return std::unexpected(rows.error());
    for (int i = 0; i < rows->size(); ++i) {
        if (!take(m_reader.read(*rows, i)))
            return Step::Refused;
    }
    if (rows->size() == kPollPage)
        return Step::More;
    return rows->size() > 0 ? Step::Something : gaps;
}

/// The look comes first: what it proves to be settled was committed before the rows are read.
PgResult<PostgresSource::Follower::Step> PostgresSource::Follower::pollGaps()
{
    if (auto looked = m_source.look(m_horizon, m_stop); !looked)
        return std::unexpected(looked.error());
    const StoreLayout& layout = m_source.layout();
    const std::string sql = layout.select(
        fmt::format("{} = ANY($1::int8[])", layout.field(EventField::Position).sql), layout.orderBy(false), {});
    const std::vector<std::int64_t> numbers = m_gaps.numbers(kGapsAtOnce);
    const PgParameter list(fmt::format("{{{}}}", fmt::join(numbers, ",")));
    const auto rows = m_source.link->prepared(sql, {&list, 1}, PgFormat::Binary, m_stop);
    if (!rows)
        return std::unexpected(rows.error());
    for (int i = 0; i < rows->size(); ++i) {
        if (!take(m_reader.read(*rows, i)))
            return Step::Refused;
    }
    m_gaps.bury(std::min(m_horizon.settled(), numbers.back()));
    return rows->size() > 0 ? Step::Something : Step::Nothing;
}

/// Where positions are no numbers of their own, a window of the newest is read again and again.
PgResult<PostgresSource::Follower::Step> PostgresSource::Follower::pollWindow()
{
    const StoreLayout& layout = m_source.layout();
    const std::string& position = layout.field(EventField::Position).sql;
    std::int64_t from = m_gaps.high();
    if (m_seen.empty())
        from = std::max<std::int64_t>(from - 1, -1);
    else if (position.find("epoch") != std::string::npos)
        from -= kWindow;
    else // numbers of transactions: what was under way at the last look may have been committed since
        from = std::min(from, m_horizon.settled());
    const auto xmin = m_source.link->prepared(
        "SELECT (txid_snapshot_xmin(txid_current_snapshot()) % 4294967296)::int8 - 1", {}, PgFormat::Text, m_stop);
    if (!xmin)
        return std::unexpected(xmin.error());
    std::string condition = fmt::format("{} >= {}", position, from);
    std::int64_t inPage = 0, fresh = 0;
    for (bool more = true; more;) {
        inPage = 0;
        std::string next;
        const auto visit = [&](const SourceEvent& event) {
            const std::size_t before = m_seen.size();
            if (++inPage == kCopyPage)
                next = m_source.behind(event);
            const bool wanted = take(event);
            fresh += m_seen.size() > before ? 1 : 0;
            return wanted;
        };
        const auto page = m_source.copyPage(
            layout.select(condition, layout.orderBy(false), std::to_string(kCopyPage)), m_reader, visit, m_stop);
        if (!page)
            return std::unexpected(page.error());
        if (page->refused)
            return Step::Refused;
        more = page->rows == kCopyPage;
        condition = next;
        if (!m_delivery.flush() || !m_sink.tick())
            return Step::Refused;
    }
    if (position.find("epoch") == std::string::npos)
        m_horizon.complete(xmin->integer(0, 0));
    std::erase_if(m_seen, [&](const Key& key) { return std::get<0>(key) < from; });
    return fresh > 0 ? Step::Something : Step::Nothing;
}

PgResult<void> PostgresSource::Follower::pause(Step step)
{
    const PostgresSourceOptions& options = m_source.options;
    if (step == Step::Something || m_gaps.hasGaps() || m_pause.count() == 0)
        m_pause = options.firstPoll;
    else
        m_pause = std::min(m_pause * 2, options.lastPoll);
    for (auto left = m_pause; left.count() > 0 && !m_stop.stop_requested(); left -= kTick) {
        const auto woken = m_source.link->waitForNotification(std::min(left, kTick), m_stop);
        if (!woken)
            return std::unexpected(woken.error());
        if (*woken || (left > kTick && (!m_sink.tick() || !m_source.link || !m_source.link->isOpen())))
            break; // run() sees to it
    }
    return {};
}

} // namespace eventscope::postgres
