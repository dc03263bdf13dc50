// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "shell/waiting_state.h"

#include "inspect/workspace.h"
#include "plain_text.h"
#include "shell/state_overlay.h"

#include <QCoreApplication>

namespace eventscope::ui {

using core::ConnectionState;

namespace {

constexpr qsizetype kNameChars = 60;

QString tr(const char* text)
{
    return QCoreApplication::translate("eventscope::ui::WaitingState", text);
}

} // namespace

bool showWhyNothingCame(StateOverlay& overlay, const core::Workspace& workspace)
{
    if (workspace.log().size() > 0) {
        return false;
    }
    std::shared_ptr<core::Connection> connecting;
    std::shared_ptr<core::Connection> lost;
    const auto connections = workspace.connections();
    for (const auto& connection : connections) {
        switch (connection->status().state) {
        case ConnectionState::Live: return false;
        case ConnectionState::Connecting: connecting = connection; break;
        case ConnectionState::Reconnecting:
        case ConnectionState::Failed: lost = connection; break;
        case ConnectionState::Stopped: break;
        }
    }
    const auto nameOf
        = [](const core::Connection& connection) { return models::visibleText(connection.name(), kNameChars); };
    if (connecting) {
        overlay.showBusy(tr("Connecting to %1…").arg(nameOf(*connecting)));
    } else if (lost) {
        const core::ConnectionStatus status = lost->status();
        overlay.showError(
            tr("%1 cannot be read").arg(nameOf(*lost)), models::visibleText(status.sentence), tr("Try again"));
    } else if (connections.empty()) {
        overlay.showEmpty(tr("No source is open"), tr("Connect to one, or drop a store or an event file here."));
    } else {
        return false;
    }
    return true;
}

void retrySources(const core::Workspace& workspace)
{
    for (const auto& connection : workspace.connections()) {
        connection->retry();
    }
}

} // namespace eventscope::ui
