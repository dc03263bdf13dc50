// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sourcing/memory_dead_letter_store.h"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

namespace eventscope::core {

Status MemoryDeadLetterStore::park(const ParkedEvent& letter)
{
    const std::scoped_lock lock(m_mutex);
    if (std::ranges::find(m_letters, letter.id, &ParkedEvent::id) != m_letters.end())
        return fail(ErrorCode::IdempotencyConflict, fmt::format("A dead letter {} is there already.", letter.id));
    m_letters.push_back(letter);
    return {};
}

Result<std::vector<ParkedEvent>> MemoryDeadLetterStore::list(std::string_view queue) const
{
    const std::scoped_lock lock(m_mutex);
    std::vector<ParkedEvent> letters;
    std::ranges::copy_if(m_letters, std::back_inserter(letters),
        [&](const ParkedEvent& letter) { return queue.empty() || letter.queue == queue; });
    std::ranges::stable_sort(letters, {}, &ParkedEvent::failedAt);
    return letters;
}

Result<std::optional<ParkedEvent>> MemoryDeadLetterStore::find(std::string_view id) const
{
    const std::scoped_lock lock(m_mutex);
    const auto found = std::ranges::find(m_letters, id, &ParkedEvent::id);
    return found == m_letters.end() ? std::optional<ParkedEvent>() : std::optional(*found);
}

Status MemoryDeadLetterStore::remove(std::string_view id)
{
    const std::scoped_lock lock(m_mutex);
    const auto found = std::ranges::find(m_letters, id, &ParkedEvent::id);
    if (found == m_letters.end())
        return fail(ErrorCode::NotFound, fmt::format("The dead letter {} is no longer there.", id));
    m_letters.erase(found);
    return {};
}

Result<std::size_t> MemoryDeadLetterStore::count() const
{
    const std::scoped_lock lock(m_mutex);
    return m_letters.size();
}

} // namespace eventscope::core
