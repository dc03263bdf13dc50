// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/error.h"
#include "inspect/source_event.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace eventscope::core {

class FilterExpression;
struct KeptSaga;

enum class CatalogKind { Stream, Topic, Queue, DeadLetter };
/// "stream", "topic", "queue" or "dead-letter".
std::string_view toString(CatalogKind kind);

struct CatalogEntry {
    std::string name;
    CatalogKind kind = CatalogKind::Stream;
    std::optional<std::int64_t> count;
    bool countIsEstimate = false;
    std::optional<Timestamp> first, last; ///< times of its first and last event, where known
};

/// What a technology can do. A view that cannot have something says so; nothing is faked.
struct Capabilities {
    bool readRange = false;   ///< can be read from any position without consuming
    bool follow = false;      ///< delivers new events as they come
    bool backward = false;    ///< can be read newest first
    bool streams = false;     ///< knows streams with versions
    bool deadLetters = false; ///< has dead letters that can be listed
    bool requeue = false;
    bool discard = false; ///< can delete one dead letter for good
    bool sagas = false;
    bool topicsAreSources = false; ///< its events' source is "<connection>/<topic>"
    bool topicsAreCopies = false;  ///< its topics carry the events of its streams once more, and are only counted
    bool keepsSources = false;     ///< its events' sources are those that they came from, before they were kept
};

struct ReadRange {
    std::string stream;                                   ///< empty: all
    std::optional<std::int64_t> fromPosition, toPosition; ///< both included
    std::optional<Timestamp> fromTime, toTime;            ///< both included
    std::optional<std::uint64_t> limit;
    /// Of all that, only so many of the newest, in order. Unsupported unless the source can read backward.
    std::optional<std::uint64_t> last{};
    /// Nobody wants what this does not let through. A source may leave it out, as far as it can tell; whoever
    /// receives looks at all that comes. Lives as long as the call.
    const FilterExpression* filter = nullptr;
};

/// How a range would be read: for people who ask.
struct ReadPlan {
    std::string statement; ///< what the source's server is asked, e.g. SQL; empty: it is not asked in words
    std::vector<std::string> parameters;
    std::string pushed;             ///< the part of the filter that the server looks at; empty: none of it
    std::string here;               ///< the part that is looked at here; empty: none
    std::vector<std::string> steps; ///< the server's own plan, line by line, where it has one
};

/// Where a follower begins. A position alone is enough for most: a number is one.
struct FollowStart {
    FollowStart() = default;
    FollowStart(std::int64_t after) : position(after) { } // a position is a start

    /// What is there after it is delivered first: Source::kBeginning for everything, SourceEvent::kNone
    /// for nothing of it.
    std::int64_t position = -1;
    std::string stream{};                ///< only this one; empty: all
    std::optional<Timestamp> fromTime{}; ///< nothing older than this
    /// Of what is there, only about so many of the newest, where the source can read backward.
    std::optional<std::uint64_t> last{};
    /// What an earlier follower's Source::cursor() said: goes on behind it, whatever stands above.
    std::string cursor{};
};

/// Takes events in batches, on the source's thread.
class EventSink {
public:
    virtual ~EventSink() = default;
    /// Returns false to stop the source.
    virtual bool deliver(std::span<const SourceEvent> batch) = 0;
    /// follow() calls this at least once a second, between batches, with no read in flight: catalog()
    /// and probe() may be called from within. Returns false to stop the source.
    virtual bool tick() { return true; }
    /// Something that whoever looks should know, though it goes on: a file was replaced, a topic grew.
    virtual void notice(std::string_view sentence) { (void)sentence; }
};

/// How a read ended. `complete`: everything in the range that was there was delivered.
struct ScanReceipt {
    std::uint64_t scanned = 0;
    std::uint64_t bytes = 0;
    std::uint64_t undecodable = 0;
    struct Range {
        std::string stream; ///< topic, queue or stream; empty: all
        std::int32_t partition = -1;
        std::int64_t from = 0, to = 0; ///< positions read, both included
    };
    std::vector<Range> ranges;
    bool complete = false;
    std::string stoppedBecause; ///< a sentence when not complete
    std::string pushed{};       ///< the part of the filter that decided at the server what is scanned
};

/// What a partition holds, and where one of its readers stands in it.
struct PartitionPlace {
    std::string topic;
    std::int32_t partition = -1;
    std::int64_t first = 0, end = 0;    ///< positions: the first that is there, and the one after the last
    std::string group{};                ///< of consumers; empty: none has kept a place there
    std::optional<std::int64_t> next{}; ///< the position that the group handles next
    bool operator==(const PartitionPlace&) const = default;

    /// What the group has not handled yet, of what is still there.
    std::optional<std::int64_t> lag() const
    {
        if (!next) {
            return std::nullopt;
        }
        const std::int64_t from = *next > first ? *next : first;
        return end > from ? end - from : 0;
    }
};

/// Figures that say how a source is doing right now.
struct Probe {
    std::optional<std::int64_t> lastPosition;
    std::optional<std::int64_t> lag; ///< events that consumers have not handled yet
    std::optional<std::int64_t> deadLetters;
    std::optional<std::int64_t> outboxBacklog;
    /// What else has a level: "depth of orders", "consumers of orders". Charted under these names.
    struct Gauge {
        std::string name;
        double value = 0;
        bool operator==(const Gauge&) const = default;
    };
    std::vector<Gauge> gauges;
    /// Where there are partitions: each of them once for each group that keeps a place in it. Shared, as
    /// there may be thousands; nullptr: there are none.
    std::shared_ptr<const std::vector<PartitionPlace>> partitions;
};

/// A connection to look through: all read-only. One thread at a time, the connection's own; blocks
/// there, and returns soon after a stop was requested.
class Source {
public:
    static constexpr std::int64_t kBeginning = -1; ///< a position before all others

    virtual ~Source() = default;

    virtual const std::string& name() const = 0;   // any thread
    virtual Capabilities capabilities() const = 0; // any thread

    virtual Result<std::vector<CatalogEntry>> catalog(std::stop_token stop) = 0;
    virtual Result<ScanReceipt> read(const ReadRange& range, EventSink& sink, std::stop_token stop) = 0;
    /// Delivers what is there from `start` on and then everything new, until stopped (ok), the sink
    /// refuses (ok), or the source fails.
    virtual Status follow(const FollowStart& start, EventSink& sink, std::stop_token stop) = 0;
    /// How far follow() got, where one position cannot say it: a topic has one for each of its
    /// partitions. Opaque; empty where the last event's position says it all.
    virtual std::string cursor() const { return {}; }
    virtual Result<Probe> probe(std::stop_token stop) = 0;
    /// How read() would go about it. Without more knowledge: everything comes, and the filter is looked at here.
    virtual Result<ReadPlan> plan(const ReadRange& range, std::stop_token stop);
    /// Sagas that are kept as rows instead of as events, where the source knows such. // see kept_saga.h
    virtual Result<std::vector<KeptSaga>> keptSagas(std::stop_token stop);
    /// Sentences for people about what the calls so far could not show, or what they cost.
    virtual std::vector<std::string> notices() const { return {}; }
};

} // namespace eventscope::core
