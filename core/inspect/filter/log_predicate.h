// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/event_log.h"
#include "inspect/filter/event_attributes.h"
#include "inspect/filter/filter_expression.h"
#include "inspect/filter/filter_node.h"

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
    int cost() const { return m_cost; }
    bool canFail() const { return m_canFail; }

private:
    int m_cost;
    bool m_canFail;
};
using LogPredicatePtr = std::unique_ptr<LogPredicate>;

/// Makes the predicate of an expression; the expression and the log must outlive it.
LogPredicatePtr makeLogPredicate(const FilterExpression& expression, const EventLog& log);

} // namespace eventscope::core
