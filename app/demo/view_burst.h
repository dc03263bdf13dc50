// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/clock.h"
#include "event/ids.h"
#include "sourcing/event_store.h"
#include "sourcing/views/view_event_generator.h"
#include "sourcing/views/view_event_processor.h"

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <thread>

namespace eventscope::app {

/// The streaming service beside the shop: an audience whose views come at a high rate for a while. They
/// go through the parallel processor (watch history, recommendations, engagement, trending) and into
/// the store, in batches. // any thread
class ViewBurst {
public:
    using ProblemFunction = std::function<void(const core::Error&)>;

    /// The store, the clock and the ids must outlive it. The same seed gives the same audience.
    ViewBurst(core::EventStore& store, core::Clock& clock, core::IdGenerator& ids, std::uint64_t seed,
        ProblemFunction onProblem);
    ~ViewBurst(); ///< stop()

    /// So many events a second, for that long from now; a burst under way takes the new figures.
    void burst(double perSecond, std::chrono::milliseconds length);
    void stop();

    std::uint64_t viewed() const { return m_views.processor().published(); } ///< since the start
    const core::StreamingViews& views() const { return m_views; }

private:
    void run(const std::stop_token& stop);
    void publish(std::size_t count);

    core::EventStore& m_store;
    core::Clock& m_clock;
    core::IdGenerator& m_ids;
    const ProblemFunction m_onProblem;
    core::ViewEventGenerator m_generator; // the thread's
    core::StreamingViews m_views;
    std::mutex m_mutex;
    std::condition_variable_any m_asked;
    double m_perSecond = 0;
    core::Timestamp m_until{};
    std::jthread m_thread; // last: it uses everything above
};

} // namespace eventscope::app
