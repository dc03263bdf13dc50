// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/event_log.h"
#include "inspect/row_field.h"
#include "inspect/scan_crew.h"

#include <atomic>
#include <cstdint>
#include <limits>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

namespace eventscope::core {

/// What rows are put in order by when it is a field of theirs: truth values, then numbers by value, then
/// texts by their bytes; what has no such field comes last. Every payload is read once for that. // one use
class FieldOrder {
public:
    static constexpr std::uint64_t kNothing = std::numeric_limits<std::uint64_t>::max();

    /// `read` counts the rows that were looked at, for whoever watches.
    FieldOrder(const EventLog& log, const RowField& field, std::atomic<std::uint64_t>* read)
        : m_log(log), m_field(field), m_read(read)
    {
    }

    /// A key for each of the rows; nothing when it was stopped.
    bool makeKeys(std::span<const std::uint32_t> rows, std::vector<std::uint64_t>& keys, ScanCrew& crew,
        const std::stop_token& stop);
    /// Whether two rows of the same key may differ nevertheless.
    bool mayDiffer(std::uint64_t key) const;
    /// < 0, 0, > 0 of two rows with the same key, of which mayDiffer().
    int compare(LogRow a, LogRow b) const;

private:
    class Texts;

    const EventLog& m_log;
    const RowField& m_field;
    std::atomic<std::uint64_t>* const m_read;
    bool m_ranked = false; ///< texts' keys are their places among all
};

} // namespace eventscope::core
