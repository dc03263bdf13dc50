// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/requeue.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

namespace eventscope::core {

namespace {

constexpr double kRampStepSeconds = 5;

std::chrono::microseconds seconds(double value)
{
    return std::chrono::microseconds(static_cast<std::int64_t>(value * 1e6));
}

Result<std::string> edited(const DeadLetter& letter, const JsonPatch& patch)
{
    Result<Json> data = Json::parse(letter.original.data);
    if (!data)
        return fail(ErrorCode::Unparsable, "its payload is not JSON, so the edit cannot be applied");
    if (const Status applied = applyPatch(*data, patch); !applied)
        return fail(ErrorCode::InvalidArgument, "the edit does not fit its payload: " + applied.error().message);
    return data->dump();
}

using EntriesByLetter = std::map<std::string, JournalEntry, std::less<>>;

struct Past {
    EntriesByLetter doubts;
    EntriesByLetter done; // and still listed
    EntriesByLetter underWay;
};

Status collect(Result<std::vector<JournalEntry>> entries, EntriesByLetter& into)
{
    if (!entries)
        return std::unexpected(entries.error());
    for (JournalEntry& entry : *entries) {
        if (entry.kind == WriteKind::Requeue && entry.state != WriteState::Planned)
            into.insert_or_assign(entry.letterId, std::move(entry));
    }
    return {};
}

Result<Past> pastOf(const Journal& journal, std::string_view source, bool doneMayBeListed)
{
    Past past;
    if (Status done = collect(journal.inDoubt(source), past.doubts); !done)
        return std::unexpected(done.error());
    if (Status done = collect(journal.unfinished(source), past.underWay); !done)
        return std::unexpected(done.error());
    if (!doneMayBeListed)
        return past;
    if (Status done = collect(journal.requeued(source), past.done); !done)
        return std::unexpected(done.error());
    return past;
}

/// Why the letter is not sent; empty when it is.
std::string whyLeftOut(const RequeueRequest& request, const Past& past, const std::string& letter)
{
    if (past.underWay.contains(letter))
        return "an earlier run has begun to send it and has not finished";
    const auto doubt = past.doubts.find(letter);
    if (doubt != past.doubts.end() && !request.resendDoubts)
        return fmt::format("in doubt since {}: it may have arrived; choose it by its id to send it again",
            formatTimestamp(doubt->second.changedAt));
    const auto done = past.done.find(letter);
    if (done != past.done.end() && !request.resendDone)
        return fmt::format(
            "already requeued at {}; choose it by its id to send it again", formatTimestamp(done->second.changedAt));
    return {};
}

std::string plural(std::size_t count, std::string_view one, std::string_view many)
{
    return fmt::format("{} {}", count, count == 1 ? one : many);
}

void addWarnings(RequeuePlan& plan)
{
    const auto count = [&](auto&& is) { return static_cast<std::size_t>(std::ranges::count_if(plan.letters, is)); };
    if (const auto newer = count([](const PlannedLetter& p) { return p.newerOfSameKey.value_or(0) > 0; }))
        plan.warnings.push_back(plural(newer, "letter has", "letters have")
            + " newer events of the same key: handled now, they come out of order.");
    if (const auto before = count([](const PlannedLetter& p) { return p.requeuedBefore.has_value(); }))
        plan.warnings.push_back(plural(before, "letter was", "letters were") + " requeued before and came back.");
    if (const auto doubts = count([](const PlannedLetter& p) { return p.resendsDoubt; }))
        plan.warnings.push_back(plural(doubts, "letter is", "letters are")
            + " in doubt: an earlier sending may have arrived, so this one may be a second copy.");
    if (const auto changed = count([](const PlannedLetter& p) { return p.edited; }))
        plan.warnings.push_back(plural(changed, "letter goes", "letters go") + " out with an edited payload.");
}

} // namespace

std::chrono::microseconds RequeueRate::dueAfter(std::size_t index) const
{
    if (ramp.empty())
        return perSecond > 0 ? seconds(static_cast<double>(index) / perSecond) : std::chrono::microseconds(0);
    double left = static_cast<double>(index);
    double start = 0;
    for (std::size_t step = 0; step + 1 < ramp.size(); ++step) {
        const double inStep = ramp[step] * kRampStepSeconds;
        if (left < inStep)
            return seconds(start + left / ramp[step]);
        left -= inStep;
        start += kRampStepSeconds;
    }
    return seconds(start + left / ramp.back());
}

Result<RequeuePlan> makeRequeuePlan(
    const RequeueRequest& request, DeadLetterQueue& queue, const Journal& journal, const Clock& clock)
{
    if (request.rate.perSecond < 0 || std::ranges::any_of(request.rate.ramp, [](double r) { return r <= 0; }))
        return fail(ErrorCode::InvalidArgument, "The rate must be more than 0 letters a second.");
    const DeadLetterQueue::Capabilities can = queue.capabilities();
    const Result<Past> past = pastOf(journal, request.source, !can.acknowledge || can.removalMayBeForgotten);
    if (!past)
        return std::unexpected(past.error());
    RequeuePlan plan{request.source, request.target, request.rate, clock.now(), {}, {}, {}};
    for (const DeadLetter& letter : request.letters) {
        PlannedLetter planned{.letter = letter, .data = letter.original.data};
        if (std::string reason = whyLeftOut(request, *past, letter.id); !reason.empty()) {
            plan.leftOut.push_back({letter.id, std::move(reason)});
            continue;
        }
        planned.resendsDoubt = past->doubts.contains(letter.id);
        if (const auto written = request.payloads.find(letter.id); written != request.payloads.end()) {
            planned.edited = written->second != letter.original.data;
            planned.data = written->second;
        } else if (request.edit) {
            Result<std::string> data = edited(letter, *request.edit);
            if (!data) {
                plan.leftOut.push_back({letter.id, data.error().message});
                continue;
            }
            planned.edited = *data != letter.original.data;
            planned.data = std::move(*data);
        }
        const auto newer = queue.newerOfSameKey(letter);
        if (!newer)
            return std::unexpected(newer.error());
        planned.newerOfSameKey = *newer;
        const auto earlier = journal.earlierRequeues(request.source, letter);
        if (!earlier)
            return std::unexpected(earlier.error());
        if (!earlier->empty())
            planned.requeuedBefore = earlier->front().changedAt;
        plan.letters.push_back(std::move(planned));
    }
    std::ranges::stable_sort(plan.letters, {}, [](const PlannedLetter& p) { return p.letter.failedAt; });
    addWarnings(plan);
    if (const std::string_view caution = queue.capabilities().caution; !caution.empty() && !plan.letters.empty())
        plan.warnings.emplace_back(caution);
    return plan;
}

} // namespace eventscope::core
