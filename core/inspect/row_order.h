// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/event_log.h"
#include "inspect/row_field.h"
#include "inspect/scan_crew.h"

#include <atomic>
#include <cstdint>
#include <optional>
#include <stop_token>
#include <vector>

namespace eventscope::core {

/// What rows can be put in order by.
enum class OrderBy : std::uint8_t {
    Time,
    Source,
    Stream,
    Version,
    Type,
    Correlation,
    Payload, ///< its bytes
    Position,
    Id,
    Partition,
    Field, ///< RowOrder::field
};

struct RowOrder {
    OrderBy by = OrderBy::Time;
    bool descending = false;
    std::optional<RowField> field{}; ///< set exactly when it is by one

    bool operator==(const RowOrder&) const = default;
};

/// The rows in that order; those that have the same there stay in the order they came in, and those
/// that have nothing there come last. Nothing when it was stopped. Takes 16 bytes a row meanwhile and
/// about a second for ten million; by a field as long as it takes to read every payload, of which `read`
/// counts how many it has. // any thread, not the GUI's
std::optional<std::vector<std::uint32_t>> orderRows(const EventLog& log, std::vector<std::uint32_t> rows,
    const RowOrder& order, const std::stop_token& stop, ScanCrew& crew, std::atomic<std::uint64_t>* read = nullptr);

} // namespace eventscope::core
