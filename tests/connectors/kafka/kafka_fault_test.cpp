// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "broker.h"
#include "child_process.h"
#include "collecting_sink.h"
#include "event_inbox.h"
#include "own_cluster.h"
#include "temp_dir.h"

#include "event/clock.h"
#include "inspect/connection.h"
#include "inspect/problem_log.h"
#include "kafka_bus.h"
#include "kafka_letters.h"
#include "kafka_source.h"

#include <algorithm>
#include <map>
#include <set>
#include <thread>

#include <gtest/gtest.h>

namespace eventscope::test {

namespace {

/// Collects what a connection delivers, over its losses.
class Seen {
public:
    core::IngestSink sink()
    {
        return [this](std::span<const core::SourceEvent> batch) {
            {
                const std::scoped_lock lock(m_mutex);
                for (const core::SourceEvent& event : batch)
                    ++m_times[std::string(event.id)];
            }
            m_changed.notify_all();
        };
    }
    bool waitFor(std::size_t count)
    {
        std::unique_lock lock(m_mutex);
        return m_changed.wait_for(lock, kPatience, [&] { return m_times.size() >= count; });
    }
    std::map<std::string, int> times() const
    {
        const std::scoped_lock lock(m_mutex);
        return m_times;
    }

private:
    mutable std::mutex m_mutex;
    std::condition_variable m_changed;
    std::map<std::string, int> m_times;
};

core::ConnectionSpec specOf(const std::string& brokers, const std::string& topic)
{
    return {.name = "kafka",
        .url = "kafka://" + brokers,
        .open = [brokers, topic]() -> core::Result<std::unique_ptr<core::Source>> {
            auto source
                = kafka::KafkaSource::open({.name = "kafka", .connect = {.brokers = brokers}, .topics = {topic}}, {});
            if (!source)
                return std::unexpected(source.error());
            return std::move(*source);
        }};
}

std::size_t countOf(std::string_view text, std::string_view part)
{
    std::size_t count = 0;
    for (std::size_t at = 0; (at = text.find(part, at)) != std::string_view::npos; ++at)
        ++count;
    return count;
}

/// Publishes until the broker has it: a doubt and a failure are both answered by publishing again.
int publishUntilThere(core::MessageBus& bus, const core::RecordedEvent& event)
{
    for (int tries = 1;; ++tries) {
        if (bus.publish(event))
            return tries;
    }
}

} // namespace

TEST(KafkaFaults, NothingIsLostWhenTheBrokerIsKilledAndComesBack)
{
    constexpr int kEvents = 60, kLetters = 300;
    OwnCluster cluster(1);
    KafkaFriend other(cluster.brokers());
    other.makeTopic("orders", 2);
    core::SystemClock clock;
    core::ProblemLog problems(clock);
    Seen seen;
    core::Connection connection(specOf(cluster.brokers(), "orders"), seen.sink(), clock, problems);
    const auto bus = kafka::KafkaBus::open(clock, {.connect = {.brokers = cluster.brokers()}, .topic = "orders"});
    ASSERT_TRUE(bus);
    EventInbox handled;
    const auto subscription = (*bus)->subscribe({.name = "billing", .pattern = "orders", .handler = handled.handler()});
    ASSERT_TRUE(subscription) << subscription.error().message;

    // A requeue under way at the same time, by the program itself.
    other.makeTopic("parcels");
    other.makeTopic("parcels.DLT");
    std::vector<TestRecord> letters;
    for (int i = 0; i < kLetters; ++i)
        letters.push_back({.key = "k",
            .value = std::to_string(i),
            .headers = {{"kafka_dlt-original-topic", "parcels"}, {"kafka_dlt-exception-message", "boom"}}});
    other.write("parcels.DLT", letters);
    const TempDir state;
    const std::vector<std::string> requeue{
        EVENTSCOPE_PROGRAM, "requeue", "kafka://" + cluster.brokers() + "/parcels", "--all", "--unlock"};
    const ChildProcess::Options options{.environment = {"XDG_STATE_HOME=" + state.path().string()}};
    ChildProcess program(requeue, options);

    std::jthread publisher([&] {
        for (int i = 0; i < kEvents; ++i)
            publishUntilThere(**bus, eventOf("Counted", "e-" + std::to_string(i), "order-" + std::to_string(i % 7)));
    });
    ASSERT_TRUE(seen.waitFor(5));
    ASSERT_TRUE(program.readOutputUntil(
        [](std::string_view output) { return output.find("\"requeued\"") != std::string_view::npos; }));
    cluster.kill(1);
    cluster.start(1);
    publisher.join();
    // What it could not finish, the next life does.
    program.wait(std::chrono::minutes(3));
    const Finished rest = runProgram(requeue, options);
    EXPECT_EQ(rest.exitCode, 0) << rest.errors << program.errors();
    const std::size_t doubts = countOf(program.output() + rest.output, "\"in-doubt\"");
    std::map<std::string, int> arrived;
    for (const TestRecord& record : other.readAll("parcels"))
        ++arrived[*record.value];
    EXPECT_EQ(arrived.size(), static_cast<std::size_t>(kLetters)) << program.output() << rest.output;
    EXPECT_LE(std::ranges::count_if(arrived, [](const auto& letter) { return letter.second > 1; }),
        static_cast<std::ptrdiff_t>(doubts));
    ASSERT_TRUE(seen.waitFor(kEvents)) << seen.times().size();
    ASSERT_TRUE(handled.waitFor(kEvents));
    std::set<std::string> published;
    for (const TestRecord& record : other.readAll("orders"))
        published.insert(*record.key);
    const std::vector<std::string> ids = handled.ids();
    EXPECT_EQ(std::set<std::string>(ids.begin(), ids.end()).size(), static_cast<std::size_t>(kEvents));
}

TEST(KafkaFaults, NothingIsLostWhenALeaderGoes)
{
    constexpr int kEvents = 60;
    OwnCluster cluster(3);
    KafkaFriend other(cluster.brokers());
    other.makeTopic("orders", 3, {}, 3);
    core::SystemClock clock;
    core::ProblemLog problems(clock);
    Seen seen;
    core::Connection connection(specOf(cluster.brokers(), "orders"), seen.sink(), clock, problems);
    const auto bus = kafka::KafkaBus::open(clock, {.connect = {.brokers = cluster.brokers()}, .topic = "orders"});
    ASSERT_TRUE(bus);
    std::jthread publisher([&] {
        for (int i = 0; i < kEvents; ++i)
            publishUntilThere(**bus, eventOf("Counted", "e-" + std::to_string(i), "order-" + std::to_string(i)));
    });
    ASSERT_TRUE(seen.waitFor(5));
    cluster.kill(3); // it leads a partition, and is not the controller
    publisher.join();
    ASSERT_TRUE(seen.waitFor(kEvents)) << seen.times().size();
    std::vector<core::RecordedEvent> batch;
    for (int i = 0; i < 20; ++i)
        batch.push_back(eventOf("Counted", "b-" + std::to_string(i), "order-" + std::to_string(i)));
    const core::Status published = (*bus)->publishBatch(batch);
    EXPECT_TRUE(published) << published.error().message;
    EXPECT_TRUE(seen.waitFor(kEvents + 20));
}

} // namespace eventscope::test
