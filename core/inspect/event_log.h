// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/id_text.h"
#include "inspect/source_event.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace eventscope::core {

class EventMarks;
class LogIndex;
class LogStorage;

/// A row of the log: its number never changes while the log lives.
using LogRow = std::uint64_t;

/// An interned text of the log (a source, stream, type or correlation id). 0 is the empty text.
using TextId = std::uint32_t;

/// One row's columns. Views live as long as the log; the ids' text as long as this object.
struct LogEvent {
    std::int64_t position = SourceEvent::kNone;
    std::int64_t version = SourceEvent::kNone;
    std::int32_t partition = -1;
    Timestamp time{};
    bool hasTime = true;
    bool payloadIsNull = false;
    bool isLate = false; ///< see SourceEvent::isLate
    TextId source = 0, stream = 0, type = 0, correlation = 0;
    IdText id;
    IdText causationId;
    std::string_view payload; ///< exact bytes; SIMDJSON_PADDING bytes after them may be read
    std::string_view undecodable;
    std::string_view attempts; ///< see SourceEvent
};

/// What happens when the log's budget is used up.
enum class LogAtLimit : std::uint8_t {
    Stop,       ///< what comes is counted and not kept: the log holds the beginning
    DropOldest, ///< the oldest rows go, a few thousand at a time: the log holds the end
};

/// What keeps the log from holding more.
enum class LogLimit : std::uint8_t { None, Budget, Disk, Memory };

/// The append-only log that everything on screen is a view of: columnar, in chunks that never move,
/// texts that repeat interned, payload bytes exact.
///
/// Payloads past its share of memory lie in a memory-mapped file. At the budget it stops or lets the
/// oldest rows go, as chosen, and counts them.
///
/// Writers (the connections' threads) take turns under a lock of their own; readers take no lock:
/// they see the rows from firstRow() below size() as of their call. A row that has been dropped reads
/// as an empty one; bytes that were read out of one before turn to zeros some time later, unless a
/// Hold was there all the time.
class EventLog {
public:
    struct Options {
        std::size_t budgetBytes = std::size_t{1} << 30; ///< what the log may hold; see Usage::refused
        std::size_t memoryBytes = std::numeric_limits<std::size_t>::max(); ///< of this, in memory
        std::string spillFolder;         ///< where the file of what is past that lies; empty: all is in memory
        std::uint64_t keepFreeBytes = 0; ///< of that folder's disk, for everybody else
        LogAtLimit atLimit = LogAtLimit::Stop;

        /// A quarter of the machine's memory, and on the disk of the user's cache folder three times as much,
        /// as long as half of what is free there stays free.
        static Options usual();
    };
    /// While it lives, what is read out of rows that are there stays as it is; short, please. // any thread
    class Hold {
    public:
        ~Hold();
        Hold(const Hold&) = delete;
        Hold& operator=(const Hold&) = delete;

    private:
        friend class EventLog;
        explicit Hold(const EventLog& log);
        const EventLog& m_log;
        const unsigned m_side;
    };

    EventLog();
    explicit EventLog(Options options);
    ~EventLog();
    EventLog(const EventLog&) = delete;
    EventLog& operator=(const EventLog&) = delete;

    /// Appends a batch and rings. At the budget nothing more is kept, and what came is counted. Events that
    /// come marked are marked here.
    void append(std::span<const SourceEvent> batch); // any thread

    LogRow size() const;     // any thread
    LogRow firstRow() const; ///< those before it have been dropped; <= size() // any thread
    [[nodiscard]] Hold hold() const { return Hold(*this); }
    LogEvent at(LogRow row) const; // any thread; row < size()
    // Single columns, for views and filters that need no more.
    Timestamp timeAt(LogRow row) const;
    TextId streamAt(LogRow row) const;
    TextId typeAt(LogRow row) const;
    TextId sourceAt(LogRow row) const;
    TextId correlationAt(LogRow row) const;
    /// The id and the payload alone, without the rest of the row.
    IdText idAt(LogRow row) const;
    std::string_view payloadAt(LogRow row) const;
    /// Calls `take` for each header in order.
    void headersAt(LogRow row, const std::function<void(HeaderView)>& take) const;

    std::string_view text(TextId id) const; // any thread
    /// The id of a text that is already interned; nothing when no row can have it.
    bool findText(std::string_view text, TextId& id) const; // any thread

    /// What people marked and noted; marks of rows that were dropped may still be there. // any thread
    EventMarks& marks();
    const EventMarks& marks() const;

    struct Usage {
        std::uint64_t events = 0; ///< that came and were kept, those dropped later included
        std::uint64_t payloadBytes = 0;
        std::uint64_t heldBytes = 0; ///< of payloads and columns
        std::uint64_t diskBytes = 0; ///< of these, in the file
        std::uint64_t budgetBytes = 0;
        std::uint64_t refused = 0; ///< events not kept because there was no room
        std::uint64_t dropped = 0; ///< events that were let go for later ones
        std::uint64_t undecodable = 0;
        std::uint64_t unreadableBytes = 0; ///< of the file, which the disk does not give back: they read as zeros
        LogAtLimit atLimit = LogAtLimit::Stop;
        LogLimit reached = LogLimit::None;
        bool hasFile = false; ///< what does not fit memory may lie on a disk
    };
    Usage usage() const; // any thread
    /// A sentence for people: why events are not kept, let go or lost, and what to do; empty while all is well.
    std::string limitReached() const; // any thread

    /// What it may hold from now on. A smaller budget lets the oldest go at once where that was chosen. // any thread
    void setBudget(std::size_t budgetBytes, std::size_t memoryBytes, LogAtLimit atLimit);

    /// Calls `bell` after appends, on the appending thread; it must only signal. Ends with the handle.
    [[nodiscard]] std::shared_ptr<void> onAppended(std::function<void()> bell);

    /// Rows by id, cause, flow, stream, position and time: one for everybody who asks. // any thread
    LogIndex& index() const;

    /// Where the rows lie, for scans that go through whole columns and blocks. // under a hold
    const LogStorage& storage() const;

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace eventscope::core
