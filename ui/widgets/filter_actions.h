// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "filter_text.h"

#include <QString>
#include <functional>

class QMenu;

namespace eventscope::ui {

/// What a menu of a value offers about events like it: filter for, filter out, or them as well, colour them.
/// `shown` is the value as the menu says it.
void addFilterActions(QMenu* menu, const QString& shown, const std::function<void(models::FilterJoin)>& filter,
    const std::function<void()>& colour);

} // namespace eventscope::ui
