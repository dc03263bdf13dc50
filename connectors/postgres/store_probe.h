// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/source.h"
#include "store_finder.h"

#include <cstdint>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

namespace eventscope::postgres {

/// A table beside the events, by its columns.
struct SideTable {
    std::string name;      ///< "schema.table"
    std::string qualified; ///< quoted
    std::string where;     ///< which rows count
};

std::vector<SideTable> deadLetterTables(const std::vector<TableShape>& tables);
PgResult<std::int64_t> countOf(PgLink& link, const SideTable& table, std::stop_token stop);

/// How far the projections are behind, how many messages wait in an outbox, how many dead letters there
/// are, as far as the database has tables that say so.
PgResult<core::Probe> probeOf(PgLink& link, const FoundStore& store, std::int64_t lastPosition, std::stop_token stop);

} // namespace eventscope::postgres
