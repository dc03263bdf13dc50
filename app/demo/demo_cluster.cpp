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
constexpr const char* kGroup = "billing";
constexpr int kPartitions = 3;
constexpr std::size_t kMostWaiting = 5000;
constexpr std::size_t kBatch = 200;
/// After so many events the group rests for a moment, so that there is a lag to see.
constexpr int kEventsBetweenRests = 150;
constexpr std::chrono::seconds kRest{3};
/// What a customer may order, and nobody can bill.
constexpr std::string_view kPoison = "SKU-9404";

} // namespace

DemoCluster::DemoCluster(std::unique_ptr<kafka::MockCluster> mock, std::unique_ptr<kafka::KafkaBus> bus,
    std::stop_source end, core::Clock& clock)
    : m_clock(clock), m_mock(std::move(mock)), m_bus(std::move(bus)), m_end(std::move(end))
{
}

core::Result<std::unique_ptr<DemoCluster>> DemoCluster::open(core::Clock& clock)
{
    auto mock = kafka::MockCluster::start(1);
    if (!mock) {
        return std::unexpected(mock.error());
    }
    for (const auto& [topic, partitions] :
        {std::pair(std::string(kTopic), kPartitions), std::pair(std::string(kTopic) + ".dead-letter", 1)}) {
        if (core::Status made = (*mock)->makeTopic(topic, partitions); !made) {
            return std::unexpected(made.error());
        }
    }
    std::stop_source end;
    auto bus = kafka::KafkaBus::open(clock,
        {.connect = {.brokers = (*mock)->brokers()},
            .topicOf = {},
            .topic = kTopic,
            .concurrency = 1,
            .ending = end.get_token()});
    if (!bus) {
        return std::unexpected(bus.error());
    }
    std::unique_ptr<DemoCluster> cluster(new DemoCluster(std::move(*mock), std::move(*bus), std::move(end), clock));
    cluster->m_thread = std::jthread([raw = cluster.get()](const std::stop_token& stop) { raw->run(stop); });
    return cluster;
}

DemoCluster::~DemoCluster()
{
    m_end.request_stop();
    m_thread.request_stop();
    if (m_thread.joinable()) {
        m_thread.join();
    }
}

const std::string& DemoCluster::brokers() const
{
    return m_mock->brokers();
}

std::string DemoCluster::url() const
{
    return "kafka://" + brokers() + "?groups=" + kGroup;
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
    // Joining takes a while: not on the thread that opens the demo.
    auto billing = m_bus->subscribe({.name = kGroup,
        .pattern = kTopic,
        .handler = [this](const core::RecordedEvent& event) { return bill(event); },
        .retry = core::RetryPolicy::none()});
    if (billing) {
        m_billing = std::move(*billing);
    }
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
    lock.unlock();
    m_billing.reset();
}

core::Status DemoCluster::bill(const core::RecordedEvent& event)
{
    if (++m_billed % kEventsBetweenRests == 0) {
        m_clock.sleepFor(kRest, m_end.get_token());
    }
    if (event.type == "OrderPlaced" && event.data.find(kPoison) != std::string::npos) {
        return core::fail(core::ErrorCode::DomainRule, "There is no price for " + std::string(kPoison) + ".");
    }
    return {};
}

} // namespace eventscope::app
