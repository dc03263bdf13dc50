// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/source.h"

#include "inspect/filter/filter_expression.h"
#include "inspect/kept_saga.h"

namespace eventscope::core {

std::string_view toString(CatalogKind kind)
{
    switch (kind) {
    case CatalogKind::Stream: return "stream";
    case CatalogKind::Topic: return "topic";
    case CatalogKind::Queue: return "queue";
    case CatalogKind::DeadLetter: return "dead-letter";
    }
    return "stream";
}

Result<ReadPlan> Source::plan(const ReadRange& range, std::stop_token)
{
    ReadPlan plan;
    if (range.filter != nullptr)
        plan.here = range.filter->toString();
    return plan;
}

Result<std::vector<KeptSaga>> Source::keptSagas(std::stop_token)
{
    return std::vector<KeptSaga>();
}

} // namespace eventscope::core
