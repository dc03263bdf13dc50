// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/problem_log.h"

#include <utility>

namespace eventscope::core {

ProblemLog::ProblemLog(const Clock& clock, std::size_t capacity) : m_clock(clock), m_capacity(capacity) { }

void ProblemLog::add(Severity severity, std::string where, std::string sentence)
{
    {
        const std::scoped_lock lock(m_mutex);
        m_problems += severity == Severity::Note ? 0 : 1;
        ProblemEntry entry{++m_lastNumber, m_clock.now(), severity, std::move(where), std::move(sentence)};
        if (!m_entries.empty() && m_entries.back().severity == entry.severity && m_entries.back().where == entry.where
            && m_entries.back().sentence == entry.sentence) {
            entry.repeats = m_entries.back().repeats + 1;
            m_entries.pop_back();
        }
        m_entries.push_back(std::move(entry));
        if (m_entries.size() > m_capacity) {
            m_entries.pop_front();
        }
    }
    m_bell.ring();
}

std::vector<ProblemEntry> ProblemLog::entries(std::uint64_t after) const
{
    const std::scoped_lock lock(m_mutex);
    auto from = m_entries.end();
    while (from != m_entries.begin() && std::prev(from)->number > after) {
        --from;
    }
    return {from, m_entries.end()};
}

std::uint64_t ProblemLog::lastNumber() const
{
    const std::scoped_lock lock(m_mutex);
    return m_lastNumber;
}

std::uint64_t ProblemLog::problemCount() const
{
    const std::scoped_lock lock(m_mutex);
    return m_problems;
}

std::shared_ptr<void> ProblemLog::onChanged(std::function<void()> bell)
{
    return m_bell.listen(std::move(bell));
}

} // namespace eventscope::core
