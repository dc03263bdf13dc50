// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/timestamp.h"
#include "sourcing/saga_state.h"

#include <QString>
#include <cstdint>
#include <vector>

namespace eventscope::models {

/// One bar of the chart: an attempt.
struct SagaBar {
    enum class Kind { Done, Running, Failed, FailedBefore, Compensation, Unknown };
    Kind kind = Kind::Done;
    core::Timestamp from{}, to{};
    std::int64_t startVersion = 0; ///< of the event that began it, in the saga's stream
    QString description;           ///< visible text: which attempt, how it ended, its error
};

/// One row of the chart: a step or a compensation.
struct SagaLine {
    QString label;
    bool compensation = false;
    std::vector<SagaBar> bars;
    QString placeholder; ///< "not reached", "next": when there are no bars
    QString right;       ///< how long it took, or how many attempts
    QString description; ///< the whole row in words
};

/// A saga as a chart: its steps, then its compensations in the order in which they are carried out.
struct SagaTimeline {
    core::Timestamp from{}, to{};
    std::vector<SagaLine> lines;
    bool grows = false; ///< something is under way: it looks otherwise a moment later
};

SagaTimeline sagaTimeline(const core::SagaState& state, core::Timestamp now);

} // namespace eventscope::models
