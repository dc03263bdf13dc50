// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/command.h"
#include "cli/event_printer.h"
#include "cli/opened_source.h"
#include "cli/selection.h"
#include "event/json.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace eventscope::app {

namespace {

// Lets through what is in the range, and keeps the receipt that follow() gives none of.
class RangeSink final : public core::EventSink {
public:
    RangeSink(const core::ReadRange& range, core::EventSink& next) : m_range(range), m_next(next) { }

    bool deliver(std::span<const core::SourceEvent> batch) override
    {
        return std::ranges::all_of(batch, [this](const core::SourceEvent& event) { return take(event); });
    }
    bool tick() override { return m_next.tick(); }
    void notice(std::string_view sentence) override { say(sentence); }

    core::ScanReceipt receipt() const
    {
        core::ScanReceipt receipt = m_receipt;
        if (receipt.scanned > 0) {
            receipt.ranges.push_back(
                {.stream = m_range.stream, .partition = -1, .from = m_firstPosition, .to = m_lastPosition});
        }
        receipt.complete = m_isPastEnd;
        return receipt;
    }
    bool isPastEnd() const { return m_isPastEnd; }

private:
    bool take(const core::SourceEvent& event)
    {
        m_isPastEnd = (m_range.toPosition && event.position > *m_range.toPosition)
            || (m_range.toTime && event.hasTime && event.time > *m_range.toTime);
        if (m_isPastEnd) {
            return false;
        }
        m_firstPosition = m_receipt.scanned == 0 ? event.position : m_firstPosition;
        m_lastPosition = event.position;
        ++m_receipt.scanned;
        m_receipt.bytes += event.payload.size();
        m_receipt.undecodable += event.undecodable.empty() ? 0 : 1;
        const bool isTooEarly = m_range.fromTime && event.hasTime && event.time < *m_range.fromTime;
        return isTooEarly || m_next.deliver({&event, 1});
    }

    const core::ReadRange& m_range;
    core::EventSink& m_next;
    core::ScanReceipt m_receipt;
    std::int64_t m_firstPosition = 0;
    std::int64_t m_lastPosition = 0;
    bool m_isPastEnd = false;
};

core::Result<core::ScanReceipt> follow(
    core::Source& source, const core::ReadRange& range, EventPrinter& printer, const std::stop_token& stop)
{
    RangeSink sink(range, printer);
    core::FollowStart start(range.fromPosition ? *range.fromPosition - 1 : core::Source::kBeginning);
    start.stream = range.stream;
    start.fromTime = range.fromTime;
    start.last = range.last;
    if (const core::Status status = source.follow(start, sink, stop); !status) {
        return std::unexpected(status.error());
    }
    return sink.receipt();
}

core::Json jsonOf(const std::vector<std::string>& texts)
{
    core::Json::Array array;
    for (const std::string& text : texts) {
        array.emplace_back(text);
    }
    return core::Json(std::move(array));
}

ExitCode explain(core::Source& source, const core::ReadRange& range, CommandContext& context)
{
    const auto plan = source.plan(range, context.stop);
    if (!plan) {
        say(plan.error().message);
        return exitCodeOf(plan.error());
    }
    core::Json json;
    json.set("source", source.name());
    json.set("pushed", plan->pushed);
    json.set("here", plan->here);
    if (!plan->statement.empty()) {
        json.set("statement", plan->statement);
        json.set("parameters", jsonOf(plan->parameters));
    }
    if (!plan->steps.empty()) {
        json.set("steps", jsonOf(plan->steps));
    }
    context.out.line(json.dump());
    return ExitCode::Done;
}

} // namespace

ExitCode runCommand(const ReadArguments& arguments, CommandContext& context)
{
    auto opened = openSource(arguments.source, arguments.follow ? DemoPace::Live : DemoPace::Told, context.stop);
    if (!opened) {
        say(opened.error().message);
        return exitCodeOfOpening(opened.error());
    }
    const core::ReadRange range = rangeOf(arguments.selection);
    if (arguments.explain) {
        return explain(*opened->source, range, context);
    }
    const bool isLive = arguments.follow && arguments.selection.limit != 0;
    // A plain read counts for itself: it knows whether there was more than the limit.
    EventPrinter printer(context.out,
        {.limit = isLive || arguments.selection.filter ? arguments.selection.limit : std::nullopt,
            .filter = arguments.selection.filter,
            .pace = isLive ? EventPrinter::Pace::Live : EventPrinter::Pace::Bulk});
    auto receipt = isLive ? follow(*opened->source, range, printer, context.stop)
                          : opened->source->read(range, printer, context.stop);
    sayNotices(opened->source->notices());
    if (!receipt) {
        context.out.flush();
        say(receipt.error().message);
        return exitCodeOf(receipt.error());
    }
    const bool isWritten = context.out.flush();
    if (context.stop.stop_requested()) {
        receipt->stoppedBecause = "it was interrupted";
    } else if (!isWritten) {
        receipt->stoppedBecause = "nobody reads its output any more";
    } else if (!receipt->complete && printer.limitReached()) {
        receipt->stoppedBecause = fmt::format("the limit of {} events was reached", *arguments.selection.limit);
    }
    receipt->complete = receipt->stoppedBecause.empty();
    if (printer.filterErrors() > 0) {
        say(fmt::format("the filter could not judge {} of {} events, which are left out; the first: {}",
            printer.filterErrors(), receipt->scanned, printer.firstFilterError()));
    }
    sayPlain(receiptJson(*receipt, printer.matched(), printer.filterErrors()));
    return ExitCode::Done;
}

} // namespace eventscope::app
