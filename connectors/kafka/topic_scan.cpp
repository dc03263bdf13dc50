// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "topic_scan.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

namespace eventscope::kafka {

namespace {

constexpr std::size_t kBatchRecords = 256; // what is decoded of them stays in the processor's cache
constexpr std::size_t kBatchBytes = std::size_t{4} << 20;
/// A reading gives up on partitions that bring nothing for so long.
constexpr std::chrono::seconds kLongestSilence{30};

std::string topicOf(std::string_view source)
{
    return std::string(source.substr(source.rfind('/') + 1));
}

} // namespace

TopicScan::TopicScan(PartitionFeed& feed, const core::ReadRange& range, std::string stream, core::EventSink& sink)
    : m_feed(feed), m_range(range), m_stream(std::move(stream)), m_sink(sink)
{
}

core::ScanReceipt TopicScan::run(std::stop_token stop)
{
    auto lastNews = std::chrono::steady_clock::now();
    bool isNews = false; // the clock is asked once for many records
    while (true) {
        if (stop.stop_requested()) {
            stopBecause("it was stopped");
            break;
        }
        PartitionFeed::Next next = m_feed.next(m_batch.empty() ? std::chrono::milliseconds(500) : kSlice, true, stop);
        if (!next.message) {
            if (!flush() || m_feed.isDone()) {
                break;
            }
            lastNews = std::exchange(isNews, false) ? std::chrono::steady_clock::now() : lastNews;
            if (std::chrono::steady_clock::now() - lastNews > kLongestSilence) {
                stopBecause(
                    m_feed.client().explain(RD_KAFKA_RESP_ERR__TIMED_OUT, "not every partition answered").message);
                break;
            }
            continue;
        }
        isNews = true;
        if (!take(std::move(next))) {
            break;
        }
    }
    flush();
    finish();
    return std::move(m_receipt);
}

bool TopicScan::isInTime(const rd_kafka_message_t& message) const
{
    using std::chrono::milliseconds;
    const std::int64_t time = rd_kafka_message_timestamp(&message, nullptr);
    const auto count = [](core::Timestamp t) { return std::chrono::floor<milliseconds>(t).time_since_epoch().count(); };
    return !(m_range.fromTime && time < count(*m_range.fromTime)) && !(m_range.toTime && time > count(*m_range.toTime));
}

/// False to stop reading.
bool TopicScan::take(PartitionFeed::Next next)
{
    const rd_kafka_message_t& raw = *next.message;
    if (raw.offset < m_range.fromPosition.value_or(0)) {
        return true;
    }
    const bool isWanted = isInTime(raw);
    if (isWanted && m_stream.empty() && m_range.limit && m_delivered == *m_range.limit) {
        return stopBecause(fmt::format("the limit of {} events was reached", *m_range.limit));
    }
    ++m_receipt.scanned;
    m_receipt.bytes += raw.len;
    if (!isWanted) {
        return true;
    }
    const core::SourceEvent& event = m_batch.add(std::move(next.message), next.lane->source);
    m_receipt.undecodable += event.undecodable.empty() ? 0 : 1;
    if (!m_stream.empty() && event.stream != m_stream) {
        m_batch.dropLast();
        return true;
    }
    if (!m_stream.empty() && m_range.limit && m_delivered == *m_range.limit) {
        m_batch.dropLast();
        return stopBecause(fmt::format("the limit of {} events was reached", *m_range.limit));
    }
    ++m_delivered;
    if (m_range.last) {
        m_last.push_back({m_batch.takeLast(), &next.lane->source});
        if (m_last.size() > *m_range.last) {
            m_last.pop_front();
        }
        return true;
    }
    if (m_batch.size() < kBatchRecords && m_batch.payloadBytes() < kBatchBytes) {
        return true;
    }
    return flush();
}

bool TopicScan::flush()
{
    if (!m_batch.empty() && !m_sink.deliver(m_batch.events())) {
        m_batch.clear();
        return stopBecause("its receiver wanted no more");
    }
    m_batch.clear();
    return true;
}

core::ScanReceipt TopicScan::deliverLast(core::ScanReceipt receipt)
{
    m_receipt = std::move(receipt);
    m_receipt.scanned = m_last.size();
    m_receipt.bytes = 0;
    m_receipt.undecodable = 0;
    std::map<std::pair<std::string, std::int32_t>, std::pair<std::int64_t, std::int64_t>> ranges;
    for (Kept& kept : m_last) {
        const rd_kafka_message_t& raw = *kept.message;
        m_receipt.bytes += raw.len;
        auto& range = ranges.try_emplace({topicOf(*kept.source), raw.partition}, raw.offset, raw.offset).first->second;
        range.second = raw.offset;
        const core::SourceEvent& event = m_batch.add(std::move(kept.message), *kept.source);
        m_receipt.undecodable += event.undecodable.empty() ? 0 : 1;
        if (m_batch.size() >= kBatchRecords && !flush()) {
            break;
        }
    }
    flush();
    m_receipt.ranges.clear();
    for (const auto& [partition, range] : ranges) {
        m_receipt.ranges.push_back({partition.first, partition.second, range.first, range.second});
    }
    m_receipt.complete = m_receipt.stoppedBecause.empty();
    m_last.clear();
    return std::move(m_receipt);
}

bool TopicScan::stopBecause(std::string reason)
{
    if (m_receipt.stoppedBecause.empty()) {
        m_receipt.stoppedBecause = std::move(reason);
    }
    return false;
}

void TopicScan::finish()
{
    for (const auto& lane : m_feed.lanes()) {
        if (!lane->trouble) {
            stopBecause(lane->trouble.error().message);
        }
        if (lane->handedOut > 0) {
            const std::int64_t from = std::max(lane->begin, m_range.fromPosition.value_or(0));
            m_receipt.ranges.push_back({lane->partition.topic, lane->partition.partition, from, lane->last});
        }
    }
    m_receipt.complete = m_receipt.stoppedBecause.empty();
}

} // namespace eventscope::kafka
