// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/event_log.h"

#include "event/bell.h"
#include "inspect/event_marks.h"
#include "inspect/log_index.h"
#include "inspect/log_storage.h"
#include "inspect/log_writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cassert>
#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <mutex>
#include <system_error>

#include <unistd.h>

namespace eventscope::core {

struct EventLog::Private {
    Private(const EventLog& log, const Options& o)
        : storage({o.spillFolder, o.keepFreeBytes})
        , writer(storage, {o.budgetBytes, o.memoryBytes, o.atLimit})
        , index(log)
    {
        publish();
    }

    void write(std::span<const SourceEvent> batch);
    void publish();

    LogStorage storage;
    mutable std::mutex writeMutex;
    LogWriter writer; // under writeMutex
    std::atomic<LogRow> published{0};
    std::atomic<std::uint64_t> payloadBytes{0}, held{0}, disk{0}, budget{0}, refused{0}, undecodable{0};
    std::atomic<LogAtLimit> atLimit{LogAtLimit::Stop};
    std::atomic<LogLimit> reached{LogLimit::None};
    Bell bell;
    EventMarks marks;
    LogIndex index;
};

EventLog::EventLog() : EventLog(Options{}) { }
EventLog::EventLog(Options options) : d(std::make_unique<Private>(*this, options)) { }
EventLog::~EventLog() = default;

void EventLog::append(std::span<const SourceEvent> batch)
{
    if (batch.empty()) {
        return;
    }
    {
        const std::scoped_lock lock(d->writeMutex);
        d->write(batch);
        d->publish();
    }
    d->bell.ring();
}

// A marked event is written by itself, so that its row is known; they are few.
void EventLog::Private::write(std::span<const SourceEvent> batch)
{
    while (!batch.empty()) {
        const auto marked = std::ranges::find(batch, true, &SourceEvent::isMarked);
        const auto plain = static_cast<std::size_t>(marked - batch.begin());
        if (plain > 0) {
            writer.write(batch.first(plain));
        }
        batch = batch.subspan(plain);
        if (batch.empty()) {
            return;
        }
        const LogRow row = writer.totals().rows;
        writer.write(batch.first(1));
        if (writer.totals().rows > row) {
            marks.set(row, std::string(batch.front().note));
        }
        batch = batch.subspan(1);
    }
}

void EventLog::Private::publish()
{
    const LogWriter::Totals& totals = writer.totals();
    payloadBytes.store(totals.payloadBytes - writer.droppedPayloadBytes(), std::memory_order_relaxed);
    held.store(writer.heldBytes(), std::memory_order_relaxed);
    disk.store(storage.arena.diskBytes(), std::memory_order_relaxed);
    budget.store(writer.limits().budgetBytes, std::memory_order_relaxed);
    atLimit.store(writer.limits().atLimit, std::memory_order_relaxed);
    reached.store(writer.reached(), std::memory_order_relaxed);
    refused.store(totals.refused, std::memory_order_relaxed);
    undecodable.store(totals.undecodable, std::memory_order_relaxed);
    // Readers that see this count see all that the rows below it refer to.
    published.store(totals.rows, std::memory_order_release);
}

EventMarks& EventLog::marks()
{
    return d->marks;
}

const EventMarks& EventLog::marks() const
{
    return d->marks;
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
        .diskBytes = d->disk.load(std::memory_order_relaxed),
        .budgetBytes = d->budget.load(std::memory_order_relaxed),
        .refused = d->refused.load(std::memory_order_relaxed),
        .dropped = firstRow(),
        .undecodable = d->undecodable.load(std::memory_order_relaxed),
        .unreadableBytes = d->storage.pages.lostPages() * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE)),
        .atLimit = d->atLimit.load(std::memory_order_relaxed),
        .reached = d->reached.load(std::memory_order_relaxed),
        .hasFile = d->storage.pages.hasDisk()};
}

std::string EventLog::limitReached() const
{
    const Usage now = usage();
    if (now.unreadableBytes > 0) {
        return fmt::format(
            "The disk of {} does not give back {} kB of the log: the events in them are lost or incomplete. "
            "Read them from their source again, with a folder on another disk.",
            d->storage.pages.folder(), now.unreadableBytes >> 10);
    }
    if (now.refused == 0 && now.dropped == 0) {
        return {};
    }
    std::string why;
    switch (now.reached) {
    case LogLimit::Disk:
    case LogLimit::Memory: {
        const std::scoped_lock lock(d->writeMutex);
        why = d->storage.pages.problem();
        break;
    }
    case LogLimit::Budget:
    case LogLimit::None: why = fmt::format("The log's budget of {} MB is used up.", now.budgetBytes >> 20); break;
    }
    const char* const effect = now.atLimit == LogAtLimit::Stop
        ? "What comes now is counted, but not kept. Give the log more room, or let it drop the oldest events."
        : "The oldest events are let go for those that come. Give the log more room to keep more.";
    return fmt::format("{} {}", why, effect);
}

void EventLog::setBudget(std::size_t budgetBytes, std::size_t memoryBytes, LogAtLimit atLimit)
{
    {
        const std::scoped_lock lock(d->writeMutex);
        d->writer.setLimits({budgetBytes, memoryBytes, atLimit});
        d->publish();
    }
    d->bell.ring();
}

LogRow EventLog::firstRow() const
{
    const LogRow first = d->storage.firstRow.load();
    return std::min(first, size());
}

EventLog::Hold::Hold(const EventLog& log) : m_log(log), m_side(log.d->storage.holds.enter()) { }

EventLog::Hold::~Hold()
{
    m_log.d->storage.holds.leave(m_side);
}

LogIndex& EventLog::index() const
{
    return d->index;
}

const LogStorage& EventLog::storage() const
{
    return d->storage;
}

EventLog::Options EventLog::Options::usual()
{
    Options options;
    const long pages = ::sysconf(_SC_PHYS_PAGES);
    const long pageSize = ::sysconf(_SC_PAGESIZE);
    constexpr std::size_t kLeast = std::size_t{256} << 20;
    const std::size_t machine
        = pages > 0 && pageSize > 0 ? static_cast<std::size_t>(pages) * static_cast<std::size_t>(pageSize) : 0;
    options.memoryBytes = std::max(machine / 4, kLeast);
    options.budgetBytes = options.memoryBytes;
    options.keepFreeBytes = std::uint64_t{1} << 30;

    std::filesystem::path cache;
    const char* const wanted = std::getenv("XDG_CACHE_HOME");
    const char* const home = std::getenv("HOME");
    if (wanted && *wanted == '/') {
        cache = wanted;
    } else if (home && *home == '/') {
        cache = std::filesystem::path(home) / ".cache";
    } else {
        return options;
    }
    options.spillFolder = (cache / "eventscope").string();
    std::error_code error;
    std::filesystem::path there = cache;
    while (!std::filesystem::exists(there, error) && there.has_relative_path()) {
        there = there.parent_path();
    }
    const auto space = std::filesystem::space(there, error);
    options.budgetBytes += error ? 0 : std::min<std::size_t>(3 * options.memoryBytes, space.available / 2);
    return options;
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
