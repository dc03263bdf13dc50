// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sourcing/event_store.h"

#include <cstdint>
#include <memory>
#include <utility>

namespace eventscope::app {

/// The demo's story written to another store, event by event in its order. // one thread
class StoryCopy {
public:
    explicit StoryCopy(std::shared_ptr<core::EventStore> to) : m_to(std::move(to)) { }

    /// Appends what `from` holds and was not copied yet.
    core::Status bringUpToDate(const core::EventStore& from);
    std::int64_t copied() const { return m_copied; }

private:
    const std::shared_ptr<core::EventStore> m_to;
    core::GlobalPosition m_next{1};
    std::int64_t m_copied = 0;
};

} // namespace eventscope::app
