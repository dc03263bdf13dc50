// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/event.h"
#include "event_record.h"
#include "kafka_handles.h"
#include "kafka_options.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace eventscope::bench {

/// librdkafka as its own examples use it: to fill topics, and to be compared with. What fails throws.
class BareKafka {
public:
    explicit BareKafka(std::string brokers, const std::vector<kafka::Property>& properties = {});
    ~BareKafka();

    /// A topic of a name that no other run has.
    std::string makeTopic(const std::string& what, int partitions);

    /// Copied and queued; waits where the queue is full.
    void produce(const kafka::OutRecord& record);
    /// Until the broker has confirmed all of them.
    void flush();

private:
    using Handle = std::unique_ptr<rd_kafka_t, kafka::Deleter<&rd_kafka_destroy>>;
    std::uint64_t m_failed = 0;
    Handle m_handle;
};

/// The broker of ./dev bench, where it was started.
std::optional<std::string> benchBrokers();

/// The number-th event of an order system, 300 bytes as JSON.
core::RecordedEvent benchEvent(std::size_t number);

/// A topic of so many of them, spread over partitions by their streams, a millisecond for each hundred.
std::string fillTopic(const std::string& brokers, std::size_t records, int partitions);

} // namespace eventscope::bench
