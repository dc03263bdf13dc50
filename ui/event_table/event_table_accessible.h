// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace eventscope::ui {

/// Makes every EventTable known to screen readers as a table of rows and cells. Once, at the start.
void installEventTableAccessibility();

} // namespace eventscope::ui
