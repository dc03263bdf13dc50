// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sourcing/saga_state.h"

#include <cstddef>
#include <optional>

namespace eventscope::core {

/// What a saga does next. It follows from its events alone.
struct SagaMove {
    enum class Kind {
        None,              ///< not started, or at rest
        Execute,           ///< begin attempt `attempt` of step `step`
        Compensate,        ///< begin attempt `attempt` of that step's compensation
        Complete,          ///< record that every step is done
        Fail,              ///< record the failure; nothing had to be taken back
        ReportCompensated, ///< record that everything is taken back
        ReportStuck,       ///< record that some compensation failed for good
    };
    Kind kind = Kind::None;
    std::size_t step = 0;
    int attempt = 0;
    std::optional<Timestamp> notBefore{}; ///< a retry's due time

    bool isAction() const { return kind == Kind::Execute || kind == Kind::Compensate; }
    bool operator==(const SagaMove&) const = default;
};

/// Forward: the first step that is not completed, attempted anew when the last attempt's end is not
/// recorded (its key makes that harmless). After a failure: the newest step that may have left
/// something behind, one by one down to the first; one whose compensation failed for good is left
/// as it is, and the others are still done.
SagaMove nextMove(const SagaState& state);

} // namespace eventscope::core
