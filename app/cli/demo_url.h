// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/source_url.h"
#include "demo/demo_system.h"

#include <chrono>

namespace eventscope::app {

/// What the query part of a demo: URL asks for: seed, rate, failures, how many seconds of the story are
/// told before it is looked at, and whether it is on Kafka as well.
struct DemoUrl {
    DemoOptions options;
    std::chrono::milliseconds length{4000};
    bool onKafka = true; ///< the window's demo also runs a Kafka of its own
};

/// InvalidArgument for an option that it does not know, or a value that makes no sense.
core::Result<DemoUrl> readDemoUrl(const SourceUrl& url);

} // namespace eventscope::app
