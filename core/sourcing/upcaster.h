// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/error.h"
#include "event/event.h"
#include "event/json.h"

#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace eventscope::core {

/// Turns an event's data of one schema version into a later one. Pure (the same data, the same
/// answer) and total (whatever JSON comes, JSON goes; what it does not recognise passes unharmed).
using Upcast = std::function<Json(Json data)>;

/// Keeps old events readable for good: links by event type and schema version, chained until the
/// newest version is reached. The stored bytes never change; whoever reads asks the chain.
/// Filled once, then read. // any thread
class UpcasterChain {
public:
    /// Events of that type and schema version `from` become version `to` (greater than `from`, one
    /// link only for each `from`).
    UpcasterChain& add(std::string type, int from, int to, Upcast upcast);

    /// Whether the chain knows schema versions of that type at all; others pass as they are.
    bool knows(std::string_view type) const { return m_types.contains(type); }
    /// The version that events of that type come out with; 0 for a type it does not know.
    int newestVersion(std::string_view type) const;

    /// The data in the newest schema version. Unparsable when it is no JSON; UnsupportedVersion when
    /// a link is missing or the event was written by a newer program.
    Result<Json> upcast(std::string_view type, int schemaVersion, std::string_view data) const;
    /// The same on a whole event: its data and schema version change, nothing else; data that needs
    /// no link stays byte for byte and unread.
    Result<RecordedEvent> upcast(RecordedEvent event) const;

    /// Changes whenever a link is added: part of a snapshot's fingerprint.
    std::string fingerprint() const;

private:
    struct Link {
        int to = 0;
        Upcast upcast;
    };
    using Links = std::map<int, Link>;

    Result<int> apply(std::string_view type, const Links& links, int schemaVersion, Json& data) const;

    std::map<std::string, Links, std::less<>> m_types;
};

} // namespace eventscope::core
