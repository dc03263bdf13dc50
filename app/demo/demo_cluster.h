// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/clock.h"
#include "event/error.h"
#include "event/event.h"

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>

namespace eventscope::kafka {
class KafkaBus;
class MockCluster;
} // namespace eventscope::kafka
namespace eventscope::core {
class Subscription;
} // namespace eventscope::core

namespace eventscope::app {

/// The demo's own Kafka: brokers within this process that any Kafka client can connect to, a topic
/// "orders" with the demo's events, a group "billing" that falls behind now and then and catches up,
/// and "orders.dead-letter" with what it cannot handle.
///
/// It starts on a thread of its own, a moment after it was made, so that nothing waits for it; where it
/// cannot start, the demo goes on without. // any thread
class DemoCluster {
public:
    /// The clock outlives it.
    explicit DemoCluster(core::Clock& clock);
    ~DemoCluster();
    DemoCluster(const DemoCluster&) = delete;
    DemoCluster& operator=(const DemoCluster&) = delete;

    /// Takes it along soon; never waits, and forgets the oldest when it cannot keep up.
    void tell(const core::RecordedEvent& event);

    /// Where to look at it, once it is up; the groups are named, because this kind of broker cannot list
    /// them.
    std::optional<std::string> url() const;

private:
    void run(const std::stop_token& stop);
    bool start(const std::stop_token& stop);
    void pass(const std::stop_token& stop);
    core::Status bill(const core::RecordedEvent& event);

    core::Clock& m_clock;
    std::unique_ptr<kafka::MockCluster> m_mock; // its thread's, as all of these
    std::unique_ptr<kafka::KafkaBus> m_bus;
    std::unique_ptr<core::Subscription> m_billing;
    std::stop_source m_end;
    core::Timestamp m_nextRest; // the group's own thread
    mutable std::mutex m_mutex;
    std::condition_variable_any m_told;
    std::deque<core::RecordedEvent> m_waiting;
    std::string m_url;
    std::jthread m_thread;
};

} // namespace eventscope::app
