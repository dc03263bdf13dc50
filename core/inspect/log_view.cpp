// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/log_view.h"

#include <algorithm>
#include <utility>

namespace eventscope::core {

namespace {

/// What one thread takes at a time: as many rows as a matcher looks at together.
constexpr LogRow kJob = RowMask::kRows;

} // namespace

LogView::LogView(const EventLog& log, RowFilter filter) : m_log(log), m_filter(std::move(filter)), m_found(1)
{
    m_matchers.push_back(std::make_unique<RowMatcher>(m_log, m_filter));
}

std::shared_ptr<LogView> LogView::open(const EventLog& log, LogWorker& worker, RowFilter filter)
{
    auto view = std::make_shared<LogView>(log, std::move(filter));
    worker.add(view);
    return view;
}

LogView::Receipt LogView::receipt() const
{
    Receipt receipt;
    receipt.scanned = scanned();
    receipt.complete = receipt.scanned == m_log.size();
    receipt.matched = count();
    const std::scoped_lock lock(m_mutex);
    receipt.errors = m_errors;
    receipt.firstError = m_firstError;
    receipt.outOfMemory = m_outOfMemory;
    return receipt;
}

bool LogView::take(const EventLog&, LogRow from, LogRow to)
{
    m_found.front().clear();
    m_matchers.front()->match(from, to, m_found.front());
    return keep(m_found.front());
}

bool LogView::takeMany(const EventLog& log, LogRow from, LogRow to, ScanCrew& crew)
{
    const auto jobs = static_cast<std::size_t>((to - from + kJob - 1) / kJob);
    if (jobs < 2) {
        return take(log, from, to);
    }
    while (m_matchers.size() < crew.size()) {
        m_matchers.push_back(std::make_unique<RowMatcher>(m_log, m_filter));
    }
    m_found.resize(std::max(m_found.size(), jobs));
    crew.run(jobs, [&](std::size_t job, unsigned worker) {
        const LogRow begin = from + job * kJob;
        m_found[job].clear();
        m_matchers[worker]->match(begin, std::min(begin + kJob, to), m_found[job]);
    });
    bool changed = false;
    for (std::size_t job = 0; job < jobs; ++job) {
        changed = keep(m_found[job]) || changed;
    }
    return changed;
}

bool LogView::keep(const RowMatches& found)
{
    const bool kept = found.rows.empty() || m_rows.append(found.rows);
    if (found.errors > 0 || !kept) {
        std::string sentence = found.errors > 0 && m_errors == 0 ? m_matchers.front()->explain(*found.firstError) : "";
        const std::scoped_lock lock(m_mutex);
        if (m_errors == 0) {
            m_firstError = std::move(sentence);
        }
        m_errors += found.errors;
        m_outOfMemory = m_outOfMemory || !kept;
    }
    return !found.rows.empty() || found.errors > 0;
}

} // namespace eventscope::core
