// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/filter_actions.h"

#include "theme/icons.h"

#include <QMenu>

namespace eventscope::ui {

void addFilterActions(QMenu* menu, const QString& shown, const std::function<void(models::FilterJoin)>& filter,
    const std::function<void()>& colour)
{
    using models::FilterJoin;
    const auto add = [&](const QIcon& picture, const QString& text, FilterJoin join) {
        menu->addAction(picture, text, menu, [filter, join] { filter(join); });
    };
    add(icon(QLatin1String("view-filter")), QMenu::tr("Filter for %1").arg(shown), FilterJoin::And);
    add(icon(QLatin1String("edit-none")), QMenu::tr("Filter out %1").arg(shown), FilterJoin::AndNot);
    add({}, QMenu::tr("Or %1 as well").arg(shown), FilterJoin::Or);
    menu->addAction(QMenu::tr("Colour events like this…"), menu, [colour] { colour(); });
}

} // namespace eventscope::ui
