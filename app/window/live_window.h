// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/source_url.h"
#include "event/clock.h"
#include "frame_bell.h"
#include "inspect/journal.h"
#include "inspect/workspace.h"
#include "journal_feed.h"
#include "main_window/main_window.h"
#include "window/keychain_secrets.h"
#include "window/window_sources.h"

#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>

namespace eventscope::models {
class DeadLetterSession;
}

namespace eventscope::app {

/// The window with all that it looks at: connections, dead letters, the demo with its controls. What
/// the pages ask for beyond themselves is wired here. // GUI thread
class LiveWindow {
public:
    struct Options {
        bool keepState = true;        ///< in the user's settings
        std::function<void()> gate{}; ///< of WindowSources, and before the journal is opened
        std::filesystem::path journal = core::Journal::defaultFile();
    };
    /// Opens the sources in the background; with none of them the demo. The clock and the theme must
    /// outlive it.
    LiveWindow(core::Clock& clock, ui::Theme& theme, std::span<const SourceUrl> sources, Options options);

    ui::MainWindow& window() { return m_window; }
    core::Workspace& workspace() { return m_workspace; }
    /// As many as the last look found.
    std::size_t deadLetterCount() const;
    /// The running demo; nullptr before its connection has opened it, and without one.
    std::shared_ptr<DemoSystem> demo() const { return m_sources.demo(); }

private:
    void addPages();
    void addStage(const DemoOptions& options);
    void open(const SourceUrl& url);
    void refreshDesks();
    void unlock(const QString& journalName);
    void retrySaga(const QString& source, const QString& sagaId);

    ui::ConnectServices connectServices();

    core::Clock& m_clock;
    const models::OpenJournal m_openJournal;
    KeychainSecrets m_secrets;
    WindowSources m_sources;
    core::Workspace m_workspace;
    ui::MainWindow m_window;
    models::DeadLetterSession* m_letters; ///< the window's
    models::FrameBell m_connectionsChanged;
};

} // namespace eventscope::app
