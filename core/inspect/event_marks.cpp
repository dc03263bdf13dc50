// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/event_marks.h"

#include <iterator>
#include <utility>

namespace eventscope::core {

void EventMarks::set(Row row, std::string note)
{
    {
        const std::scoped_lock lock(m_mutex);
        const auto [at, isNew] = m_notes.try_emplace(row);
        if (!isNew && at->second == note) {
            return;
        }
        at->second = std::move(note);
        ++m_revision;
    }
    m_bell.ring();
}

bool EventMarks::remove(Row row)
{
    {
        const std::scoped_lock lock(m_mutex);
        if (m_notes.erase(row) == 0) {
            return false;
        }
        ++m_revision;
    }
    m_bell.ring();
    return true;
}

void EventMarks::clear()
{
    {
        const std::scoped_lock lock(m_mutex);
        if (m_notes.empty()) {
            return;
        }
        m_notes.clear();
        ++m_revision;
    }
    m_bell.ring();
}

bool EventMarks::has(Row row) const
{
    const std::scoped_lock lock(m_mutex);
    return m_notes.contains(row);
}

std::optional<std::string> EventMarks::note(Row row) const
{
    const std::scoped_lock lock(m_mutex);
    const auto found = m_notes.find(row);
    return found == m_notes.end() ? std::nullopt : std::optional(found->second);
}

std::size_t EventMarks::count() const
{
    const std::scoped_lock lock(m_mutex);
    return m_notes.size();
}

std::vector<EventMarks::Mark> EventMarks::all() const
{
    const std::scoped_lock lock(m_mutex);
    std::vector<Mark> marks;
    marks.reserve(m_notes.size());
    for (const auto& [row, note] : m_notes) {
        marks.push_back({row, note});
    }
    return marks;
}

std::vector<EventMarks::Mark> EventMarks::between(Row from, Row to) const
{
    const std::scoped_lock lock(m_mutex);
    std::vector<Mark> marks;
    for (auto at = m_notes.lower_bound(from); at != m_notes.end() && at->first < to; ++at) {
        marks.push_back({at->first, at->second});
    }
    return marks;
}

std::optional<EventMarks::Row> EventMarks::next(Row row) const
{
    const std::scoped_lock lock(m_mutex);
    const auto found = m_notes.upper_bound(row);
    return found == m_notes.end() ? std::nullopt : std::optional(found->first);
}

std::optional<EventMarks::Row> EventMarks::previous(Row row) const
{
    const std::scoped_lock lock(m_mutex);
    const auto found = m_notes.lower_bound(row);
    return found == m_notes.begin() ? std::nullopt : std::optional(std::prev(found)->first);
}

std::optional<EventMarks::Row> EventMarks::firstFrom(Row row) const
{
    const std::scoped_lock lock(m_mutex);
    const auto found = m_notes.lower_bound(row);
    return found == m_notes.end() ? std::nullopt : std::optional(found->first);
}

void EventMarks::forgetBefore(Row row)
{
    {
        const std::scoped_lock lock(m_mutex);
        const auto end = m_notes.lower_bound(row);
        if (end == m_notes.begin()) {
            return;
        }
        m_notes.erase(m_notes.begin(), end);
        ++m_revision;
    }
    m_bell.ring();
}

std::uint64_t EventMarks::revision() const
{
    const std::scoped_lock lock(m_mutex);
    return m_revision;
}

std::shared_ptr<void> EventMarks::onChanged(std::function<void()> bell) const
{
    return m_bell.listen(std::move(bell));
}

} // namespace eventscope::core
