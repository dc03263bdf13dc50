// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "file_bytes.h"
#include "inspect/event_batch.h"
#include "inspect/source.h"

#include <cstddef>
#include <cstdint>
#include <stop_token>
#include <string>

namespace eventscope::file {

/// One read of a range: decides about each event, hands the wanted ones on in batches and keeps the
/// receipt. // one thread
class FileRange {
public:
    FileRange(const core::ReadRange& range, std::size_t batch, core::EventSink& sink)
        : m_range(range), m_batchSize(batch), m_sink(sink)
    {
    }

    /// `bytes`: of its record.
    void take(const core::SourceEvent& event, std::size_t bytes);
    void stopBecause(std::string sentence);
    bool stopIf(const std::stop_token& stop);
    void endReached(bool isWhole);

    bool isDone() const { return !m_receipt.stoppedBecause.empty(); }
    bool hasSeenStream() const { return m_hasSeenStream; }
    core::ScanReceipt finish();

private:
    void flush();

    const core::ReadRange& m_range;
    const std::size_t m_batchSize;
    core::EventSink& m_sink;
    core::EventBatch m_batch;
    core::ScanReceipt m_receipt;
    std::uint64_t m_delivered = 0;
    std::int64_t m_first = 0, m_last = 0;
    bool m_hasSeenStream = false;
};

/// Waits a moment for a pipe that has nothing just now. False when there is nothing to wait for.
bool waitForPipe(const FileBytes& bytes, const std::stop_token& stop);

} // namespace eventscope::file
