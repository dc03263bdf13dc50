// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/error.h"
#include "event/event.h"
#include "event/position.h"

#include <span>
#include <string>
#include <string_view>

namespace eventscope::core {

/// Which of a projection's two models is meant.
enum class ProjectionTarget {
    Live,    ///< the one that is read
    Rebuild, ///< the one that is built beside it, from the first event on, to take its place
};

/// Keeps a read model in step with a store. The model, and the position up to which it holds everything,
/// change in one transaction, so that an event given twice counts once and a crash loses none.
/// // any thread
class Projection {
public:
    virtual ~Projection() = default;

    virtual std::string name() const = 0;
    /// The one category of streams it reads; empty: all.
    virtual std::string category() const { return {}; }
    virtual bool wants(std::string_view type) const = 0;

    /// Up to where (inclusive) the model holds everything; 0: nothing yet.
    virtual Result<GlobalPosition> checkpoint(ProjectionTarget target) const = 0;
    /// Takes events in position order and moves the checkpoint to `upTo`, in one transaction; passes over
    /// what lies at or before the checkpoint. An error leaves everything as it was.
    virtual Status apply(ProjectionTarget target, std::span<const RecordedEvent> events, GlobalPosition upTo) = 0;

    /// An empty second model; one that is there from an earlier attempt is thrown away.
    virtual Status beginRebuild() = 0;
    /// The second model takes the place of the first, checkpoint included, in one transaction. Refused
    /// while it is behind the first.
    virtual Status finishRebuild() = 0;
    virtual Status abandonRebuild() = 0;
};

} // namespace eventscope::core
