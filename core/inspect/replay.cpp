// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/replay.h"

#include <fmt/core.h>

#include <algorithm>
#include <cassert>
#include <utility>

namespace eventscope::core {

namespace {

/// What a value holds on the heap and in itself, roughly.
std::size_t heldBytes(const Json& value)
{
    std::size_t bytes = sizeof(Json);
    if (value.isString())
        bytes += value.asString().size();
    else if (value.isNumber())
        bytes += value.numberText().size();
    else if (value.isArray())
        for (const Json& element : value.asArray())
            bytes += heldBytes(element);
    else if (value.isObject())
        for (const auto& [name, member] : value.asObject())
            bytes += sizeof(name) + name.size() + heldBytes(member);
    return bytes;
}

std::unexpected<Error> stopped()
{
    return fail(ErrorCode::Cancelled, "the replay was stopped");
}

Status applyEvent(Reducer& reducer, Json& state, const ReducerEvent& event)
{
    return reducer.apply(state, event);
}

Status applyEvent(Reducer&, ReducerRun& run, const ReducerEvent& event)
{
    return run.apply(event);
}

} // namespace

Replay::Replay(std::shared_ptr<const StreamHistory> history, std::shared_ptr<Reducer> reducer,
    std::shared_ptr<const UpcasterChain> upcasters)
    : Replay(std::move(history), std::move(reducer), std::move(upcasters), Options())
{
}

Replay::Replay(std::shared_ptr<const StreamHistory> history, std::shared_ptr<Reducer> reducer,
    std::shared_ptr<const UpcasterChain> upcasters, Options options)
    : m_history(std::move(history))
    , m_reducer(std::move(reducer))
    , m_upcasters(std::move(upcasters))
    , m_budget(options.checkpointBytes)
    , m_every(std::max<std::size_t>(options.checkpointEvery, 1))
{
    addCheckpoint(m_reducer->initialState());
}

SourceEvent Replay::eventAt(std::size_t step) const
{
    SourceEvent event = m_history->at(step - 1);
    if (const auto edit = m_edited.find(step); edit != m_edited.end()) {
        event.payload = edit->second.payload;
        event.payloadIsNull = false;
    }
    return event;
}

/// Applies one event to a JSON state or to a run. An error leaves either as it was.
template <class Fold>
Status Replay::applyStep(Fold& fold, std::size_t step) const
{
    if (m_skipped.contains(step))
        return {};
    const auto edit = m_edited.find(step);
    const SourceEvent event = eventAt(step);
    const ReducerEvent::Payload payload = edit == m_edited.end()
        ? m_history->payloadAt(step - 1)
        : ReducerEvent::Payload{.isJson = edit->second.isJson, .readable = 0};
    Status applied = applyEvent(*m_reducer, fold, ReducerEvent(event, *m_upcasters, payload));
    if (!applied) {
        Error& error = applied.error();
        error.message = fmt::format("version {} ({}): {}", m_history->versionAt(step - 1), event.type, error.message);
    }
    return applied;
}

/// Notes what is new about a step that was just applied: whether it was refused, and its checkpoint.
template <class StateOf>
void Replay::record(std::size_t step, bool refused, const StateOf& stateOf)
{
    if (step == m_refused.size() + 1)
        m_refused.push_back(refused);
    if (step == m_checkpoints.size() * m_every)
        addCheckpoint(stateOf());
}

/// The state after `step`, or after an earlier one when it was stopped.
Json Replay::foldTo(std::size_t step, std::stop_token stop)
{
    const std::size_t base = std::min(step / m_every, m_checkpoints.size() - 1);
    std::size_t at = base * m_every;
    if (at == step)
        return *m_checkpoints[base].state;
    const std::unique_ptr<ReducerRun> run = m_reducer->run(*m_checkpoints[base].state);
    while (at < step && !stop.stop_requested()) {
        const bool refused = !applyStep(*run, ++at);
        record(at, refused, [&] { return run->state(); });
    }
    return run->state();
}

void Replay::addCheckpoint(Json state)
{
    const std::size_t bytes = heldBytes(state);
    m_checkpoints.push_back({.state = std::make_shared<const Json>(std::move(state)), .bytes = bytes});
    m_checkpointBytes += bytes;
    while (m_checkpointBytes > m_budget && m_checkpoints.size() > 2) {
        for (std::size_t i = 1; 2 * i < m_checkpoints.size(); ++i)
            m_checkpoints[i] = m_checkpoints[2 * i];
        m_checkpoints.resize((m_checkpoints.size() + 1) / 2);
        m_every *= 2;
        m_checkpointBytes = 0;
        for (const Checkpoint& checkpoint : m_checkpoints)
            m_checkpointBytes += checkpoint.bytes;
    }
}

/// Forgets what was computed with that step in another form.
void Replay::forgetFrom(std::size_t step)
{
    const std::size_t kept = (step - 1) / m_every + 1;
    while (m_checkpoints.size() > kept) {
        m_checkpointBytes -= m_checkpoints.back().bytes;
        m_checkpoints.pop_back();
    }
    m_refused.resize(std::min(m_refused.size(), step - 1));
    m_current.reset();
}

Json Replay::stateAt(std::size_t step)
{
    assert(step <= size());
    return foldTo(step);
}

ReplayStep Replay::stepAt(std::size_t step)
{
    assert(step <= size());
    ReplayStep result{.number = step};
    if (step == 0) {
        result.before = result.after = foldTo(0);
        return result;
    }
    result.skipped = isSkipped(step);
    result.before = foldTo(step - 1);
    result.after = result.before;
    const Status applied = applyStep(result.after, step);
    if (!applied)
        result.error = applied.error();
    record(step, result.error.has_value(), [&] { return result.after; });
    result.diff = diffJson(result.before, result.after);
    return result;
}

const ReplayStep& Replay::current()
{
    if (!m_current)
        m_current = stepAt(m_position);
    return *m_current;
}

bool Replay::forward()
{
    if (m_position >= size())
        return false;
    current();
    ReplayStep next{.number = ++m_position, .skipped = isSkipped(m_position), .before = std::move(m_current->after)};
    next.after = next.before;
    const Status applied = applyStep(next.after, m_position);
    if (!applied)
        next.error = applied.error();
    record(m_position, next.error.has_value(), [&] { return next.after; });
    next.diff = diffJson(next.before, next.after);
    m_current = std::move(next);
    return true;
}

bool Replay::back()
{
    if (m_position == 0)
        return false;
    jump(m_position - 1);
    return true;
}

void Replay::jump(std::size_t step)
{
    m_position = std::min(step, size());
    m_current.reset();
}

void Replay::setSkipped(std::size_t step, bool skipped)
{
    assert(step >= 1 && step <= size());
    const bool changed = skipped ? m_skipped.insert(step).second : m_skipped.erase(step) > 0;
    if (changed)
        forgetFrom(step);
}

void Replay::edit(std::size_t step, std::optional<std::string> payload)
{
    assert(step >= 1 && step <= size());
    if (payload) {
        const bool valid = isJson(*payload);
        m_edited.insert_or_assign(step, Edit{.payload = std::move(*payload), .isJson = valid});
    } else {
        m_edited.erase(step);
    }
    forgetFrom(step);
}

bool Replay::prepare(std::stop_token stop)
{
    foldTo(size(), stop);
    return !stop.stop_requested();
}

std::size_t Replay::refusedCount() const
{
    return static_cast<std::size_t>(std::count(m_refused.begin(), m_refused.end(), true));
}

template <class Visit>
bool Replay::walk(std::size_t first, const std::stop_token& stop, const Visit& visit)
{
    if (first > size())
        return true;
    Json state = foldTo(first - 1, stop);
    for (std::size_t step = first; step <= size(); ++step) {
        if (stop.stop_requested())
            return false;
        const bool refused = !applyStep(state, step);
        record(step, refused, [&] { return state; });
        if (!visit(state, step))
            return true;
    }
    return !stop.stop_requested();
}

Result<std::vector<PathValue>> Replay::historyOf(std::string_view pointer, std::stop_token stop)
{
    std::vector<PathValue> values;
    const auto note = [&](const Json& state, std::size_t step) {
        const Json* value = state.at(pointer);
        const Json* latest = !values.empty() && values.back().value ? &*values.back().value : nullptr;
        const bool same = value && latest ? *value == *latest : !value && !latest;
        if (!same)
            values.push_back({.step = step, .value = value ? std::optional(*value) : std::nullopt});
        return true;
    };
    note(*m_checkpoints.front().state, 0);
    if (!walk(1, stop, note))
        return stopped();
    return values;
}

Result<std::optional<std::size_t>> Replay::findNext(std::size_t after, const Predicate& holds, std::stop_token stop)
{
    std::optional<std::size_t> found;
    const bool finished = walk(after + 1, stop, [&](const Json& state, std::size_t step) {
        if (holds(state, step))
            found = step;
        return !found;
    });
    if (!finished)
        return stopped();
    return found;
}

Result<std::optional<std::size_t>> Replay::findFirst(const Predicate& holds, std::stop_token stop)
{
    if (holds(*m_checkpoints.front().state, 0))
        return std::optional<std::size_t>(0);
    return findNext(0, holds, stop);
}

} // namespace eventscope::core
