// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFont>

namespace eventscope::ui {

/// The fonts of the window, from the families that are installed. // GUI thread
namespace fonts {

/// Labels, buttons, menus: Inter, else Noto Sans, else DejaVu Sans, else the desktop's.
QFont interface();
/// Whatever comes from events, and every number that lines up with others: JetBrains Mono, else
/// DejaVu Sans Mono, else the desktop's fixed font.
QFont data();
QFont dataBold();
/// The small capitals over a part of the window ("SOURCES").
QFont section();
QFont small();
QFont bold();

} // namespace fonts

} // namespace eventscope::ui
