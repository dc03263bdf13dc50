// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/error.h"
#include "event/json.h"

#include <string>
#include <string_view>

namespace eventscope::core {

/// What a repository puts into Snapshot::state: {"lastEventId","crc32","state"}. The id proves that
/// the snapshot belongs to the stream that is read, the sum that nothing was cut or altered.
struct SnapshotRecord {
    std::string lastEventId; ///< of the event at the snapshot's version
    Json state;

    std::string toJson() const;
    static Result<SnapshotRecord> parse(std::string_view json);
};

} // namespace eventscope::core
