// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sources/kafka_import.h"

#include "event_writer.h"
#include "kafka_source.h"
#include "sources/kafka_url.h"

#include <string>
#include <utility>

namespace eventscope::app {

using core::ErrorCode;

namespace {

class TopicTarget final : public ImportTarget {
public:
    TopicTarget(kafka::ConnectOptions connect, std::string topic) : m_writer(std::move(connect), std::move(topic)) { }

    core::EventSink& sink() override { return m_writer; }
    core::Status finish() override { return m_writer.finish(); }
    Figures figures() const override { return {m_writer.written(), 0, 0, m_writer.withoutTime()}; }
    bool knowsWhatIsThere() const override { return false; }

private:
    kafka::EventWriter m_writer;
};

} // namespace

core::Result<std::unique_ptr<ImportTarget>> openKafkaImport(const core::SourceUrl& url)
{
    auto kafka = readKafkaUrl(url);
    if (!kafka) {
        return std::unexpected(kafka.error());
    }
    if (kafka->source.topics.size() != 1) {
        return core::fail(
            ErrorCode::InvalidArgument, "Events are imported into one topic: name it, kafka://host/TOPIC.");
    }
    const std::string topic = std::exchange(kafka->source.topics, {}).front(); // it may have to be made
    if (const auto reached = kafka::KafkaSource::open(kafka->source, {}); !reached) {
        return std::unexpected(reached.error());
    }
    return std::make_unique<TopicTarget>(std::move(kafka->source.connect), topic);
}

} // namespace eventscope::app
