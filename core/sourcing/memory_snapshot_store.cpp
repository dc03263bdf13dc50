// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sourcing/memory_snapshot_store.h"

namespace eventscope::core {

Result<std::optional<Snapshot>> MemorySnapshotStore::load(std::string_view stream) const
{
    const std::lock_guard lock(m_mutex);
    const auto found = m_snapshots.find(stream);
    return found == m_snapshots.end() ? std::nullopt : std::optional(found->second);
}

Status MemorySnapshotStore::save(std::string_view stream, const Snapshot& snapshot)
{
    const std::lock_guard lock(m_mutex);
    const auto [place, isNew] = m_snapshots.try_emplace(std::string(stream), snapshot);
    if (!isNew && snapshot.version >= place->second.version)
        place->second = snapshot;
    return {};
}

Status MemorySnapshotStore::remove(std::string_view stream)
{
    const std::lock_guard lock(m_mutex);
    if (const auto found = m_snapshots.find(stream); found != m_snapshots.end())
        m_snapshots.erase(found);
    return {};
}

} // namespace eventscope::core
