// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo/kafka_stage.h"

#include "kafka_bus.h"
#include "sources/kafka_url.h"

#include <utility>

namespace eventscope::app {

KafkaStage::KafkaStage(std::unique_ptr<kafka::KafkaBus> bus) : m_bus(std::move(bus)) { }
KafkaStage::~KafkaStage() = default;

core::Result<std::unique_ptr<KafkaStage>> KafkaStage::open(const core::SourceUrl& url, core::Clock& clock)
{
    auto kafka = readKafkaUrl(url);
    if (!kafka) {
        return std::unexpected(kafka.error());
    }
    if (kafka->source.topics.size() > 1) {
        return core::fail(core::ErrorCode::InvalidArgument, "the demo is told into one topic: kafka://host/TOPIC.");
    }
    const std::string topic = kafka->source.topics.empty() ? "orders" : kafka->source.topics.front();
    kafka->source.topics.clear(); // it may have to be made
    if (const auto reached = kafka::KafkaSource::open(kafka->source, {}); !reached) {
        return std::unexpected(reached.error());
    }
    auto bus = kafka::KafkaBus::open(clock, {.connect = kafka->source.connect, .topicOf = {}, .topic = topic});
    if (!bus) {
        return std::unexpected(bus.error());
    }
    return std::unique_ptr<KafkaStage>(new KafkaStage(std::move(*bus)));
}

core::Status KafkaStage::tell(const core::RecordedEvent& event)
{
    return m_bus->publish(event);
}

core::Status KafkaStage::tellLetters(const core::DeadLetterStore& letters)
{
    const auto parked = letters.list();
    if (!parked) {
        return std::unexpected(parked.error());
    }
    for (const core::ParkedEvent& letter : *parked) {
        if (m_told.contains(letter.id)) {
            continue;
        }
        if (core::Status told = m_bus->park(letter); !told) {
            return told;
        }
        m_told.insert(letter.id);
    }
    return {};
}

} // namespace eventscope::app
