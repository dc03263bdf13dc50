// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace eventscope::postgres {

/// Up to where the numbers of a sequence are settled: whoever took one of them has committed or rolled
/// back, so a number without a row will never get one.
///
/// The proof: nextval() locks its sequence until the end of the transaction, and pg_locks shows every
/// user of the database those locks. A number below a row that was seen was taken before that row was
/// committed, so at any later look its taker either has ended or is among the holders. When all holders
/// of one such look have ended, everything up to that row is settled, however many came since.
/// (A sequence with CACHE above 1 gives no such proof: a session may hold numbers between transactions.)
class SettledHorizon {
public:
    using Holders = std::vector<std::string>; ///< virtual transactions, sorted

    /// `head`: the highest position seen by a statement that ended before `holders` were looked up.
    void look(std::int64_t head, const Holders& holders);
    /// Every number up to here has a row: known without proof.
    void complete(std::int64_t position);

    std::int64_t settled() const { return m_settled; }
    bool isWaiting() const { return !m_waiting.empty(); }

private:
    struct Waiting {
        std::int64_t head;
        Holders holders;
    };
    std::int64_t m_settled = 0;
    std::vector<Waiting> m_waiting; // by head
};

} // namespace eventscope::postgres
