// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "demo/story.h"
#include "event/clock.h"
#include "event/ids.h"
#include "sourcing/saga_runner.h"

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <thread>

namespace eventscope::app {

/// Places the story's orders, one after the other, on a thread of its own: each starts an order saga in
/// the name of a PlaceOrder command. // any thread
class Shoppers {
public:
    struct Settings {
        std::uint64_t seed = kDefaultSeed;
        double rate = kDefaultRate;
        double failureShare = kDefaultFailureShare;
        std::uint64_t firstIndex = 0; ///< how many orders of the story are placed already
    };
    /// Told of orders that could not be placed; they are tried again.
    using ProblemFunction = std::function<void(const core::Error&)>;

    /// The first order comes at once. The runner and the clock must outlive it.
    Shoppers(core::SagaRunner& sagas, core::Clock& clock, Settings settings, ProblemFunction onProblem);
    ~Shoppers(); ///< stop()

    void setRate(double ordersPerSecond) { m_rate = ordersPerSecond; } ///< 0: nobody orders
    void setFailureShare(double share) { m_failureShare = share; }
    double rate() const { return m_rate; }
    double failureShare() const { return m_failureShare; }
    /// The next order ends like that, whatever the story says; several requests go to one order each.
    void causeNext(Ending ending);
    void causeNext(Poison poison);

    bool isResting() const { return m_isResting; }    ///< until the next order is due
    std::uint64_t placed() const { return m_placed; } ///< since the start

    void stop();

private:
    void run(const std::stop_token& stop);
    bool waitForNext(core::Timestamp last, double gap, const std::stop_token& stop);
    core::Status place(const OrderPlan& plan);
    void turnOnRequest(OrderPlan& plan);

    core::SagaRunner& m_sagas;
    core::Clock& m_clock;
    const Settings m_settings;
    const ProblemFunction m_onProblem;
    std::atomic<double> m_rate;
    std::atomic<double> m_failureShare;
    std::atomic<std::uint64_t> m_placed = 0;
    std::atomic<bool> m_isResting = false;
    std::mutex m_mutex;
    std::vector<Ending> m_wantedEndings;
    std::vector<Poison> m_wantedPoisons;
    std::jthread m_thread; // last: it uses everything above
};

} // namespace eventscope::app
