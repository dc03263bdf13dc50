// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sourcing/projection_runner.h"
#include "sourcing/wakeable_sleep.h"

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

namespace eventscope::core {

/// One projection on its thread; a part of ProjectionRunner.
class ProjectionWorker {
public:
    ProjectionWorker(EventStore& store, Clock& clock, Projection& projection, const ProjectionRunnerOptions& options);
    ~ProjectionWorker();

    void requestRebuild();
    void requestStop();
    void join(); ///< returns when it has stopped; no second caller at the same time
    ProjectionStatus status() const;
    bool waitUntil(const std::function<bool(const ProjectionStatus&)>& condition) const;

private:
    /// How far one of the two models has come. What lies between `saved` and `at` held nothing for it.
    struct Reader {
        ProjectionTarget target;
        bool isOpen = false;
        GlobalPosition at{};
        GlobalPosition saved{};
        GlobalPosition goal{};         ///< of a rebuild
        GlobalPosition oneByOneUpTo{}; ///< a batch up to there failed: find the event
        std::optional<ProjectionStatus::Failure> failure{};
    };

    void run(const std::stop_token& stop);
    bool step();
    bool attempt(Reader& reader);
    Status open(Reader& reader);
    Result<bool> advance(Reader& reader);
    Status apply(Reader& reader, std::span<const RecordedEvent> events, GlobalPosition upTo);
    Status save(Reader& reader);
    void takeRebuildRequest();
    bool isRebuilt() const;
    Status finishRebuild();
    bool mayPassOver(const Reader& reader, const Error& error) const;
    void noteFailure(Reader& reader, const Error& error);
    Timestamp nextLook() const;
    void publish(std::optional<ProjectionStatus::Phase> phase = std::nullopt);

    EventStore& m_store;
    Clock& m_clock;
    Projection& m_projection;
    const ProjectionRunnerOptions m_options;
    const std::string m_category;

    // Of the worker's thread alone.
    Reader m_live{ProjectionTarget::Live};
    std::optional<Reader> m_rebuild;
    GlobalPosition m_head;

    mutable std::mutex m_mutex;
    mutable std::condition_variable m_changed;
    ProjectionStatus m_status;
    bool m_rebuildRequested = false;

    WakeableSleep m_sleep;
    std::shared_ptr<void> m_bell;
    std::jthread m_thread; // last: it uses all of the above
};

} // namespace eventscope::core
