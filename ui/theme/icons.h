// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "theme/colours.h"

#include <QIcon>
#include <QLatin1String>

namespace eventscope::ui {

/// The icon of a freedesktop name ("media-playback-pause", or one of ours such as "state-live"):
/// drawn from resources/icons in the colour of its role, following the application's palette; with
/// the desktop's own style (setDesktopIcons) the desktop's icon where it has one. // GUI thread
QIcon icon(QLatin1String name, Role role = Role::Text);

/// Prefer the desktop's icon theme from now on.
void setDesktopIcons(bool on);

} // namespace eventscope::ui
