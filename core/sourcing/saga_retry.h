// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/clock.h"
#include "event/error.h"
#include "event/ids.h"
#include "sourcing/event_store.h"

#include <string_view>

namespace eventscope::core {

/// Records that somebody wants a stuck saga's compensation tried again: of that step, or of every stuck
/// one when `step` is empty. Whoever runs the saga (SagaRunner::retry, or a runner's next resumeAll())
/// then does it. NotFound: no such saga; DomainRule: it is not stuck there. // any thread
Status requestSagaRetry(EventStore& store, const Clock& clock, IdGenerator& ids, std::string_view sagaId,
    std::string_view step, std::string_view requestedBy);

} // namespace eventscope::core
