// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo/demo_cluster.h"

#include "kafka_bus.h"
#include "mock_cluster.h"

#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

namespace eventscope::app {

namespace {

constexpr const char* kTopic = "orders";
constexpr const char* kDeadLetters = "orders.dead-letter";
constexpr const char* kGroup = "billing";
/// The window has its first rows before this costs anything.
constexpr std::chrono::milliseconds kAfterTheWindow{1500};
constexpr int kPartitions = 3;
constexpr std::size_t kMostWaiting = 5000;
constexpr std::size_t kBatch = 200;
/// The group rests for a moment now and then, so that there is a lag to see; by time, because it would
/// never catch up with many events if it rested for each so many.
constexpr std::chrono::seconds kBetweenRests{12};
constexpr std::chrono::seconds kRest{3};
/// What a customer may order, and nobody can bill.
constexpr std::string_view kPoison = "SKU-9404";

} // namespace

DemoCluster::DemoCluster(core::Clock& clock)
    : m_clock(clock)
    , m_nextRest(clock.now() + kBetweenRests)
    , m_thread([this](const std::stop_token& stop) { run(stop); })
{
}

DemoCluster::~DemoCluster()
{
    m_end.request_stop();
    m_thread.request_stop();
    m_thread.join();
}

std::optional<std::string> DemoCluster::url() const
{
    const std::scoped_lock lock(m_mutex);
    return m_url.empty() ? std::nullopt : std::optional(m_url);
}

void DemoCluster::tell(const core::RecordedEvent& event)
{
    {
        const std::scoped_lock lock(m_mutex);
        m_waiting.push_back(event);
        if (m_waiting.size() > kMostWaiting) {
            m_waiting.pop_front();
        }
    }
    m_told.notify_one();
}

void DemoCluster::run(const std::stop_token& stop)
{
    {
        std::unique_lock lock(m_mutex);
        m_told.wait_for(lock, stop, kAfterTheWindow, [] { return false; });
    }
    if (!stop.stop_requested() && start(stop)) {
        pass(stop);
    }
    m_billing.reset();
    m_bus.reset();
    m_mock.reset();
}

/// False where there is to be none, or can be none.
bool DemoCluster::start(const std::stop_token& stop)
{
    auto mock = kafka::MockCluster::start(1);
    if (!mock || !(*mock)->makeTopic(kTopic, kPartitions) || !(*mock)->makeTopic(kDeadLetters, 1)) {
        return false;
    }
    m_mock = std::move(*mock);
    auto bus = kafka::KafkaBus::open(m_clock,
        {.connect = {.brokers = m_mock->brokers()},
            .topicOf = {},
            .topic = kTopic,
            .concurrency = 1,
            .ending = m_end.get_token()});
    if (!bus) {
        return false;
    }
    m_bus = std::move(*bus);
    auto billing = m_bus->subscribe({.name = kGroup,
        .pattern = kTopic,
        .handler = [this](const core::RecordedEvent& event) { return bill(event); },
        .retry = core::RetryPolicy::none()});
    if (billing) {
        m_billing = std::move(*billing);
    }
    if (stop.stop_requested()) {
        return false;
    }
    const std::scoped_lock lock(m_mutex);
    m_url = "kafka://" + m_mock->brokers() + "?groups=" + kGroup;
    return true;
}

void DemoCluster::pass(const std::stop_token& stop)
{
    std::unique_lock lock(m_mutex);
    while (m_told.wait(lock, stop, [this] { return !m_waiting.empty(); })) {
        const std::size_t count = std::min(m_waiting.size(), kBatch);
        const auto end = m_waiting.begin() + static_cast<std::ptrdiff_t>(count);
        std::vector<core::RecordedEvent> batch(
            std::make_move_iterator(m_waiting.begin()), std::make_move_iterator(end));
        m_waiting.erase(m_waiting.begin(), end);
        lock.unlock();
        static_cast<void>(m_bus->publishBatch(batch)); // a copy of the demo: what fails here is missing here only
        lock.lock();
    }
}

core::Status DemoCluster::bill(const core::RecordedEvent& event)
{
    if (m_clock.now() >= m_nextRest) {
        m_clock.sleepFor(kRest, m_end.get_token());
        m_nextRest = m_clock.now() + kBetweenRests;
    }
    if (event.type == "OrderPlaced" && event.data.find(kPoison) != std::string::npos) {
        return core::fail(core::ErrorCode::DomainRule, "There is no price for " + std::string(kPoison) + ".");
    }
    return {};
}

} // namespace eventscope::app
