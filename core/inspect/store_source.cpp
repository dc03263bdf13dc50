// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/store_source.h"

#include "inspect/event_batch.h"
#include "inspect/stored_event.h"

#include <fmt/core.h>

#include <algorithm>
#include <condition_variable>
#include <map>
#include <mutex>
#include <utility>

namespace eventscope::core {

namespace {

constexpr std::size_t kCatalogPage = 2000;
constexpr std::size_t kReadPage = 8192;

/// Collects rows into batches and hands them to the sink.
class Delivery {
public:
    Delivery(const std::string& source, std::size_t batch, EventSink& sink)
        : m_reader(source), m_size(batch), m_sink(sink)
    {
    }

    /// False when the sink wants no more.
    bool add(const EventView& row)
    {
        m_batch.add(m_reader.read(row));
        return m_batch.size() < m_size || flush();
    }

    bool flush()
    {
        if (m_batch.empty()) {
            return m_wanted;
        }
        m_wanted = m_sink.deliver(m_batch.events());
        m_batch.clear();
        return m_wanted;
    }

private:
    StoredEventReader m_reader;
    EventBatch m_batch;
    const std::size_t m_size;
    EventSink& m_sink;
    bool m_wanted = true;
};

/// One read: decides about each row and keeps the receipt.
class RangeReader {
public:
    RangeReader(const ReadRange& range, Delivery& delivery, std::stop_token stop)
        : m_range(range), m_delivery(delivery), m_stop(std::move(stop))
    {
    }

    /// False to stop reading.
    bool take(const EventView& row)
    {
        if (m_stop.stop_requested()) {
            return stopBecause("it was stopped");
        }
        const std::int64_t position = row.position.value;
        if (m_range.fromPosition && position < *m_range.fromPosition) {
            return true;
        }
        if (m_range.toPosition && position > *m_range.toPosition) {
            m_pastEnd = true;
            return false;
        }
        const bool inTime
            = !(m_range.fromTime && row.time < *m_range.fromTime) && !(m_range.toTime && row.time > *m_range.toTime);
        if (inTime && m_range.limit && m_delivered == *m_range.limit) {
            return stopBecause(fmt::format("the limit of {} events was reached", *m_range.limit));
        }
        m_first = m_receipt.scanned == 0 ? position : m_first;
        m_last = position;
        ++m_receipt.scanned;
        m_receipt.bytes += row.data.size();
        if (!inTime) {
            return true;
        }
        ++m_delivered;
        return m_delivery.add(row) || stopBecause("its receiver wanted no more");
    }

    bool done() const { return m_pastEnd || !m_receipt.stoppedBecause.empty(); }

    ScanReceipt finish()
    {
        if (!m_delivery.flush() && m_receipt.stoppedBecause.empty()) {
            m_receipt.stoppedBecause = "its receiver wanted no more";
        }
        m_receipt.complete = m_receipt.stoppedBecause.empty();
        if (m_receipt.scanned > 0) {
            m_receipt.ranges.push_back({m_range.stream, -1, m_first, m_last});
        }
        return std::move(m_receipt);
    }

private:
    bool stopBecause(std::string reason)
    {
        m_receipt.stoppedBecause = std::move(reason);
        return false;
    }

    const ReadRange& m_range;
    Delivery& m_delivery;
    const std::stop_token m_stop;
    ScanReceipt m_receipt;
    std::uint64_t m_delivered = 0;
    std::int64_t m_first = 0, m_last = 0;
    bool m_pastEnd = false;
};

/// Wakes the follower when somebody commits.
class WakeUp {
public:
    void ring()
    {
        {
            const std::scoped_lock lock(m_mutex);
            m_rung = true;
        }
        m_bell.notify_one();
    }

    void wait(std::chrono::milliseconds longest, const std::stop_token& stop)
    {
        std::unique_lock lock(m_mutex);
        m_bell.wait_for(lock, stop, longest, [this] { return m_rung; });
        m_rung = false;
    }

private:
    std::mutex m_mutex;
    std::condition_variable_any m_bell;
    bool m_rung = false;
};

} // namespace

StoreSource::StoreSource(std::string name, StoreParts parts, Options options)
    : m_name(std::move(name)), m_parts(std::move(parts)), m_options(options)
{
}

StoreSource::~StoreSource() = default;

Capabilities StoreSource::capabilities() const
{
    return {.readRange = true,
        .follow = true,
        .streams = true,
        .deadLetters = m_parts.deadLetters != nullptr,
        .requeue = m_parts.canRequeue,
        .discard = m_parts.canDiscard,
        .sagas = true};
}

Result<std::vector<CatalogEntry>> StoreSource::catalog(std::stop_token stop)
{
    std::vector<CatalogEntry> entries;
    std::string after;
    while (!stop.stop_requested()) {
        // Each stream costs a look at its last event, which may lie anywhere in the file.
        const std::size_t wanted = m_listed ? kCatalogPage : std::min(kCatalogPage, m_options.firstCatalog);
        const Result<std::vector<StreamInfo>> page = m_parts.events->streams(after, wanted);
        if (!page) {
            return std::unexpected(page.error());
        }
        for (const StreamInfo& stream : *page) {
            entries.push_back({.name = stream.name,
                .kind = CatalogKind::Stream,
                .count = stream.count,
                .first = stream.firstTime,
                .last = stream.lastTime});
        }
        if (page->size() < wanted || (!m_listed && entries.size() >= m_options.firstCatalog)) {
            break;
        }
        after = page->back().name;
    }
    m_listed = true;
    if (m_parts.deadLetters && !stop.stop_requested()) {
        const Result<std::vector<ParkedEvent>> letters = m_parts.deadLetters->list();
        if (!letters) {
            return std::unexpected(letters.error());
        }
        std::map<std::string, CatalogEntry> queues;
        for (const ParkedEvent& letter : *letters) {
            CatalogEntry& queue = queues[letter.queue];
            queue.count = queue.count.value_or(0) + 1;
            queue.first = std::min(queue.first.value_or(letter.failedAt), letter.failedAt);
            queue.last = std::max(queue.last.value_or(letter.failedAt), letter.failedAt);
        }
        for (auto& [name, queue] : queues) {
            queue.name = name;
            queue.kind = CatalogKind::DeadLetter;
            entries.push_back(std::move(queue));
        }
    }
    return entries;
}

Result<ScanReceipt> StoreSource::read(const ReadRange& range, EventSink& sink, std::stop_token stop)
{
    if (range.last) {
        return fail(ErrorCode::Unsupported,
            "An event store is read from its beginning; it cannot be asked for its last events.");
    }
    Delivery delivery(m_name, m_options.batch, sink);
    RangeReader reader(range, delivery, stop);
    const EventVisitor visit = [&reader](const EventView& row) { return reader.take(row); };
    if (!range.stream.empty()) {
        if (Status status = m_parts.events->visitStream(range.stream, {}, visit); !status) {
            return std::unexpected(std::move(status.error()));
        }
        return reader.finish();
    }
    GlobalPosition next{std::max<std::int64_t>(range.fromPosition.value_or(0), 0)};
    while (!reader.done()) {
        const Result<ReadAllEnd> end = m_parts.events->visitAll({.from = next, .limit = kReadPage}, visit);
        if (!end) {
            return std::unexpected(end.error());
        }
        if (end->endReached || end->count == 0) {
            break;
        }
        next = end->last.next();
    }
    return reader.finish();
}

Status StoreSource::follow(const FollowStart& start, EventSink& sink, std::stop_token stop)
{
    WakeUp wakeUp;
    const auto bell = m_parts.events->onAppended([&wakeUp] { wakeUp.ring(); });
    GlobalPosition next{start.position == SourceEvent::kNone ? 0 : std::max<std::int64_t>(start.position, 0) + 1};
    if (start.position == SourceEvent::kNone) {
        const Result<GlobalPosition> last = m_parts.events->lastPosition();
        if (!last) {
            return std::unexpected(last.error());
        }
        next = last->next();
    }
    Delivery delivery(m_name, m_options.batch, sink);
    const auto isWanted = [&start](const EventView& row) {
        return (start.stream.empty() || row.stream == start.stream) && !(start.fromTime && row.time < *start.fromTime);
    };
    const EventVisitor visit
        = [&](const EventView& row) { return !stop.stop_requested() && (!isWanted(row) || delivery.add(row)); };
    while (!stop.stop_requested()) {
        const Result<ReadAllEnd> end = m_parts.events->visitAll({.from = next, .limit = kReadPage}, visit);
        if (!end) {
            return std::unexpected(end.error());
        }
        if (!delivery.flush() || !sink.tick()) {
            return {};
        }
        if (end->count > 0) {
            next = end->last.next();
        }
        if (end->endReached) {
            wakeUp.wait(m_options.poll, stop);
        }
    }
    return {};
}

Result<Probe> StoreSource::probe(std::stop_token)
{
    Probe probe;
    const Result<GlobalPosition> last = m_parts.events->lastPosition();
    if (!last) {
        return std::unexpected(last.error());
    }
    probe.lastPosition = last->value;
    if (m_parts.deadLetters) {
        const Result<std::size_t> count = m_parts.deadLetters->count();
        if (!count) {
            return std::unexpected(count.error());
        }
        probe.deadLetters = static_cast<std::int64_t>(*count);
    }
    if (m_parts.outbox) {
        const Result<std::size_t> backlog = m_parts.outbox->backlog();
        if (!backlog) {
            return std::unexpected(backlog.error());
        }
        probe.outboxBacklog = static_cast<std::int64_t>(*backlog);
    }
    return probe;
}

} // namespace eventscope::core
