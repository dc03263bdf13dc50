// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/clock.h"
#include "event/error.h"
#include "event/ids.h"
#include "event/json.h"
#include "sourcing/due_timers.h"
#include "sourcing/event_store.h"
#include "sourcing/saga.h"
#include "sourcing/saga_process.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace eventscope::core {

struct SagaRunnerOptions {
    int workers = 4; ///< at most so many sagas act at the same time; waiting ones hold no worker
    /// A saga that another runner took over is looked at again after this time, and taken back when
    /// nothing happened to it in between.
    std::chrono::milliseconds takeOverAfter{30'000};
    /// A store that failed is tried again after this time.
    std::chrono::milliseconds troubleDelay{1'000};
    /// Told of failing stores and of sagas that cannot be run, on a worker's thread.
    std::function<void(std::string_view sagaId, const Error& error)> onProblem{};
};

/// How things stand, and what came to an end in this runner.
struct SagaRunnerFigures {
    std::size_t queued = 0, active = 0, waiting = 0;
    std::uint64_t started = 0, completed = 0, failed = 0, compensated = 0, stuck = 0;
    std::uint64_t overtaken = 0, crashes = 0, problems = 0;
};

/// Runs sagas on worker threads of its own. All it knows is in the store: when the process dies, the next
/// one's resumeAll() goes on where the streams end, with the retries' due times stored there. Several
/// runners may share a store; the expected version lets one of them continue each saga. // any thread
class SagaRunner {
public:
    /// InvalidArgument for a definition that cannot be run. The store, the clock and the ids must outlive
    /// the runner. Call resumeAll() once everything the actions need is there.
    static Result<std::unique_ptr<SagaRunner>> create(EventStore& store, Clock& clock, IdGenerator& ids,
        std::vector<SagaDefinition> definitions, SagaRunnerOptions options = {});
    ~SagaRunner(); ///< stop()
    SagaRunner(const SagaRunner&) = delete;
    SagaRunner& operator=(const SagaRunner&) = delete;

    enum class Start { Started, AlreadyThere };
    /// Returns once SagaStarted is stored: from then on the saga comes to an end, whatever happens to this
    /// process. The same id with the same type and input again is the same saga; IdempotencyConflict when
    /// they differ. Correlation and causation come from the current MessageScope.
    Result<Start> start(std::string_view type, std::string_view sagaId, const Json& input);

    /// Takes up every saga of the store that has not ended; those this runner is at are left alone.
    /// How many were taken up.
    Result<std::size_t> resumeAll();

    /// requestSagaRetry(), and then does it.
    Status retry(std::string_view sagaId, std::string_view step, std::string_view requestedBy);

    /// The next worker whose action has just ended drops everything there, as a crash would, and forgets
    /// the saga; it is taken up again from its stream after that time.
    void crashNextWorker(std::chrono::milliseconds restartAfter);

    /// Lets the actions under way finish and their outcomes be stored, and no further. What is unfinished
    /// goes on at the next start. Not from within an action.
    void stop();

    /// Returns when nothing is queued, under way or due; retries of later do not count.
    void waitUntilIdle() const;
    std::optional<Timestamp> nextRetry() const { return m_timers.next(); }
    SagaRunnerFigures figures() const;

private:
    SagaRunner(EventStore& store, Clock& clock, IdGenerator& ids, std::vector<SagaDefinition> definitions,
        SagaRunnerOptions options);

    struct Entry {
        enum class Stage { Queued, Active, Waiting };
        Stage stage = Stage::Queued;
        bool again = false; ///< asked for while it was active
        std::optional<StreamVersion> leaveIfMovedFrom{};
        Timestamp due{}; ///< while it waits
    };

    bool isIdle() const;
    bool takeUp(std::string_view sagaId);
    void work(const std::stop_token& stop);
    void settle(const std::string& sagaId, const SagaProcess& process, const SagaPause& pause, StreamVersion seen);
    void waitUntil(const std::string& sagaId, Timestamp due);
    void countEnd(SagaStatus status);
    bool crashNow();
    Status checkSame(std::string_view type, std::string_view sagaId, const Json& input) const;

    EventStore& m_store;
    Clock& m_clock;
    IdGenerator& m_ids;
    const std::vector<SagaDefinition> m_definitions;
    const SagaRunnerOptions m_options;

    mutable std::mutex m_mutex;
    std::condition_variable_any m_work;
    mutable std::condition_variable m_idle;
    std::map<std::string, Entry, std::less<>> m_entries;
    std::deque<std::string> m_queue;
    SagaRunnerFigures m_figures;
    bool m_stopped = false;
    std::atomic<bool> m_crashRequested = false;
    std::chrono::milliseconds m_restartAfter{};
    DueTimers m_timers;
    std::vector<std::jthread> m_workers;
};

} // namespace eventscope::core
