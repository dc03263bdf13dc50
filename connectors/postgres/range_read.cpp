// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "postgres_source_private.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

#include <fmt/format.h>

namespace eventscope::postgres {

using core::ErrorCode;
using core::Result;
using core::SourceEvent;
using core::Status;

namespace {

// Positions looked at by one statement: the width grows while statements are quick.
constexpr std::int64_t kFirstWindow = 100'000, kLeastWindow = 1'000;
constexpr std::chrono::milliseconds kQuick{300}, kSlow{3000};

constexpr std::string_view kStopped = "it was stopped", kUnwanted = "its receiver wanted no more";

std::string numbered(const PgParameter& value, std::vector<PgParameter>& parameters)
{
    parameters.push_back(value);
    return fmt::format("${}", parameters.size());
}

} // namespace

RangeDelivery::RangeDelivery(const core::ReadRange& range, core::EventSink& sink)
    : m_range(range), m_delivery(sink, kBatch)
{
}

bool RangeDelivery::take(const SourceEvent& event)
{
    if (m_range.limit && m_delivered == *m_range.limit) {
        stopBecause(fmt::format("the limit of {} events was reached", *m_range.limit));
        return false;
    }
    m_first = m_receipt.scanned == 0 ? event.position : m_first;
    m_last = event.position;
    ++m_receipt.scanned;
    m_receipt.bytes += event.payload.size();
    m_receipt.undecodable += event.undecodable.empty() ? 0 : 1;
    const bool inTime = !event.hasTime
        || (!(m_range.fromTime && event.time < *m_range.fromTime) && !(m_range.toTime && event.time > *m_range.toTime));
    if (!inTime)
        return true;
    ++m_delivered;
    m_nulls += event.payloadIsNull ? 1 : 0;
    if (!m_range.stream.empty() && event.version != SourceEvent::kNone)
        countVersion(event.version);
    if (!m_delivery.add(event))
        stopBecause(std::string(kUnwanted));
    return isWanted();
}

void RangeDelivery::countVersion(std::int64_t version)
{
    const std::int64_t before = std::exchange(m_version, version);
    if (before == SourceEvent::kNone || version == before + 1)
        return;
    if (version == before && m_doubled++ == 0)
        m_firstDoubled = version;
    if (version > before && m_missing++ == 0)
        m_firstMissing = version == before + 2 ? fmt::format("version {}", before + 1)
                                               : fmt::format("versions {} to {}", before + 1, version - 1);
}

std::vector<std::string> RangeDelivery::remarks() const
{
    std::vector<std::string> all;
    if (m_nulls > 0)
        all.push_back(fmt::format("{} of {} events have no payload: theirs is NULL.", m_nulls, m_delivered));
    // A filter, or a range of times, leaves versions out as well.
    const bool isWhole = m_range.filter == nullptr && !m_range.fromTime && !m_range.toTime;
    if (m_missing > 0 && isWhole)
        all.push_back(
            fmt::format("The stream '{}' has no {}{}; what a replay makes of it may not be what was.", m_range.stream,
                m_firstMissing, m_missing > 1 ? fmt::format(", and {} more gaps", m_missing - 1) : std::string()));
    if (m_doubled > 0)
        all.push_back(
            fmt::format("The stream '{}' has version {} more than once{}; all of them are shown.", m_range.stream,
                m_firstDoubled, m_doubled > 1 ? fmt::format(", and {} others", m_doubled - 1) : std::string()));
    return all;
}

core::ScanReceipt& RangeDelivery::finish()
{
    if (!m_delivery.flush() && isWanted())
        stopBecause(std::string(kUnwanted));
    m_receipt.complete = isWanted();
    return m_receipt;
}

Result<core::ScanReceipt> PostgresSource::Private::readAll(
    const core::ReadRange& range, core::EventSink& sink, std::stop_token stop)
{
    const std::string& position = layout().field(EventField::Position).sql;
    std::string fixed = "true";
    if (!range.stream.empty())
        fixed += " AND " + ofStream(range.stream);
    if (range.toPosition)
        fixed += fmt::format(" AND {} <= {}", position, *range.toPosition);
    fixed += inTime(range.fromTime, range.toTime);
    std::string from = range.fromPosition ? fmt::format(" AND {} >= {}", position, *range.fromPosition) : "";

    LayoutReader reader(layout(), name);
    RangeDelivery delivery(range, sink);
    std::string next;
    std::int64_t inPage = 0, pageSize = 0;
    const Visitor visit = [&](const SourceEvent& event) {
        if (++inPage == pageSize)
            next = behind(event);
        return delivery.take(event);
    };
    for (bool more = true; more && delivery.isWanted();) {
        // One more than the limit tells whether there is more.
        pageSize = range.limit ? static_cast<std::int64_t>(std::min<std::uint64_t>(
                       *range.limit - delivery.delivered() + 1, static_cast<std::uint64_t>(kCopyPage)))
                               : kCopyPage;
        inPage = 0;
        const std::string select = range.last
            ? newest(fixed + from, *range.last)
            : layout().select(fixed + from, layout().orderBy(false), std::to_string(pageSize));
        const auto page = copyPage(select, reader, visit, stop);
        if (!page) {
            const PgFailure& failure = page.error();
            if (failure.isState("22P02") && !range.stream.empty())
                break; // no such name can be a UUID
            if (failure.kind == PgFailure::Kind::Cancelled && stop.stop_requested()) {
                delivery.stopBecause(std::string(kStopped));
                break;
            }
            return std::unexpected(translated(failure));
        }
        more = !range.last && page->rows == pageSize;
        from = " AND " + next;
    }
    core::ScanReceipt& receipt = delivery.finish();
    remarks = delivery.remarks();
    if (receipt.scanned > 0) {
        receipt.ranges.push_back({range.stream, -1, delivery.first(), delivery.last()});
    } else if (!range.stream.empty() && receipt.complete) {
        if (Status there = mustExist(range.stream, stop); !there)
            return std::unexpected(there.error());
    }
    return std::move(receipt);
}

Status PostgresSource::Private::mustExist(const std::string& stream, std::stop_token stop)
{
    const auto any = link->query(layout().select(ofStream(stream), {}, "1"), {}, PgFormat::Binary, std::move(stop));
    if (!any && !any.error().isState("22P02"))
        return std::unexpected(translated(any.error()));
    if (!any || any->size() == 0)
        return fail(ErrorCode::NotFound, fmt::format("There is no stream '{}'.", stream));
    return {};
}

FilterSql PostgresSource::Private::filterOf(const core::ReadRange& range) const
{
    // Of the newest, or of so many, the filter is a part only after they were counted.
    if (range.filter == nullptr || range.last || range.limit)
        return {};
    return filterSqlOf(*range.filter, layout(), name, link->serverHasUtf8());
}

std::string PostgresSource::Private::filtered(
    const core::ReadRange& range, FilterSql& filter, std::string_view window) const
{
    const std::string& position = layout().field(EventField::Position).sql;
    std::string condition = filter.condition;
    if (!range.stream.empty())
        condition += fmt::format(
            " AND {} = {}", layout().field(EventField::Stream).sql, numbered(range.stream, filter.parameters));
    if (range.fromPosition)
        condition += fmt::format(" AND {} >= {}", position, *range.fromPosition);
    if (range.toPosition)
        condition += fmt::format(" AND {} <= {}", position, *range.toPosition);
    condition += inTime(range.fromTime, range.toTime);
    return layout().select(fmt::format("{}{}", condition, window), layout().orderBy(false), {});
}

std::optional<Result<core::ScanReceipt>> PostgresSource::Private::readFiltered(
    const core::ReadRange& range, const FilterSql& filter, core::EventSink& sink, std::stop_token stop)
{
    const auto failed
        = [&](const PgFailure& failure) { return Result<core::ScanReceipt>(std::unexpected(translated(failure))); };
    const std::string& position = layout().field(EventField::Position).sql;
    const bool hasWindows = !layout().positionsRepeat;
    std::int64_t at = 0, head = 0;
    if (hasWindows) {
        const auto ends = link->query(fmt::format("SELECT (SELECT {0} {1} ORDER BY {0} LIMIT 1)::int8, (SELECT {0} {1} "
                                                  "ORDER BY {0} DESC LIMIT 1)::int8",
                                          position, layout().from),
            {}, PgFormat::Text, stop);
        if (!ends)
            return failed(ends.error());
        at = std::max(ends->integer(0, 0), range.fromPosition.value_or(ends->integer(0, 0)));
        head = std::min(ends->integer(0, 1), range.toPosition.value_or(ends->integer(0, 1)));
    }
    const std::int64_t from = at;
    LayoutReader reader(layout(), name);
    RangeDelivery delivery(range, sink);
    std::string resume; // where positions repeat: behind what came before the statement was cut short
    const PgLink::RowVisitor visit = [&](const PgRows& row) {
        const SourceEvent& event = reader.read(row, 0);
        if (!hasWindows)
            resume = " AND " + behind(event);
        return delivery.take(event);
    };
    std::int64_t width = kFirstWindow;
    for (bool more = true; more && delivery.isWanted();) {
        const bool isLast = !hasWindows || at > head || head - at < width; // open, for what has come since
        FilterSql now = filter;
        std::string window = resume;
        if (hasWindows)
            window = fmt::format(" AND {} >= {}", position, at)
                + (isLast ? std::string() : fmt::format(" AND {} < {}", position, at + width));
        const std::uint64_t before = delivery.scanned();
        const auto began = std::chrono::steady_clock::now();
        const std::string select = filtered(range, now, window);
        const auto done = link->each(select, now.parameters, visit, stop);
        const auto took = std::chrono::steady_clock::now() - began;
        if (!done && !delivery.isWanted())
            break;
        if (!done && done.error().kind == PgFailure::Kind::Cancelled && stop.stop_requested()) {
            delivery.stopBecause(std::string(kStopped));
            break;
        }
        const bool progressed = delivery.scanned() > before;
        const bool isTooMuch = !done && done.error().isState("57014") && (progressed || width > kLeastWindow);
        const bool isRefused = !done && (done.error().state.starts_with("42") || done.error().state.starts_with("22"));
        if (isRefused && delivery.scanned() == 0)
            return std::nullopt; // then whoever receives looks at everything
        if (!done && (!isTooMuch || (!hasWindows && !progressed)))
            return failed(done.error());
        if (isTooMuch) {
            at = progressed ? delivery.last() + 1 : at;
            width = std::max(width / 8, kLeastWindow);
            continue;
        }
        more = !isLast;
        at += isLast ? 0 : width;
        if (took < kQuick && width < head)
            width *= 2;
        else if (took > kSlow && width > kLeastWindow)
            width /= 2;
    }
    core::ScanReceipt& receipt = delivery.finish();
    remarks = delivery.remarks();
    receipt.pushed = filter.pushed;
    const std::int64_t end = receipt.complete ? std::max(head, delivery.last()) : delivery.last();
    if (receipt.scanned > 0 || (hasWindows && receipt.complete && head >= from && head > 0))
        receipt.ranges.push_back({range.stream, -1, hasWindows ? from : delivery.first(), end});
    if (receipt.scanned == 0 && receipt.complete && !range.stream.empty()) {
        if (Status there = mustExist(range.stream, stop); !there)
            return Result<core::ScanReceipt>(std::unexpected(there.error()));
    }
    return Result<core::ScanReceipt>(std::move(receipt));
}

Result<core::ReadPlan> PostgresSource::plan(const core::ReadRange& range, std::stop_token stop)
{
    if (const Status connected = d->ensureLink(stop); !connected)
        return std::unexpected(connected.error());
    core::ReadPlan plan;
    FilterSql filter = d->filterOf(range);
    plan.pushed = filter.pushed;
    plan.here = filter.isEmpty() && range.filter != nullptr ? range.filter->toString() : filter.here;
    if (filter.isEmpty())
        filter.condition = "true";
    plan.statement = d->filtered(range, filter, {});
    for (const PgParameter& parameter : filter.parameters)
        plan.parameters.push_back(parameter.value_or(std::string()));
    const auto rows = d->link->query("EXPLAIN " + plan.statement, filter.parameters, PgFormat::Text, stop);
    if (!rows && rows.error().endsConnection())
        return std::unexpected(d->translated(rows.error()));
    for (int i = 0; rows && i < rows->size(); ++i)
        plan.steps.push_back(rows->text(i, 0));
    return plan;
}

} // namespace eventscope::postgres
