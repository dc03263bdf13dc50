// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/event_log.h"
#include "inspect/filter/event_attributes.h"
#include "inspect/filter/filter_expression.h"
#include "inspect/filter/filter_node.h"
#include "inspect/filter/row_mask.h"

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace eventscope::core {

/// One condition of a filter over the rows of a log. One thread at a time.
class LogPredicate {
public:
    /// `cost`: roughly what one row takes, in nanoseconds.
    LogPredicate(int cost, bool canFail) : m_cost(cost), m_canFail(canFail) { }
    virtual ~LogPredicate() = default;
    LogPredicate(const LogPredicate&) = delete;
    LogPredicate& operator=(const LogPredicate&) = delete;

    virtual FilterMatch test(LogRow row) = 0;
    /// The same for many rows at once: keeps those that match, and adds those that give an error.
    /// `rows` counts from `from`; all of them lie in one chunk and are held. // see EventLog::hold
    virtual void decide(LogRow from, RowMask& rows, RowMask& errors) { decideEach(*this, from, rows, errors); }
    int cost() const { return m_cost; }
    bool canFail() const { return m_canFail; }

protected:
    /// By test(), of whatever type `self` has.
    template <class Self>
    static void decideEach(Self& self, LogRow from, RowMask& rows, RowMask& errors)
    {
        rows.forEach([&](std::size_t row) {
            const FilterMatch match = self.test(from + row);
            if (match != FilterMatch::Yes)
                rows.remove(row);
            if (match == FilterMatch::Error)
                errors.add(row);
        });
    }

private:
    int m_cost;
    bool m_canFail;
};
using LogPredicatePtr = std::unique_ptr<LogPredicate>;

/// Where a condition stands: the whole filter must be true or false by itself, operands are cast.
enum class FilterPlace { Whole, Operand };

FilterMatch matchOf(bool value);
FilterMatch matchOf(Evaluated result, FilterPlace place);

/// Makes the predicate of an expression; the expression and the log must outlive it.
LogPredicatePtr makeLogPredicate(const FilterExpression& expression, const EventLog& log);

} // namespace eventscope::core
