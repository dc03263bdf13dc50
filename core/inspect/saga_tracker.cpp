// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/saga_tracker.h"

#include "event/event.h"

#include <algorithm>
#include <cmath>
#include <fmt/core.h>

namespace eventscope::core {

namespace {

std::chrono::microseconds percentile(std::vector<std::chrono::microseconds>& values, double share)
{
    if (values.empty()) {
        return {};
    }
    // The nearest rank: the smallest value that so many of a hundred do not exceed.
    const auto rank = static_cast<std::size_t>(std::ceil(share * static_cast<double>(values.size())));
    const auto at = values.begin() + static_cast<std::ptrdiff_t>(std::max<std::size_t>(rank, 1) - 1);
    std::nth_element(values.begin(), at, values.end());
    return *at;
}

} // namespace

std::string SagaInstance::problem() const
{
    if (!state.problem().empty()) {
        return state.problem();
    }
    if (waiting == 0) {
        return {};
    }
    return state.hasStarted()
        ? fmt::format("{} later events wait for version {}, which is not here.", waiting, state.version().next().value)
        : "The beginning of this saga is not here, so its state cannot be told.";
}

std::size_t SagaTracker::count() const
{
    const std::scoped_lock lock(m_mutex);
    return m_published.size();
}

std::shared_ptr<const SagaInstance> SagaTracker::at(std::size_t number) const
{
    const std::scoped_lock lock(m_mutex);
    return m_published[number];
}

std::shared_ptr<const SagaInstance> SagaTracker::find(std::string_view sagaId) const
{
    const std::scoped_lock lock(m_mutex);
    const auto found = std::ranges::find_if(
        m_published, [sagaId](const std::shared_ptr<const SagaInstance>& saga) { return saga->state.id() == sagaId; });
    return found == m_published.end() ? nullptr : *found;
}

std::vector<std::shared_ptr<const SagaInstance>> SagaTracker::changedSince(
    std::uint64_t& generation, std::size_t limit) const
{
    std::vector<std::shared_ptr<const SagaInstance>> changed;
    const std::scoped_lock lock(m_mutex);
    for (auto change = m_byChange.upper_bound(generation); change != m_byChange.end(); ++change) {
        if (changed.size() == limit) {
            return changed;
        }
        changed.push_back(m_published[change->second]);
        generation = change->first;
    }
    generation = m_generation;
    return changed;
}

SagaFigures SagaTracker::figures() const
{
    SagaFigures figures;
    std::vector<std::chrono::microseconds> durations;
    {
        const std::scoped_lock lock(m_mutex);
        figures = m_figures;
        durations = m_durations;
    }
    figures.ended = durations.size();
    figures.p50 = percentile(durations, 0.50);
    figures.p99 = percentile(durations, 0.99);
    return figures;
}

std::vector<SagaStepFigures> SagaTracker::stepFigures() const
{
    std::vector<StepCount> steps;
    {
        const std::scoped_lock lock(m_mutex);
        steps = m_steps;
    }
    std::vector<SagaStepFigures> figures;
    for (StepCount& step : steps) {
        step.figures.p50 = percentile(step.durations, 0.50);
        step.figures.p95 = percentile(step.durations, 0.95);
        step.figures.p99 = percentile(step.durations, 0.99);
        figures.push_back(std::move(step.figures));
    }
    return figures;
}

void SagaTracker::countSteps(const SagaState& state)
{
    for (const SagaStepState& step : state.steps()) {
        if (step.attempts == 0) {
            continue; // never reached
        }
        auto known = std::ranges::find(
            m_steps, step.name, [](const StepCount& count) -> const std::string& { return count.figures.name; });
        if (known == m_steps.end()) {
            known = m_steps.insert(m_steps.end(), StepCount{});
            known->figures.name = step.name;
        }
        SagaStepFigures& figures = known->figures;
        ++figures.runs;
        figures.attempts += static_cast<std::size_t>(step.attempts);
        figures.compensated += step.status == SagaStepStatus::Compensated && step.compensationAttempts > 0 ? 1U : 0U;
        const auto isStep = [](const SagaAttempt& attempt) { return !attempt.compensation; };
        const auto first = std::ranges::find_if(step.spans, isStep);
        const auto success = std::ranges::find_if(step.spans, [&](const SagaAttempt& attempt) {
            return isStep(attempt) && attempt.outcome == SagaAttempt::Outcome::Succeeded;
        });
        if (success == step.spans.end()) {
            ++figures.failed;
        } else if (success->endedAt) {
            const auto duration = *success->endedAt - first->startedAt;
            if (known->durations.size() < kDurations) {
                known->durations.push_back(duration);
            } else {
                known->durations[known->completed % kDurations] = duration;
            }
            ++known->completed;
        }
    }
}

void SagaTracker::count(const SagaInstance& saga, std::size_t difference)
{
    std::size_t& figure = saga.state.hasStarted() ? m_figures.byStatus[static_cast<std::size_t>(saga.state.status())]
                                                  : m_figures.withoutBeginning;
    figure += difference; // of an unsigned number: wraps around for one less
}

bool SagaTracker::take(const EventLog& log, LogRow from, LogRow to)
{
    for (LogRow row = from; row < to; ++row) {
        if (isSagaStream(log, log.streamAt(row))) {
            takeRow(log, row);
        }
    }
    if (m_touched.empty()) {
        return false;
    }
    const std::scoped_lock lock(m_mutex);
    for (const std::size_t number : m_touched) {
        publish(number, ++m_generation);
    }
    m_touched.clear();
    return true;
}

bool SagaTracker::isSagaStream(const EventLog& log, TextId stream)
{
    const auto [known, isNew] = m_streams.try_emplace(stream, false);
    if (isNew) {
        known->second = categoryOf(log.text(stream)) == SagaState::kCategory;
    }
    return known->second;
}

void SagaTracker::takeRow(const EventLog& log, LogRow row)
{
    const LogEvent event = log.at(row);
    const auto [number, isNew] = m_numbers.try_emplace({event.source, event.stream}, m_sagas.size());
    if (isNew) {
        m_sagas.emplace_back().draft = std::make_unique<SagaInstance>(SagaInstance{
            .number = number->second, .source = event.source, .stream = event.stream, .state = {}, .rows = {}});
    }
    Working& saga = m_sagas[number->second];
    const SagaInstance& present = saga.draft ? *saga.draft : *m_published[number->second];
    // A source without versions delivers in order; what it says is taken as it comes.
    const std::int64_t next = present.state.version().value + 1;
    const std::int64_t version = event.version == SourceEvent::kNone ? next : event.version;
    if (version < next || !saga.waiting.try_emplace(version, row).second) {
        return; // seen before
    }
    applyWaiting(log, number->second);
    if (!saga.touched) {
        saga.touched = true;
        m_touched.push_back(number->second);
    }
}

void SagaTracker::applyWaiting(const EventLog& log, std::size_t number)
{
    Working& saga = m_sagas[number];
    if (!saga.draft) {
        saga.draft = std::make_unique<SagaInstance>(*m_published[number]);
    }
    SagaState& state = saga.draft->state;
    auto next = saga.waiting.begin();
    while (next != saga.waiting.end() && state.problem().empty() && next->first == state.version().value + 1) {
        const LogRow row = next->second;
        const LogEvent event = log.at(row);
        // What makes no sense is kept in the state's problem().
        const Status applied = state.apply({.id = event.id,
            .type = log.text(event.type),
            .version = {next->first},
            .time = event.time,
            .correlationId = log.text(event.correlation),
            .data = event.payload});
        saga.draft->rows.push_back(row);
        next = saga.waiting.erase(next);
        if (!applied) {
            break;
        }
    }
    saga.draft->waiting = saga.waiting.size();
}

void SagaTracker::publish(std::size_t number, std::uint64_t generation)
{
    Working& working = m_sagas[number];
    working.touched = false;
    if (number >= m_published.size()) {
        // The sagas of one slice are published in the order they turned up, so there is no gap.
        m_published.resize(number + 1);
        m_changes.resize(number + 1);
    }
    m_byChange.erase(m_changes[number]);
    m_byChange[generation] = number;
    m_changes[number] = generation;
    if (m_published[number]) {
        count(*m_published[number], static_cast<std::size_t>(-1));
    }
    // The one copy there is: sagas are many, and most have ended.
    const std::shared_ptr<const SagaInstance> saga = m_published[number] = std::move(working.draft);
    count(*saga, 1);

    const std::optional<Timestamp> ended = saga->state.endedAt();
    if (ended && !std::exchange(working.counted, true)) {
        const auto duration = *ended - saga->state.startedAt();
        if (m_durations.size() < kDurations) {
            m_durations.push_back(duration);
        } else {
            m_durations[m_ended % kDurations] = duration;
        }
        ++m_ended;
        countSteps(saga->state);
    }
}

} // namespace eventscope::core
