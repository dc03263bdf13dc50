// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/error.h"
#include "event/json.h"
#include "inspect/json_patch.h"
#include "inspect/reducer.h"
#include "inspect/stream_history.h"

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace eventscope::core {

/// What one event did. Step n is the n-th event of the stream; step 0 is before the first.
struct ReplayStep {
    std::size_t number = 0;
    bool skipped = false;       ///< left out of this branch: before and after are equal
    std::optional<Error> error; ///< why the reducer refused the event: before and after are equal
    Json before;
    Json after;
    JsonPatch diff; ///< from before to after
};

/// One value that a path had, from that step on.
struct PathValue {
    std::size_t step = 0;
    std::optional<Json> value; ///< nothing: the path was not there
    bool operator==(const PathValue&) const = default;
};

/// Time travel through one stream: the state after any step, forward, back or by jump, always the
/// same however one gets there.
///
/// A checkpoint every checkpointEvery() steps bounds what a step back costs; when the checkpoints
/// outgrow their budget, every other one goes and the distance doubles, so that memory is bounded
/// however long the stream is. An event that the reducer refuses is an error of its step; the replay
/// goes on with the state as it was. Skipping or editing events makes a branch: do that on a copy,
/// which shares history, reducer and checkpoints; the history never changes.
///
/// One thread at a time, copies included when they share a reducer.
class Replay {
public:
    struct Options {
        std::size_t checkpointEvery = 64;                    ///< steps, at first
        std::size_t checkpointBytes = std::size_t{64} << 20; ///< what all checkpoints may hold
    };

    Replay(std::shared_ptr<const StreamHistory> history, std::shared_ptr<Reducer> reducer,
        std::shared_ptr<const UpcasterChain> upcasters);
    Replay(std::shared_ptr<const StreamHistory> history, std::shared_ptr<Reducer> reducer,
        std::shared_ptr<const UpcasterChain> upcasters, Options options);

    const StreamHistory& history() const { return *m_history; }
    const Reducer& reducer() const { return *m_reducer; }
    /// The number of steps; grows with the history.
    std::size_t size() const { return m_history->size(); }
    /// The event of a step (1 to size()), with the edited payload where it was edited.
    SourceEvent eventAt(std::size_t step) const;

    Json stateAt(std::size_t step);
    ReplayStep stepAt(std::size_t step); ///< of step 0: the initial state, no difference

    // A place in the replay.
    std::size_t position() const { return m_position; }
    const ReplayStep& current(); ///< of position()
    bool forward();              ///< false at the end
    bool back();                 ///< false at the beginning
    void jump(std::size_t step); ///< at most to the end

    // What if.
    void setSkipped(std::size_t step, bool skipped);
    bool isSkipped(std::size_t step) const { return m_skipped.contains(step); }
    const std::set<std::size_t>& skipped() const { return m_skipped; }
    /// Replaces the payload of an event in this replay only; nothing: as it was.
    void edit(std::size_t step, std::optional<std::string> payload);
    bool isEdited(std::size_t step) const { return m_edited.contains(step); }
    bool isBranch() const { return !m_skipped.empty() || !m_edited.empty(); }

    /// Folds to the end and so lays all checkpoints; false when it was stopped.
    bool prepare(std::stop_token stop = {});
    /// Whether the reducer refused the event of that step; known for the steps folded so far.
    bool isRefused(std::size_t step) const { return step > 0 && step <= m_refused.size() && m_refused[step - 1]; }
    std::size_t refusedCount() const; ///< among those

    /// Every value that the path (RFC 6901) had, from its first on. Cancelled when it was stopped.
    Result<std::vector<PathValue>> historyOf(std::string_view pointer, std::stop_token stop = {});

    /// Answers whether the state after a step is the one looked for.
    using Predicate = std::function<bool(const Json& state, std::size_t step)>;
    /// The first step greater than `after` for which it holds; unset when there is none. Step 0 is
    /// looked at only by findFirst. Cancelled when it was stopped.
    Result<std::optional<std::size_t>> findNext(std::size_t after, const Predicate& holds, std::stop_token stop = {});
    Result<std::optional<std::size_t>> findFirst(const Predicate& holds, std::stop_token stop = {});

    std::size_t checkpointEvery() const { return m_every; }
    std::size_t checkpointBytes() const { return m_checkpointBytes; }
    std::size_t checkpointCount() const { return m_checkpoints.size(); }

private:
    struct Checkpoint {
        std::shared_ptr<const Json> state;
        std::size_t bytes = 0;
    };

    struct Edit {
        std::string payload;
        bool isJson = false;
    };

    template <class Fold>
    Status applyStep(Fold& fold, std::size_t step) const;
    Json foldTo(std::size_t step, std::stop_token stop = {});
    template <class StateOf>
    void record(std::size_t step, bool refused, const StateOf& stateOf);
    void addCheckpoint(Json state);
    void forgetFrom(std::size_t step);
    /// Calls `visit(state, step)` after each step from `first` on until it returns false; false when
    /// it was stopped.
    template <class Visit>
    bool walk(std::size_t first, const std::stop_token& stop, const Visit& visit);

    std::shared_ptr<const StreamHistory> m_history;
    std::shared_ptr<Reducer> m_reducer;
    std::shared_ptr<const UpcasterChain> m_upcasters;
    std::size_t m_budget;
    std::size_t m_every;
    std::vector<Checkpoint> m_checkpoints; ///< of the steps 0, m_every, 2 · m_every, …
    std::size_t m_checkpointBytes = 0;
    std::set<std::size_t> m_skipped;
    std::map<std::size_t, Edit> m_edited;
    std::vector<bool> m_refused; ///< by step - 1, for the steps folded so far
    std::size_t m_position = 0;
    std::optional<ReplayStep> m_current;
};

} // namespace eventscope::core
