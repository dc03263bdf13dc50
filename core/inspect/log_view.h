// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/log_worker.h"
#include "inspect/row_filter.h"
#include "inspect/row_list.h"

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace eventscope::core {

/// The rows of the log that a filter lets through, in the log's order, growing as the log grows. A
/// LogWorker computes it; dropping the view cancels that. Another filter is another view: nothing of
/// an old one can turn up in it. // any thread
class LogView final : public LogTask {
public:
    /// Not yet at work: give it to a LogWorker, or use open(). `log` must outlive it.
    LogView(const EventLog& log, RowFilter filter);
    static std::shared_ptr<LogView> open(const EventLog& log, LogWorker& worker, RowFilter filter);

    const RowFilter& filter() const { return m_filter; }

    std::uint64_t count() const { return m_rows.count(); }
    LogRow rowAt(std::uint64_t index) const { return m_rows.at(index); } ///< index < count()
    /// The index of the first shown row that is not before `row`; count() when there is none.
    std::uint64_t firstNotBefore(LogRow row) const { return m_rows.firstNotBefore(row, count()); }

    struct Receipt {
        std::uint64_t scanned = 0; ///< rows looked at
        std::uint64_t matched = 0;
        std::uint64_t errors = 0; ///< rows that the filter could not decide about: not shown
        std::string firstError;   ///< a sentence
        bool complete = false;    ///< every row that the log has now was looked at
        bool outOfMemory = false; ///< some matches had to be left out
    };
    Receipt receipt() const;

protected:
    bool take(const EventLog& log, LogRow from, LogRow to) override;
    bool takeMany(const EventLog& log, LogRow from, LogRow to, ScanCrew& crew) override;
    LogRow mostAtOnce() const override { return LogRow{1} << 21; }

private:
    bool keep(const RowMatches& found);

    const EventLog& m_log;
    const RowFilter m_filter;
    std::vector<std::unique_ptr<RowMatcher>> m_matchers; // the worker's, one for each of its threads
    std::vector<RowMatches> m_found;                     // ditto, one for each job
    RowList m_rows;
    mutable std::mutex m_mutex;
    std::uint64_t m_errors = 0;
    std::string m_firstError;
    bool m_outOfMemory = false;
};

} // namespace eventscope::core
