// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/error.h"
#include "event/event.h"

#include <cstddef>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace eventscope::core {

/// What the writer believes about the stream it appends to.
class ExpectedVersion {
public:
    static constexpr ExpectedVersion any() { return ExpectedVersion{kAny}; }
    static constexpr ExpectedVersion noStream() { return ExpectedVersion{0}; } ///< the same as exactly(0)
    static constexpr ExpectedVersion streamExists() { return ExpectedVersion{kExists}; }
    static constexpr ExpectedVersion exactly(StreamVersion version) { return ExpectedVersion{version.value}; }

    constexpr bool isAny() const { return m_value == kAny; }
    constexpr bool isStreamExists() const { return m_value == kExists; }
    constexpr bool isExact() const { return m_value >= 0; }
    constexpr StreamVersion version() const { return {m_value}; } ///< only when isExact()
    std::string toString() const;
    bool operator==(const ExpectedVersion&) const = default;

private:
    static constexpr std::int64_t kAny = -2;
    static constexpr std::int64_t kExists = -4;
    constexpr explicit ExpectedVersion(std::int64_t value) : m_value(value) { }
    std::int64_t m_value;
};

struct AppendResult {
    StreamVersion lastVersion;   ///< of the last event of this append
    GlobalPosition lastPosition; ///< ditto
    bool alreadyStored = false;  ///< the same event ids were there before: nothing was written again
};

struct StreamAppend {
    std::string_view stream;
    ExpectedVersion expected;
    std::span<const NewEvent> events;
};

enum class Direction { Forward, Backward };

/// A stored event seen in place: every view ends with the visitor's call. `metadata` is the stored
/// JSON text (metadataFromJson reads it), empty or "{}" where there is none.
struct EventView {
    std::string_view stream;
    StreamVersion version;
    GlobalPosition position;
    std::string_view id;
    std::string_view type;
    Timestamp time{};
    std::string_view data;
    std::string_view metadata;

    RecordedEvent toRecorded() const;
};

/// Returns false to stop reading.
using EventVisitor = std::function<bool(const EventView&)>;

inline constexpr std::size_t kNoLimit = std::numeric_limits<std::size_t>::max();

struct ReadStreamOptions {
    /// The first version to read, that one included; unset: the stream's beginning (or, backward, its end).
    std::optional<StreamVersion> from{};
    Direction direction = Direction::Forward;
    std::size_t limit = kNoLimit;
};

struct ReadAllOptions {
    /// The first position to read, that one included; unset: the beginning (or, backward, the end).
    std::optional<GlobalPosition> from{};
    Direction direction = Direction::Forward;
    std::size_t limit = 1000;
    /// Only streams of this category; empty: all.
    std::string_view category{};
};

/// How a read of all events went, so that the next page begins where this one ended.
struct ReadAllEnd {
    std::size_t count = 0;
    GlobalPosition last;    ///< of the last event visited; 0 when there was none
    bool endReached = true; ///< no further event was there; false when the limit or the visitor stopped it
};

struct StreamInfo {
    std::string name;
    std::int64_t count = 0;
    StreamVersion version;
    GlobalPosition first, last; ///< of its first and last event
    Timestamp firstTime{}, lastTime{};
};

/// Append-only storage of events in streams. Every implementation passes the one contract suite
/// (tests/support/event_store_contract.h). // any thread
///
/// Appending. All events of a call are stored in one transaction, or none; the first gets the
/// stream's version + 1. A failure is
///  - InvalidArgument: a stream or an event without a name, or an id twice in the call;
///  - WrongExpectedVersion: the stream is elsewhere than expected, and this append is no repetition;
///  - IdempotencyConflict: an id is stored already, but in another stream, with another content (type
///    or data), or only part of the ids are there;
///  - InDoubt: the connection broke, or the disk failed, during the commit; repeat the same ids to settle it.
/// An append of the very same ids that are stored at expected version + 1 onwards (with any and
/// streamExists: anywhere in that stream, in that order) succeeds, writes nothing, and answers with the
/// original version and position. An append of no events only checks the expected version.
///
/// Reading. Positions grow in the order of commits as far as the reader is concerned: a reader that
/// remembers the last position it saw never misses an event.
class EventStore {
public:
    virtual ~EventStore() = default;

    virtual Result<AppendResult> append(
        std::string_view stream, ExpectedVersion expected, std::span<const NewEvent> events);
    /// Several streams in one transaction: one failure and none of it is stored.
    virtual Result<std::vector<AppendResult>> appendAll(std::span<const StreamAppend> appends) = 0;

    /// NotFound for a stream without events; an empty range of an existing stream is no error.
    virtual Status visitStream(
        std::string_view stream, const ReadStreamOptions& options, const EventVisitor& visit) const = 0;
    virtual Result<ReadAllEnd> visitAll(const ReadAllOptions& options, const EventVisitor& visit) const = 0;

    /// The version of the stream's last event; 0 when it has none.
    virtual Result<StreamVersion> streamVersion(std::string_view stream) const = 0;
    /// The position of the last event of all; 0 in an empty store.
    virtual Result<GlobalPosition> lastPosition() const = 0;
    /// In the order of names, after `after` (exclusive), at most `limit`, only of that category unless empty.
    virtual Result<std::vector<StreamInfo>> streams(
        std::string_view after = {}, std::size_t limit = kNoLimit, std::string_view category = {}) const = 0;
    virtual Result<std::optional<RecordedEvent>> findById(std::string_view eventId) const = 0;

    /// Calls `bell` after every commit of this object, on the committing thread; it must only signal.
    /// Ends with the handle. Commits of other processes ring no bell: poll for those.
    [[nodiscard]] virtual std::shared_ptr<void> onAppended(std::function<void()> bell) = 0;

    // The same reads as whole values.
    Result<std::vector<RecordedEvent>> readStream(std::string_view stream, const ReadStreamOptions& options = {}) const;
    Result<std::vector<RecordedEvent>> readAll(const ReadAllOptions& options = {}) const;
};

} // namespace eventscope::core
