// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/clock.h"
#include "event/error.h"
#include "sourcing/event_store.h"
#include "sourcing/message_bus.h"
#include "sourcing/projection.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace eventscope::core {

class ProjectionWorker;

struct ProjectionRunnerOptions {
    std::size_t batch = 500; ///< events read, and applied in one transaction
    /// How often to look for what other processes wrote; commits of this one ring the store's bell.
    std::chrono::milliseconds pollInterval{500};
    RetryPolicy backOff{.firstDelay = std::chrono::milliseconds(250), .maxDelay = std::chrono::milliseconds(30'000)};
    /// An event whose data can never be applied is passed over, and counted, after so many failures;
    /// 0: never, the projection waits there until somebody mends it.
    int passOverAfter = 0;
};

struct ProjectionStatus {
    enum class Phase {
        CatchingUp, ///< behind, and reading
        Live,       ///< holds everything there is
        Failing,    ///< waiting to try again; `failure` says why
        Stopped,
    };
    struct Failure {
        Error error;
        int count = 0; ///< in a row
        Timestamp retryAt{};
        std::optional<GlobalPosition> event{}; ///< the one that cannot be applied, once it is singled out
    };
    struct Rebuild {
        GlobalPosition at{}, goal{};
        std::optional<Failure> failure{};
        double progress() const; ///< 0 … 1
    };

    std::string name;
    Phase phase = Phase::CatchingUp;
    GlobalPosition at{};              ///< the live model holds everything up to there
    GlobalPosition head{};            ///< the store's last position, as of the latest look
    std::uint64_t applied = 0;        ///< events, since it was added
    std::uint64_t passedOver = 0;     ///< ditto
    std::uint64_t rebuilds = 0;       ///< finished ones
    std::optional<Failure> failure{}; ///< of the live model; gone with the next success
    std::optional<Rebuild> rebuild{}; ///< while one is under way

    std::int64_t lag() const { return head.value - at.value; } ///< in positions
};
std::string_view toString(ProjectionStatus::Phase phase);

/// Keeps projections in step with a store, each on a thread of its own, so that one that fails holds up no
/// other. // any thread
class ProjectionRunner {
public:
    /// The store and the clock must outlive it.
    ProjectionRunner(EventStore& store, Clock& clock, ProjectionRunnerOptions options = {});
    ~ProjectionRunner(); ///< stop()
    ProjectionRunner(const ProjectionRunner&) = delete;
    ProjectionRunner& operator=(const ProjectionRunner&) = delete;

    /// Goes on from its checkpoint, at once. It must outlive the runner; its name is its own here.
    Status add(Projection& projection);

    /// Builds the model anew from the first event, beside the live one, which stays up to date and is
    /// read meanwhile; then the new one takes its place. Asked again during a rebuild, it starts over.
    /// NotFound: no such projection.
    Status rebuild(std::string_view name);

    std::vector<ProjectionStatus> status() const;
    /// Blocks until that projection's status meets the condition, or it is stopped. False: stopped, or no
    /// such projection.
    bool waitUntil(std::string_view name, const std::function<bool(const ProjectionStatus&)>& condition) const;
    /// ... until it has been through everything that is stored now, rebuilds included.
    bool waitUntilLive(std::string_view name) const;

    /// Ends after the transaction under way; a rebuild under way is given up.
    void stop();

private:
    ProjectionWorker* find(std::string_view name) const;

    EventStore& m_store;
    Clock& m_clock;
    const ProjectionRunnerOptions m_options;
    mutable std::mutex m_mutex;
    std::vector<std::unique_ptr<ProjectionWorker>> m_workers;
    bool m_stopped = false;
};

} // namespace eventscope::core
