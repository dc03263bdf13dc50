// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/saga_tracker.h"

#include <QString>

namespace eventscope::models {

/// How people read a saga: the words of its table and its chart. // GUI thread

/// "completed", "running", …
QString sagaStatusText(core::SagaStatus status);
/// "done", "running", "not yet", …
QString sagaStepText(core::SagaStepStatus status);
/// What it is doing or why it rests: "reserve inventory, attempt 1"; empty when there is nothing to say.
QString sagaNow(const core::SagaInstance& saga);

} // namespace eventscope::models
