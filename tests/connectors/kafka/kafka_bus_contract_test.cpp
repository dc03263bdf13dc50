// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "broker.h"
#include "message_bus_contract.h"

#include "event/clock.h"
#include "event/json.h"
#include "event/raw_json.h"
#include "event_record.h"
#include "kafka_bus.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <thread>

namespace eventscope::test {

namespace {

/// One topic for each type of event, as people do who subscribe by type.
class KafkaHarness {
public:
    KafkaHarness()
    {
        for (const char* type : {"OrderPlaced", "OrderShipped", "Counted", "Tracked"})
            m_friend.makeTopic(topicOf(type), 3);
        auto bus = kafka::KafkaBus::open(m_clock,
            {.connect = kafkaConnect(),
                .topicOf = [this](const core::RecordedEvent& event) { return topicOf(event.type); }});
        EXPECT_TRUE(bus) << (bus ? "" : bus.error().message);
        m_bus = std::move(*bus);
    }

    core::MessageBus& bus() { return *m_bus; }
    std::string pattern(std::string_view type) { return topicOf(type); }
    std::string everything() { return "^" + m_prefix + "[A-Za-z]*$"; }
    core::RetryPolicy retries(int count)
    {
        return {.maxRetries = count, .firstDelay = std::chrono::milliseconds(1), .factor = 1.0};
    }

    std::vector<core::ParkedEvent> waitForParked(std::string_view name, std::size_t count)
    {
        const auto end = std::chrono::steady_clock::now() + kPatience;
        std::vector<core::ParkedEvent> parked;
        while (parked.size() < count && std::chrono::steady_clock::now() < end)
            parked = parkedBy(name);
        return parked;
    }

private:
    std::string topicOf(std::string_view type) const { return m_prefix + std::string(type); }

    static std::string headerOf(const TestRecord& record, std::string_view name)
    {
        const auto found = std::ranges::find(record.headers, name, &core::Header::name);
        return found == record.headers.end() ? std::string() : found->value;
    }

    std::vector<core::ParkedEvent> parkedBy(std::string_view name)
    {
        std::vector<core::ParkedEvent> parked;
        for (const TestRecord& record : m_friend.readAll(topicOf("OrderPlaced.dead-letter"))) {
            if (headerOf(record, kafka::dead_letter_header::kGroup) != name)
                continue;
            const auto members = core::readRawObject(*record.value);
            EXPECT_TRUE(members) << *record.value;
            const auto error = core::readRawObject(core::findRaw(*members, "error")->value);
            core::ParkedEvent letter;
            letter.original = core::eventFromClassicJson(core::findRaw(*members, "originalEvent")->value).value();
            letter.error.message = core::findRaw(*error, "message")->text();
            letter.error.stack = core::findRaw(*error, "stack")->text();
            letter.attempts = std::stoi(headerOf(record, kafka::dead_letter_header::kAttempts));
            EXPECT_EQ(record.key, letter.original.id);
            EXPECT_EQ(headerOf(record, kafka::dead_letter_header::kTopic), topicOf("OrderPlaced"));
            parked.push_back(std::move(letter));
        }
        std::ranges::sort(parked, {}, [](const core::ParkedEvent& letter) { return letter.original.id; });
        return parked;
    }

    const std::string m_prefix = uniqueName("bus") + "-";
    KafkaFriend m_friend;
    core::SystemClock m_clock;
    std::unique_ptr<kafka::KafkaBus> m_bus;
};

} // namespace

INSTANTIATE_TYPED_TEST_SUITE_P(Kafka, MessageBusContract, KafkaHarness);

} // namespace eventscope::test
