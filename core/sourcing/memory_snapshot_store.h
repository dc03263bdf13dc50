// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sourcing/snapshot_store.h"

#include <functional>
#include <map>
#include <mutex>
#include <string>

namespace eventscope::core {

/// Snapshots for as long as the process lives. // any thread
class MemorySnapshotStore final : public SnapshotStore {
public:
    Result<std::optional<Snapshot>> load(std::string_view stream) const override;
    Status save(std::string_view stream, const Snapshot& snapshot) override;
    Status remove(std::string_view stream) override;

private:
    mutable std::mutex m_mutex;
    std::map<std::string, Snapshot, std::less<>> m_snapshots;
};

} // namespace eventscope::core
