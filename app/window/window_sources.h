// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/source_url.h"
#include "demo/demo_system.h"
#include "event/clock.h"
#include "event/error.h"
#include "inspect/workspace.h"

#include <memory>
#include <mutex>
#include <string_view>

namespace eventscope::app {

/// Opens sources as connections of a workspace. The demo's order system starts with its connection, on
/// that connection's thread, and lives until the end; a lost connection finds the same one again.
/// Must outlive the workspace. // any thread
class WindowSources {
public:
    explicit WindowSources(core::Clock& clock) : m_clock(clock) { }

    core::Status open(core::Workspace& workspace, std::string_view url);
    core::Status open(core::Workspace& workspace, const SourceUrl& url);

    /// The running demo; nullptr before its connection has opened it, and without one.
    std::shared_ptr<DemoSystem> demo() const;

private:
    core::Result<std::unique_ptr<core::Source>> openDemo(const SourceUrl& url, const std::string& name);

    core::Clock& m_clock;
    mutable std::mutex m_mutex;
    std::shared_ptr<DemoSystem> m_demo;
};

} // namespace eventscope::app
