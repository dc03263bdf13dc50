// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/source_url.h"
#include "demo/demo_cluster.h"
#include "demo/demo_system.h"
#include "event/clock.h"
#include "event/error.h"
#include "inspect/dead_letter_queue.h"
#include "inspect/workspace.h"

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace eventscope::app {

/// Opens sources as connections of a workspace. The demo's order system starts with its connection, on
/// that connection's thread, and lives until the end; a lost connection finds the same one again.
/// Must outlive the workspace. // any thread
class WindowSources {
public:
    /// `gate` returns when a source may be opened; it is called where that happens, on no GUI thread.
    explicit WindowSources(core::Clock& clock, std::function<void()> gate = {})
        : m_clock(clock), m_gate(std::move(gate))
    {
    }

    core::Status open(core::Workspace& workspace, std::string_view url);
    /// Under the URL's own name, if it has one, or what is made of it when that is taken.
    core::Status open(core::Workspace& workspace, const SourceUrl& url, core::ConnectionMark mark = {});

    /// The dead letters of what is open, by connection: opened by whoever deals with them.
    struct Letters {
        std::string connection;
        std::string journalName; ///< what the journal calls the source
        std::function<core::Result<std::shared_ptr<core::DeadLetterQueue>>(bool forWriting)> open;
    };
    std::vector<Letters> letters() const;

    /// Has a stuck saga's compensation tried again, and keeps that in the journal. Blocks: on the
    /// connection's own thread. For a store, whoever runs its sagas does it when it next looks.
    core::Status retrySaga(const std::string& connection, const std::string& sagaId);

    /// The running demo; nullptr before its connection has opened it, and without one.
    std::shared_ptr<DemoSystem> demo() const;

private:
    core::Result<std::unique_ptr<core::Source>> openDemo(
        const SourceUrl& url, const std::string& name, core::ProblemLog& problems);
    core::Result<std::shared_ptr<core::DeadLetterQueue>> openDemoLetters() const;

    core::Clock& m_clock;
    const std::function<void()> m_gate;
    std::mutex m_opening; ///< held as long as the demo takes to open: never on the GUI thread
    mutable std::mutex m_mutex;
    std::vector<Letters> m_letters;
    std::map<std::string, SourceUrl> m_urls; ///< by connection
    std::shared_ptr<DemoSystem> m_demo;
    std::shared_ptr<DemoCluster> m_cluster; ///< the demo's; under m_opening
};

} // namespace eventscope::app
