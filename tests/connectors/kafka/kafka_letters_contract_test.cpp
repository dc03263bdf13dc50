// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "broker.h"
#include "dead_letter_queue_contract.h"
#include "temp_dir.h"

#include "kafka_letters.h"

#include <algorithm>

namespace {

using namespace eventscope;

std::string bigEndian(std::uint64_t value, int bytes)
{
    std::string text;
    for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8)
        text += static_cast<char>(value >> shift & 0xff);
    return text;
}

/// Letters as Spring Kafka writes them, with payloads and headers of any bytes.
class KafkaLettersFixture final : public DeadLetterQueueFixture {
public:
    KafkaLettersFixture()
    {
        m_friend.makeTopic(m_origin);
        m_friend.makeTopic(m_letters);
        restart();
    }

    core::DeadLetterQueue& queue() override { return *m_queue; }

    void park(std::size_t count) override
    {
        std::vector<test::TestRecord> records;
        for (std::size_t i = 0; i < count; ++i, ++m_parked) {
            std::string data = "{\"n\":" + std::to_string(m_parked) + ",\"bytes\":\"";
            data += std::string("\0\xff\xc3\x28", 4) + "\"}";
            records.push_back({.key = "key-" + std::to_string(m_parked),
                .value = data,
                .headers = {{"eventId", "message-" + std::to_string(m_parked)}, {"tenant", std::string("\0\x80", 2)},
                    {"kafka_dlt-original-topic", m_origin}, {"kafka_dlt-original-partition", bigEndian(0, 4)},
                    {"kafka_dlt-original-offset", bigEndian(m_parked, 8)},
                    {"kafka_dlt-exception-message", "no such customer"}},
                .milliseconds = 1'700'000'000'000 + static_cast<std::int64_t>(m_parked)});
        }
        m_friend.write(m_letters, records);
    }

    std::vector<std::string> arrived() override
    {
        std::vector<std::string> ids;
        for (const test::TestRecord& record : m_friend.readAll(m_origin))
            ids.push_back(idOf(record));
        return ids;
    }

    std::string arrivedData(const std::string& messageId) override
    {
        std::string data;
        for (const test::TestRecord& record : m_friend.readAll(m_origin)) {
            if (idOf(record) == messageId)
                data = record.value.value_or("(null)");
        }
        return data;
    }

    void restart() override
    {
        m_queue.reset();
        auto opened = kafka::KafkaLetters::open(
            {.connect = test::kafkaConnect(), .topics = {m_letters}, .hidden = m_folder / "hidden"}, m_clock, {});
        ASSERT_TRUE(opened) << opened.error().message;
        m_queue = std::move(*opened);
    }

private:
    static std::string idOf(const test::TestRecord& record)
    {
        const auto found = std::ranges::find(record.headers, "eventId", &core::Header::name);
        return found == record.headers.end() ? std::string() : found->value;
    }

    const std::string m_origin = test::uniqueName("requeue");
    const std::string m_letters = m_origin + ".DLT";
    test::KafkaFriend m_friend;
    test::TempDir m_folder;
    core::SystemClock m_clock;
    std::unique_ptr<kafka::KafkaLetters> m_queue;
    std::size_t m_parked = 0;
};

} // namespace

INSTANTIATE_TEST_SUITE_P(Kafka, DeadLetterQueueContract,
    testing::Values(std::pair<const char*, DeadLetterQueueFactory>(
        "kafka", [] { return std::make_unique<KafkaLettersFixture>(); })),
    [](const auto& instance) { return std::string(instance.param.first); });
