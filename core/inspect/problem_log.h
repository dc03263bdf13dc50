// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/bell.h"
#include "event/clock.h"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <string>
#include <vector>

namespace eventscope::core {

enum class Severity {
    Note,    ///< something the program did: connected, unlocked, exported
    Warning, ///< it goes on, but somebody should know
    Problem, ///< something asked for did not work
};

struct ProblemEntry {
    std::uint64_t number = 0; ///< counts up from 1; a new one when it comes again
    Timestamp time{};
    Severity severity = Severity::Note;
    std::string where;         ///< the connection or the part of the program
    std::string sentence;      ///< for people; never holds a secret
    std::uint32_t repeats = 0; ///< how often the same came again right after
};

/// What the program itself did and what went wrong, newest last. Bounded: the oldest go first, and
/// the numbers show that some are gone. // any thread
class ProblemLog {
public:
    explicit ProblemLog(const Clock& clock, std::size_t capacity = 1000);

    void add(Severity severity, std::string where, std::string sentence);

    /// Those with a number above `after`, oldest first. An entry that came again is numbered anew.
    std::vector<ProblemEntry> entries(std::uint64_t after = 0) const;
    std::uint64_t lastNumber() const;
    /// Warnings and problems since the start, also those that are gone.
    std::uint64_t problemCount() const;

    [[nodiscard]] std::shared_ptr<void> onChanged(std::function<void()> bell);

private:
    const Clock& m_clock;
    const std::size_t m_capacity;
    mutable std::mutex m_mutex;
    std::deque<ProblemEntry> m_entries;
    std::uint64_t m_lastNumber = 0;
    std::uint64_t m_problems = 0;
    Bell m_bell;
};

} // namespace eventscope::core
