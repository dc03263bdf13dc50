// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/source_url.h"
#include "demo/demo_system.h"
#include "event/clock.h"
#include "event/error.h"
#include "inspect/dead_letter_queue.h"
#include "inspect/workspace.h"

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace eventscope::app {

/// Opens sources as connections of a workspace. The demo's order system starts with its connection, on
/// that connection's thread, and lives until the end; a lost connection finds the same one again.
/// Must outlive the workspace. // any thread
class WindowSources {
public:
    explicit WindowSources(core::Clock& clock) : m_clock(clock) { }

    core::Status open(core::Workspace& workspace, std::string_view url);
    core::Status open(core::Workspace& workspace, const SourceUrl& url);

    /// The dead letters of what is open, by connection: opened by whoever deals with them.
    struct Letters {
        std::string connection;
        std::string journalName; ///< what the journal calls the source
        std::function<core::Result<std::shared_ptr<core::DeadLetterQueue>>(bool forWriting)> open;
    };
    std::vector<Letters> letters() const;

    /// The running demo; nullptr before its connection has opened it, and without one.
    std::shared_ptr<DemoSystem> demo() const;

private:
    core::Result<std::unique_ptr<core::Source>> openDemo(const SourceUrl& url, const std::string& name);
    core::Result<std::shared_ptr<core::DeadLetterQueue>> openDemoLetters() const;

    core::Clock& m_clock;
    mutable std::mutex m_mutex;
    std::vector<Letters> m_letters;
    std::shared_ptr<DemoSystem> m_demo;
};

} // namespace eventscope::app
