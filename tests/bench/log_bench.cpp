// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench.h"
#include "order_events.h"

#include "inspect/event_log.h"
#include "inspect/log_memory.h"
#include "inspect/log_pages.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

namespace eventscope::bench {

namespace {

using namespace eventscope::core;

constexpr std::size_t kBatch = 512;
constexpr std::size_t kPrepared = 300'000; ///< events that are there before the clock runs
constexpr std::size_t kBudget = std::size_t{8} << 30;

/// The events of a source that delivers as fast as it is asked.
struct Prepared {
    Prepared() : makers(kPrepared / kBatch)
    {
        for (std::size_t i = 0; i < makers.size(); ++i) {
            batches.push_back(makers[i].make(i * kBatch, kBatch));
            for (const SourceEvent& event : batches.back())
                payloadBytes += event.payload.size();
        }
    }
    std::vector<OrderEvents> makers;
    std::vector<std::span<const SourceEvent>> batches;
    std::uint64_t payloadBytes = 0;
};

Work append(const Prepared& events, std::size_t turns)
{
    EventLog log({.budgetBytes = kBudget});
    for (std::size_t turn = 0; turn < turns; ++turn) {
        for (const auto& batch : events.batches)
            log.append(batch);
    }
    const EventLog::Usage usage = log.usage();
    return {static_cast<double>(usage.events), usage.payloadBytes};
}

/// Each payload into the same kind of memory, with a record of 16 bytes that says where it lies.
Work copyBarely(const Prepared& events, std::size_t turns)
{
    struct Record {
        std::uint64_t end, time;
    };
    LogPages pages({});
    LogArena arena(pages);
    std::uint64_t count = 0;
    std::uint64_t bytes = 0;
    for (std::size_t turn = 0; turn < turns; ++turn) {
        for (const auto& batch : events.batches) {
            for (const SourceEvent& event : batch) {
                const std::size_t needed = event.payload.size() + sizeof(Record);
                if (!arena.fits(needed) && !arena.addBlock(LogPages::Place::Memory))
                    return {};
                char* const out = arena.reserve(needed);
                const Record record{arena.end(), static_cast<std::uint64_t>(event.time.time_since_epoch().count())};
                std::memcpy(out, &record, sizeof record);
                std::memcpy(out + sizeof record, event.payload.data(), event.payload.size());
                arena.commit(needed);
                bytes += event.payload.size();
            }
            count += batch.size();
            if (arena.end() % LogArena::kBlockSize > LogArena::kBlockSize / 4)
                pages.prepare(LogArena::kBlockSize, LogPages::Place::Memory, LogArena::kBlockSize);
        }
    }
    return {static_cast<double>(count), bytes};
}

double bytesBesidePayload(bool withFlow, std::size_t size)
{
    EventLog log({.budgetBytes = kBudget});
    OrderEvents events;
    std::string flows;
    for (std::size_t at = 0; at < size; at += kBatch) {
        const auto made = events.make(at, std::min(kBatch, size - at));
        std::vector<SourceEvent> batch(made.begin(), made.end());
        const std::array<HeaderView, 2> headers{{{"tenant", "eu-1"}, {"content-type", "application/json"}}};
        if (withFlow) {
            for (std::size_t i = 0; i < batch.size(); ++i) {
                // Six events of a flow, each caused by the one before.
                const std::size_t first = i / 6 * 6;
                batch[i].correlationId = batch[first].id;
                batch[i].causationId = i == first ? std::string_view() : batch[i - 1].id;
                batch[i].headers = headers;
            }
        }
        log.append(batch);
    }
    const EventLog::Usage usage = log.usage();
    return static_cast<double>(usage.heldBytes - usage.payloadBytes) / static_cast<double>(usage.events);
}

} // namespace

} // namespace eventscope::bench

using namespace eventscope::bench;

EVENTSCOPE_BENCH(log_append)
{
    const Prepared events;
    const std::size_t turns = std::max<std::size_t>(wantedSize(2'100'000) / kPrepared, 1);
    report.compare(
        {.what = "append to the log and index",
            .baselineName = "bare copy into the arena",
            .target = 0.5,
            .rounds = 7,
            .note = "both on pages of the same kind, touched ahead by the same thread"},
        [&] { return append(events, turns); }, [&] { return copyBarely(events, turns); });
}

EVENTSCOPE_BENCH(log_memory)
{
    const std::size_t size = wantedSize(2'000'000);
    report.figure({.what = "bytes beside the payload, six columns",
        .unit = "bytes an event",
        .value = bytesBesidePayload(false, size),
        .boundName = "of six columns",
        .bound = 24});
    report.figure({.what = "the same with flows and headers",
        .unit = "bytes an event",
        .value = bytesBesidePayload(true, size),
        .boundName = "with correlation and headers",
        .bound = 40});
}
