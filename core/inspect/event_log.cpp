// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/event_log.h"

#include "event/bell.h"
#include "inspect/log_storage.h"
#include "inspect/log_writer.h"

#include <atomic>
#include <cassert>
#include <mutex>

namespace eventscope::core {

struct EventLog::Private {
    explicit Private(Options o) : options(o), writer(storage, o.budgetBytes) { }

    void publish();

    const Options options;
    LogStorage storage;
    std::mutex writeMutex;
    LogWriter writer; // under writeMutex
    std::atomic<LogRow> published{0};
    std::atomic<std::uint64_t> payloadBytes{0}, held{0}, refused{0}, undecodable{0};
    Bell bell;
};

EventLog::EventLog() : EventLog(Options{}) { }
EventLog::EventLog(Options options) : d(std::make_unique<Private>(options)) { }
EventLog::~EventLog() = default;

void EventLog::append(std::span<const SourceEvent> batch)
{
    if (batch.empty()) {
        return;
    }
    {
        const std::scoped_lock lock(d->writeMutex);
        d->writer.write(batch);
        d->publish();
    }
    d->bell.ring();
}

void EventLog::Private::publish()
{
    const LogWriter::Totals& totals = writer.totals();
    payloadBytes.store(totals.payloadBytes, std::memory_order_relaxed);
    held.store(writer.heldBytes(), std::memory_order_relaxed);
    refused.store(totals.refused, std::memory_order_relaxed);
    undecodable.store(totals.undecodable, std::memory_order_relaxed);
    // Readers that see this count see all that the rows below it refer to.
    published.store(totals.rows, std::memory_order_release);
}

LogRow EventLog::size() const
{
    return d->published.load(std::memory_order_acquire);
}

EventLog::Usage EventLog::usage() const
{
    return {.events = size(),
        .payloadBytes = d->payloadBytes.load(std::memory_order_relaxed),
        .heldBytes = d->held.load(std::memory_order_relaxed),
        .budgetBytes = d->options.budgetBytes,
        .refused = d->refused.load(std::memory_order_relaxed),
        .undecodable = d->undecodable.load(std::memory_order_relaxed)};
}

LogEvent EventLog::at(LogRow row) const
{
    assert(row < size());
    return d->storage.event(row);
}

Timestamp EventLog::timeAt(LogRow row) const
{
    return d->storage.timeOf(row);
}

TextId EventLog::streamAt(LogRow row) const
{
    return d->storage.streamOf(row);
}

TextId EventLog::typeAt(LogRow row) const
{
    return d->storage.typeOf(row);
}

TextId EventLog::sourceAt(LogRow row) const
{
    return d->storage.sourceOf(row);
}

TextId EventLog::correlationAt(LogRow row) const
{
    return d->storage.correlationOf(row);
}

IdText EventLog::idAt(LogRow row) const
{
    return d->storage.idOf(row);
}

std::string_view EventLog::payloadAt(LogRow row) const
{
    return d->storage.recordOf(row).payload;
}

void EventLog::headersAt(LogRow row, const std::function<void(HeaderView)>& take) const
{
    d->storage.visitHeaders(row, take);
}

std::string_view EventLog::text(TextId id) const
{
    return d->storage.texts.text(id);
}

bool EventLog::findText(std::string_view text, TextId& id) const
{
    return d->storage.texts.find(text, id);
}

std::shared_ptr<void> EventLog::onAppended(std::function<void()> bell)
{
    return d->bell.listen(std::move(bell));
}

} // namespace eventscope::core
