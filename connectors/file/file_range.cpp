// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "file_range.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace eventscope::file {

namespace {

constexpr std::size_t kBatchBytes = std::size_t{4} << 20;
constexpr int kPipeMilliseconds = 100;

} // namespace

void FileRange::take(const core::SourceEvent& event, std::size_t bytes)
{
    const bool isInStream = m_range.stream.empty() || event.stream == m_range.stream;
    m_hasSeenStream = m_hasSeenStream || isInStream;
    if (!isInStream || (m_range.fromPosition && event.position < *m_range.fromPosition)
        || (m_range.toPosition && event.position > *m_range.toPosition)) {
        return; // further ones may be in it: a file is in no order
    }
    const bool isInTime = !(m_range.fromTime && !(event.hasTime && event.time >= *m_range.fromTime))
        && !(m_range.toTime && !(event.hasTime && event.time <= *m_range.toTime));
    if (isInTime && m_range.limit && m_delivered == *m_range.limit) {
        stopBecause(fmt::format("the limit of {} events was reached", *m_range.limit));
        return;
    }
    m_first = m_receipt.scanned == 0 ? event.position : std::min(m_first, event.position);
    m_last = m_receipt.scanned == 0 ? event.position : std::max(m_last, event.position);
    ++m_receipt.scanned;
    m_receipt.bytes += bytes;
    m_receipt.undecodable += event.undecodable.empty() ? 0 : 1;
    if (!isInTime) {
        return;
    }
    ++m_delivered;
    m_batch.add(event);
    if (m_batch.size() >= m_batchSize || m_batch.payloadBytes() >= kBatchBytes) {
        flush();
    }
}

void FileRange::flush()
{
    if (m_batch.empty()) {
        return;
    }
    const bool isWanted = m_sink.deliver(m_batch.events());
    m_batch.clear();
    if (!isWanted) {
        stopBecause("its receiver wanted no more");
    }
}

void FileRange::stopBecause(std::string sentence)
{
    if (m_receipt.stoppedBecause.empty()) {
        m_receipt.stoppedBecause = std::move(sentence);
    }
}

bool FileRange::stopIf(const std::stop_token& stop)
{
    if (stop.stop_requested()) {
        stopBecause("it was stopped");
    }
    return isDone();
}

void FileRange::endReached(bool isWhole)
{
    if (!isWhole) {
        stopBecause("the compressed file is cut short");
    }
}

core::ScanReceipt FileRange::finish()
{
    flush();
    m_receipt.complete = m_receipt.stoppedBecause.empty();
    if (m_receipt.scanned > 0) {
        m_receipt.ranges.push_back({m_range.stream, -1, m_first, m_last});
    }
    return std::move(m_receipt);
}

bool waitForPipe(const FileBytes& bytes, const std::stop_token& stop)
{
    if (bytes.isRegular() || bytes.isClosed()) {
        return false;
    }
    while (!stop.stop_requested() && !bytes.waitForInput(kPipeMilliseconds)) { }
    return !stop.stop_requested();
}

} // namespace eventscope::file
