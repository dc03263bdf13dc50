// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/error.h"
#include "event/json.h"
#include "inspect/workspace.h"
#include "window/gui_probe.h"

#include <QTimer>
#include <chrono>
#include <optional>
#include <string>

namespace eventscope::ui {
class MainWindow;
}

namespace eventscope::app {

/// Lets the window run for a while, going from view to view as somebody would who looks around, and
/// writes what it found to a file: when the first rows were on the screen, how long the event loop
/// kept people waiting, what took longest, how much memory there is in use. For `--measure`.
class WindowMeasurement final : public QObject {
    Q_OBJECT

public:
    /// Ends the application when it is done. All must outlive it. Begin before the window is shown.
    WindowMeasurement(ui::MainWindow& window, const core::Workspace& workspace, TimedApplication& application,
        std::string file, std::chrono::milliseconds length);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void begin();
    void lookElsewhere();
    void finish();
    core::Json report() const;

    ui::MainWindow& m_window;
    const core::Workspace& m_workspace;
    TimedApplication& m_application;
    const std::string m_file;
    const std::chrono::milliseconds m_length;
    std::optional<std::chrono::steady_clock::time_point> m_live; ///< the first rows are painted
    GuiProbe m_probe;
    QTimer m_walk;
    std::size_t m_looks = 0;
};

} // namespace eventscope::app
