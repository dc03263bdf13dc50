// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/source.h"
#include "store_finder.h"

#include <stop_token>
#include <vector>

namespace eventscope::postgres {

/// The store's streams and its dead letter tables. A big table is not scanned: its streams are stepped
/// through by an index, the first five hundred of them, and counted by their versions; without such an index
/// they are those of the newest rows. Such counts are marked as estimates. `exact` counts every row.
PgResult<std::vector<core::CatalogEntry>> catalogOf(
    PgLink& link, const FoundStore& store, bool exact, std::stop_token stop);

} // namespace eventscope::postgres
