// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/log_worker.h"
#include "sourcing/saga_state.h"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace eventscope::core {

/// One saga as the log shows it. A value that does not change any more: the next events make a new one.
struct SagaInstance {
    std::size_t number = 0; ///< its place in the tracker, in the order the sagas turned up
    TextId source = 0, stream = 0;
    SagaState state;
    std::vector<LogRow> rows; ///< its events in the order of their versions
    /// Events that wait for earlier ones: their stream's beginning is not in the log, or came late.
    std::size_t waiting = 0;

    /// Why the state may not be the whole story; empty when it is.
    std::string problem() const;
};

/// Sagas by status, and how long the latest that ended took.
struct SagaFigures {
    std::array<std::size_t, 6> byStatus{}; ///< by SagaStatus; sagas whose beginning is missing are in none
    std::size_t withoutBeginning = 0;
    std::size_t ended = 0; ///< whose durations these are, at most SagaTracker::kDurations
    std::chrono::microseconds p50{}, p99{};

    std::size_t of(SagaStatus status) const { return byStatus[static_cast<std::size_t>(status)]; }
};

/// How one step went in the sagas that ended.
struct SagaStepFigures {
    std::string name;
    std::size_t runs = 0;        ///< sagas that began it
    std::size_t failed = 0;      ///< in which it failed for good
    std::size_t compensated = 0; ///< in which it was taken back
    std::size_t attempts = 0;
    std::chrono::microseconds p50{}, p95{}, p99{}; ///< of its latest completions, first attempt to success

    double failedShare() const { return runs > 0 ? static_cast<double>(failed) / static_cast<double>(runs) : 0; }
};

/// Follows the sagas' streams through the log and folds each, the same fold that the runner uses.
/// Events may come late, doubled and from several sources; each source's sagas are its own.
/// Give it to a LogWorker. // results: any thread
class SagaTracker final : public LogTask {
public:
    static constexpr std::size_t kDurations = 4096;

    std::size_t count() const;
    std::shared_ptr<const SagaInstance> at(std::size_t number) const; ///< number < count()
    /// By the saga's id, of any source; nullptr when there is none.
    std::shared_ptr<const SagaInstance> find(std::string_view sagaId) const;
    /// Those that changed since `generation` (0: all), each once, at most `limit` of them; moves it on.
    std::vector<std::shared_ptr<const SagaInstance>> changedSince(
        std::uint64_t& generation, std::size_t limit = static_cast<std::size_t>(-1)) const;
    SagaFigures figures() const;
    /// In the order the steps turned up.
    std::vector<SagaStepFigures> stepFigures() const;

protected:
    bool take(const EventLog& log, LogRow from, LogRow to) override;

private:
    /// What the worker knows of a saga beside what is published of it.
    struct Working {
        std::unique_ptr<SagaInstance> draft;    ///< the next to be published; only within a slice
        std::map<std::int64_t, LogRow> waiting; ///< by version
        bool touched = false;
        bool counted = false; ///< its duration
    };

    bool isSagaStream(const EventLog& log, TextId stream);
    void takeRow(const EventLog& log, LogRow row);
    void applyWaiting(const EventLog& log, std::size_t number);
    void publish(std::size_t number, std::uint64_t generation);

    // The worker's.
    std::unordered_map<TextId, bool> m_streams;
    std::map<std::pair<TextId, TextId>, std::size_t> m_numbers; ///< by source and stream
    std::vector<Working> m_sagas;
    std::vector<std::size_t> m_touched;

    mutable std::mutex m_mutex;
    std::vector<std::shared_ptr<const SagaInstance>> m_published;
    std::map<std::uint64_t, std::size_t> m_byChange; ///< each saga once, by its latest change
    std::vector<std::uint64_t> m_changes;            ///< by number
    std::uint64_t m_generation = 0;
    void count(const SagaInstance& saga, std::size_t difference);
    void countSteps(const SagaState& state);

    /// What of each step was counted, with its latest durations as a ring.
    struct StepCount {
        SagaStepFigures figures;
        std::vector<std::chrono::microseconds> durations;
        std::size_t completed = 0;
    };
    std::vector<StepCount> m_steps;

    SagaFigures m_figures;                              ///< without the durations
    std::vector<std::chrono::microseconds> m_durations; ///< a ring
    std::size_t m_ended = 0;
};

} // namespace eventscope::core
