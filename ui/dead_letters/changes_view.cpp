// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dead_letters/changes_view.h"

#include "theme/fonts.h"

#include <QHeaderView>

namespace eventscope::ui {

ChangesView::ChangesView(QWidget* parent) : QTreeView(parent)
{
    setModel(&m_model);
    setRootIsDecorated(false);
    setUniformRowHeights(true);
    setAlternatingRowColors(true);
    setFont(fonts::data());
    setAccessibleName(tr("What is changed in the payloads"));
    header()->resizeSection(models::PayloadChangesModel::LetterColumn, 130);
    header()->resizeSection(models::PayloadChangesModel::PathColumn, 160);
    header()->resizeSection(models::PayloadChangesModel::WasColumn, 170);
}

} // namespace eventscope::ui
