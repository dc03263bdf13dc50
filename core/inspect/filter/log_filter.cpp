// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/filter/log_filter.h"

#include "inspect/filter/log_predicate.h"
#include "inspect/log_windows.h"

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <thread>
#include <utility>

namespace eventscope::core {

namespace {

/// What one thread takes at a time: long enough to be worth it, short enough to end together.
constexpr LogRow kRowsOfBlock = LogRow{1} << 16;

} // namespace

LogScanReceipt& LogScanReceipt::operator+=(const LogScanReceipt& other)
{
    scanned += other.scanned;
    matched += other.matched;
    errors += other.errors;
    complete = complete && other.complete;
    return *this;
}

struct LogFilter::Private {
    Private(FilterExpression e, const EventLog& l)
        : log(l), expression(std::move(e)), predicate(makeLogPredicate(expression, l))
    {
    }

    const EventLog& log;
    FilterExpression expression;
    LogPredicatePtr predicate;
};

LogFilter::LogFilter(FilterExpression expression, const EventLog& log)
    : d(std::make_unique<Private>(std::move(expression), log))
{
}

LogFilter::~LogFilter() = default;
LogFilter::LogFilter(LogFilter&&) noexcept = default;
LogFilter& LogFilter::operator=(LogFilter&&) noexcept = default;

const FilterExpression& LogFilter::expression() const
{
    return d->expression;
}

FilterMatch LogFilter::test(LogRow row)
{
    return d->predicate->test(row);
}

LogScanReceipt LogFilter::scan(LogRow from, LogRow to, const std::stop_token& stop, std::vector<LogRow>& rows)
{
    LogScanReceipt receipt;
    receipt.complete
        = from >= to || (!stop.stop_requested() && forEachWindow(d->log, from, to, [&](LogRow begin, RowMask& window) {
              RowMask errors(window.rows());
              if (!window.isEmpty())
                  d->predicate->decide(begin, window, errors);
              window.forEach([&](std::size_t row) { rows.push_back(begin + row); });
              receipt.scanned += window.rows();
              receipt.matched += window.count();
              receipt.errors += errors.count();
              return !stop.stop_requested();
          }));
    return receipt;
}

LogScanReceipt scanLog(const FilterExpression& expression, const EventLog& log, LogRow from, LogRow to,
    const std::stop_token& stop, std::vector<LogRow>& rows, unsigned threads)
{
    struct Block {
        LogScanReceipt receipt;
        std::vector<LogRow> rows;
    };
    const std::size_t blockCount
        = to > from ? static_cast<std::size_t>((to - from + kRowsOfBlock - 1) / kRowsOfBlock) : 0;
    std::vector<Block> blocks(blockCount);
    std::atomic<std::size_t> next = 0;
    const auto work = [&] {
        LogFilter filter(expression, log);
        for (std::size_t i = next++; i < blockCount; i = next++) {
            const LogRow begin = from + i * kRowsOfBlock;
            blocks[i].receipt = filter.scan(begin, std::min(begin + kRowsOfBlock, to), stop, blocks[i].rows);
        }
    };

    const unsigned wanted = threads == 0 ? std::max(std::thread::hardware_concurrency(), 1U) : threads;
    {
        std::vector<std::jthread> helpers;
        for (std::size_t i = 1; i < std::min<std::size_t>(wanted, blockCount); ++i)
            helpers.emplace_back(work);
        work();
    }

    LogScanReceipt receipt;
    receipt.complete = true;
    for (Block& block : blocks) {
        rows.insert(rows.end(), block.rows.begin(), block.rows.end());
        receipt += block.receipt;
        if (!receipt.complete)
            break;
    }
    return receipt;
}

} // namespace eventscope::core
