// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/error.h"
#include "postgres_source.h"
#include "store_layout.h"

#include <span>
#include <stop_token>
#include <vector>

namespace eventscope::postgres {

/// The events that are looked at, and what else lies in the database.
struct FoundStore {
    StoreLayout layout;
    char kind = 'r';                ///< of pg_class: 'v' is a view
    std::vector<TableShape> tables; ///< all of them
};

/// The table that the options name, or the first that a dialect knows. Otherwise a sentence that says what
/// to do: the GRANT where a right is missing, the options where a table looks like events.
core::Result<FoundStore> findStore(
    PgLink& link, const PgLogin& login, const PostgresSourceOptions& options, std::stop_token stop);

/// The oid of the sequence that numbers the layout's positions as text; empty: none, or one whose numbers
/// sessions keep for later.
PgResult<std::string> sequenceOf(PgLink& link, const StoreLayout& layout);

} // namespace eventscope::postgres
