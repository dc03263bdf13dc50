// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace eventscope::test {

/// What a demo store at rest holds, and everything in it that must not be so.
struct StoryAudit {
    std::vector<std::string> violations; ///< sentences; empty: all is well
    std::int64_t events = 0;
    std::map<std::string, std::int64_t> idPositions; ///< of every event
    std::map<std::string, int> sagas;                ///< by status
    std::size_t effects = 0;                         ///< of handlers
    std::size_t letters = 0;
    std::size_t parkedTwice = 0; ///< letters beyond the first of an event and handler

    std::string summary() const;
};

/// Goes through the whole store:
///  - every saga's history makes sense, and the saga rests; what it did fits its end: a completed one's
///    order is shipped, paid once, reserved and sent; a compensated one's is cancelled, with all of that
///    taken back; nothing of it was done twice;
///  - every handler acted exactly once for each event of its type, or has parked it;
///  - the order read model is what a rebuild from the first event makes;
///  - the outbox is empty.
StoryAudit auditStory(const std::filesystem::path& file);

} // namespace eventscope::test
