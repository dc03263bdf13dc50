// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/filter/filter_expression.h"
#include "pg_link.h"
#include "store_layout.h"

#include <string>
#include <string_view>
#include <vector>

namespace eventscope::postgres {

/// As much of a filter as SQL can say of a layout's rows.
struct FilterSql {
    /// True for every row that the filter lets through, and for as few others as can be said exactly; what a
    /// literal is goes by $1, $2, …. Empty: nothing of it can be said.
    std::string condition;
    std::vector<PgParameter> parameters;
    std::string pushed; ///< the parts of the filter that the condition stands for, as an expression
    std::string here;   ///< those that only evaluating it can decide; empty: the condition says it all

    bool isEmpty() const { return condition.empty(); }
};

/// `source` is the name that the events carry. `hasUtf8`: the server counts characters as we do.
///
/// SQL's NULL stands for an error of the filter: where evaluating ends without one, SQL has the same value,
/// so that a row that the filter lets through is never left out. Rows whose evaluation fails may be.
FilterSql filterSqlOf(
    const core::FilterExpression& filter, const StoreLayout& layout, std::string_view source, bool hasUtf8);

} // namespace eventscope::postgres
