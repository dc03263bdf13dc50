// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/error.h"
#include "import_record.h"
#include "inspect/source.h"
#include "kafka_options.h"
#include "producer.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace eventscope::kafka {

/// Writes events of any source into a topic, some thousand in a transaction, so that they read back as
/// they were (ImportRecord). A record's key is what it was where the event came from Kafka, else the
/// aggregate's id, else the event's. // one thread
class EventWriter final : public core::EventSink {
public:
    EventWriter(ConnectOptions connect, std::string topic);

    /// Stops the source at the first that cannot be written: see finish().
    bool deliver(std::span<const core::SourceEvent> batch) override;
    /// Writes the rest. InDoubt: the last transaction may be there as well.
    core::Status finish();

    std::uint64_t written() const { return m_written; }
    /// Records without a time of their own, which carry the present one.
    std::uint64_t withoutTime() const { return m_withoutTime; }

private:
    core::Status flush();

    const std::string m_topic;
    Producer m_producer;
    ImportRecord m_maker;
    std::vector<OutRecord> m_pending;
    std::size_t m_pendingBytes = 0;
    std::uint64_t m_written = 0, m_withoutTime = 0;
    core::Status m_status;
};

} // namespace eventscope::kafka
