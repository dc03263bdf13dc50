// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "demo/demo_system.h"

#include <chrono>
#include <memory>
#include <stop_token>

namespace eventscope::app {

/// The first seconds of the demo's story, told as fast as the machine can: the clock jumps from one
/// thing to do to the next. Afterwards everything is there to look at, as the story left it: sagas
/// under way stay under way.
class ToldStory {
public:
    /// The story ends now, so it began that long ago. Cancelled when the stop comes first.
    static core::Result<std::unique_ptr<ToldStory>> tell(
        DemoOptions options, std::chrono::milliseconds length, std::stop_token stop);

    const DemoSystem& system() const { return *m_system; }

private:
    explicit ToldStory(core::Timestamp begin) : m_clock(begin) { }
    bool runUntil(core::Timestamp end, const std::stop_token& stop);
    bool isTimeToMoveOn() const;

    core::ManualClock m_clock;
    std::unique_ptr<DemoSystem> m_system;
};

} // namespace eventscope::app
