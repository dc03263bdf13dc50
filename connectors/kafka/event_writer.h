// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/error.h"
#include "inspect/source.h"
#include "kafka_options.h"
#include "producer.h"

#include <cstdint>
#include <span>
#include <string>

namespace eventscope::kafka {

/// Writes events of any source into a topic, each batch as one transaction. JSON goes in the classic
/// form, so that it reads back as the same event; other payloads go as the bytes they are, with what the
/// envelope said in headers. A record's key is what it was where the event came from Kafka, else the
/// aggregate's id, else the event's. // one thread
class EventWriter final : public core::EventSink {
public:
    EventWriter(ConnectOptions connect, std::string topic);

    bool deliver(std::span<const core::SourceEvent> batch) override;

    std::uint64_t written() const { return m_written; }
    /// What ended it, if anything did. InDoubt: the last batch may be there as well.
    const core::Status& status() const { return m_status; }

    static OutRecord recordOf(const core::SourceEvent& event, const std::string& topic);

private:
    const std::string m_topic;
    Producer m_producer;
    std::uint64_t m_written = 0;
    core::Status m_status;
};

} // namespace eventscope::kafka
