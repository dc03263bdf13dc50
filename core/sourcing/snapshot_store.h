// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/error.h"
#include "event/position.h"

#include <optional>
#include <string>
#include <string_view>

namespace eventscope::core {

/// A cached fold of a stream up to a version: never the truth, always replaceable by a replay.
struct Snapshot {
    StreamVersion version;
    std::string fingerprint; ///< of the code that made it; another fingerprint makes it worthless
    std::string state;       ///< JSON text
    bool operator==(const Snapshot&) const = default;
};

/// One snapshot a stream. Every implementation passes tests/support/snapshot_store_contract.h. // any thread
class SnapshotStore {
public:
    virtual ~SnapshotStore() = default;

    virtual Result<std::optional<Snapshot>> load(std::string_view stream) const = 0;
    /// Keeps the one of the higher version; of two of the same version the given one.
    virtual Status save(std::string_view stream, const Snapshot& snapshot) = 0;
    /// Forgets a snapshot that turned out worthless, so that a lower version can take its place.
    /// No error when there is none.
    virtual Status remove(std::string_view stream) = 0;
};

} // namespace eventscope::core
