// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <set>

namespace eventscope::kafka {

/// Which records of a partition are handled, when several are at once: the offset to commit is the one
/// before which nothing is open. // one thread at a time
class OffsetTracker {
public:
    void begin(std::int64_t offset)
    {
        m_open.insert(offset);
        m_next = offset + 1;
    }
    void end(std::int64_t offset) { m_open.erase(offset); }

    /// The next offset that the group has to see; nothing when no record came yet.
    std::optional<std::int64_t> toCommit() const
    {
        if (m_open.empty()) {
            return m_next;
        }
        return *m_open.begin();
    }

private:
    std::set<std::int64_t> m_open;
    std::optional<std::int64_t> m_next;
};

} // namespace eventscope::kafka
