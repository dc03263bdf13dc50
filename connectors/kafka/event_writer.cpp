// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "event_writer.h"

#include "event/clock.h"
#include "event/ids.h"

#include <algorithm>

namespace eventscope::kafka {

namespace {

constexpr std::size_t kBatchRecords = 5000;
constexpr std::size_t kBatchBytes = std::size_t{16} << 20;

std::string newTransactionalId()
{
    core::SystemClock clock;
    return "eventscope-import-" + core::UuidV7Generator(clock).next();
}

} // namespace

EventWriter::EventWriter(ConnectOptions connect, std::string topic)
    : m_topic(std::move(topic))
    , m_producer(std::move(connect), {.transactionalId = newTransactionalId(), .lingerMs = 5})
{
}

bool EventWriter::deliver(std::span<const core::SourceEvent> batch)
{
    for (const core::SourceEvent& event : batch) {
        m_pending.push_back(m_maker.make(event, m_topic));
        m_pendingBytes += event.payload.size();
        if ((m_pending.size() >= kBatchRecords || m_pendingBytes >= kBatchBytes) && !flush()) {
            return false;
        }
    }
    return true;
}

core::Status EventWriter::finish()
{
    return m_status ? flush() : m_status;
}

core::Status EventWriter::flush()
{
    m_status = m_producer.send(m_pending);
    if (m_status) {
        m_written += m_pending.size();
        m_withoutTime += static_cast<std::uint64_t>(
            std::ranges::count_if(m_pending, [](const OutRecord& record) { return !record.milliseconds; }));
    }
    m_pending.clear();
    m_pendingBytes = 0;
    return m_status;
}

} // namespace eventscope::kafka
