// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/event_log.h"
#include "inspect/filter/filter_expression.h"

#include <cstdint>
#include <memory>
#include <stop_token>
#include <vector>

namespace eventscope::core {

/// What a scan has read and found. `complete`: all rows that were asked for were read.
struct LogScanReceipt {
    std::uint64_t scanned = 0;
    std::uint64_t matched = 0;
    std::uint64_t errors = 0; ///< rows that the filter could not be evaluated for; none of them matched
    bool complete = false;

    LogScanReceipt& operator+=(const LogScanReceipt& other);
    bool operator==(const LogScanReceipt&) const = default;
};

/// An expression made ready for the rows of one log. Says of every row exactly what
/// FilterExpression::match says, errors included, in less time:
///  - what depends on one interned column only (source, type, stream, correlation) is decided once
///    for each of its texts;
///  - points in time are compared as numbers;
///  - a payload is touched only for rows that what stands before it lets through, and parts of AND
///    and OR that cannot fail are tried cheapest first.
///
/// One thread at a time: it keeps what it has decided. Make one for each thread; the log must outlive it.
class LogFilter {
public:
    LogFilter(FilterExpression expression, const EventLog& log);
    ~LogFilter();
    LogFilter(LogFilter&&) noexcept;
    LogFilter& operator=(LogFilter&&) noexcept;

    const FilterExpression& expression() const;

    FilterMatch test(LogRow row); ///< row < log.size()

    /// Appends the matching rows of [from, to) in order; stops early when asked to.
    LogScanReceipt scan(LogRow from, LogRow to, const std::stop_token& stop, std::vector<LogRow>& rows);

private:
    struct Private;
    std::unique_ptr<Private> d;
};

/// The matching rows of [from, to) in order, found by several threads; blocks until all are there or
/// a stop was requested (then the receipt says which part was read: everything up to the first row
/// that was not). `threads` 0: as many as the machine has cores. // any thread
LogScanReceipt scanLog(const FilterExpression& expression, const EventLog& log, LogRow from, LogRow to,
    const std::stop_token& stop, std::vector<LogRow>& rows, unsigned threads = 0);

} // namespace eventscope::core
