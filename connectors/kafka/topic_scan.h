// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/source.h"
#include "partition_feed.h"
#include "record_batch.h"

#include <cstdint>
#include <deque>
#include <stop_token>
#include <string>

namespace eventscope::kafka {

/// One bounded reading: takes records from a feed until every partition has come to its end, and keeps
/// the receipt. // one thread
class TopicScan {
public:
    /// `stream`: only events of it; empty: all.
    TopicScan(PartitionFeed& feed, const core::ReadRange& range, std::string stream, core::EventSink& sink);

    core::ScanReceipt run(std::stop_token stop);
    std::uint64_t delivered() const { return m_delivered; }
    /// With ReadRange::last: how many were kept, which deliverLast() hands out.
    std::size_t kept() const { return m_last.size(); }
    core::ScanReceipt deliverLast(core::ScanReceipt receipt);

private:
    struct Kept {
        MessageHandle message;
        const std::string* source;
    };
    bool take(PartitionFeed::Next next);
    bool isInTime(const rd_kafka_message_t& message) const;
    bool flush();
    bool stopBecause(std::string reason);
    void finish();

    PartitionFeed& m_feed;
    const core::ReadRange& m_range;
    const std::string m_stream;
    core::EventSink& m_sink;
    core::ScanReceipt m_receipt;
    RecordBatch m_batch;
    std::deque<Kept> m_last;
    std::uint64_t m_delivered = 0;
};

} // namespace eventscope::kafka
