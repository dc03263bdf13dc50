// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sourcing/memory_redelivery_queue.h"

#include <algorithm>

namespace eventscope::core {

Status MemoryRedeliveryQueue::enqueue(const Redelivery& redelivery)
{
    const std::scoped_lock lock(m_mutex);
    if (m_known.insert(redelivery.id).second)
        m_pending.push_back(redelivery);
    return {};
}

Result<std::vector<Redelivery>> MemoryRedeliveryQueue::pending(std::size_t limit) const
{
    const std::scoped_lock lock(m_mutex);
    const auto count = static_cast<std::ptrdiff_t>(std::min(limit, m_pending.size()));
    return std::vector<Redelivery>(m_pending.begin(), m_pending.begin() + count);
}

Status MemoryRedeliveryQueue::markHandled(std::string_view id)
{
    const std::scoped_lock lock(m_mutex);
    std::erase_if(m_pending, [&](const Redelivery& redelivery) { return redelivery.id == id; });
    return {};
}

Result<bool> MemoryRedeliveryQueue::isKnown(std::string_view id) const
{
    const std::scoped_lock lock(m_mutex);
    return m_known.contains(id);
}

} // namespace eventscope::core
