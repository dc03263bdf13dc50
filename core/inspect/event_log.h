// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/id_text.h"
#include "inspect/source_event.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string_view>

namespace eventscope::core {

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
    TextId source = 0, stream = 0, type = 0, correlation = 0;
    IdText id;
    IdText causationId;
    std::string_view payload; ///< exact bytes; SIMDJSON_PADDING bytes after them may be read
    std::string_view undecodable;
};

/// The append-only log that everything on screen is a view of: columnar, in chunks that never move,
/// texts that repeat interned, payload bytes exact.
///
/// Writers (the connections' threads) take turns under a lock of their own; readers take no lock:
/// they see the rows below size() as of their call.
class EventLog {
public:
    struct Options {
        std::size_t budgetBytes = std::size_t{1} << 30; ///< what the log may hold; see Usage::refused
    };
    EventLog();
    explicit EventLog(Options options);
    ~EventLog();
    EventLog(const EventLog&) = delete;
    EventLog& operator=(const EventLog&) = delete;

    /// Appends a batch and rings. At the budget nothing more is kept, and what came is counted.
    void append(std::span<const SourceEvent> batch); // any thread

    LogRow size() const;           // any thread
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

    struct Usage {
        std::uint64_t events = 0;
        std::uint64_t payloadBytes = 0;
        std::uint64_t heldBytes = 0; ///< memory of payloads and columns
        std::uint64_t budgetBytes = 0;
        std::uint64_t refused = 0; ///< events not kept because the budget was used up
        std::uint64_t undecodable = 0;
    };
    Usage usage() const; // any thread

    /// Calls `bell` after appends, on the appending thread; it must only signal. Ends with the handle.
    [[nodiscard]] std::shared_ptr<void> onAppended(std::function<void()> bell);

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace eventscope::core
