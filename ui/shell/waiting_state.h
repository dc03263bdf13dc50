// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace eventscope::core {
class Workspace;
}

namespace eventscope::ui {

class StateOverlay;

/// While no event has come at all, shows why: no source is open, one is being connected to, or cannot
/// be read, with a button that tries again (retrySources()). False, and nothing shown, when there are
/// events or a source is live: then the view itself knows best. // GUI thread
bool showWhyNothingCame(StateOverlay& overlay, const core::Workspace& workspace);

/// Has every source that was lost or failed tried again at once.
void retrySources(const core::Workspace& workspace);

} // namespace eventscope::ui
