// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sources/saved_sources.h"

#include "connect/choices_delegate.h"
#include "connection_profiles_model.h"
#include "theme/icons.h"
#include "widgets/labels.h"

#include <QAction>
#include <QKeySequence>
#include <QListView>
#include <QVBoxLayout>
#include <algorithm>

namespace eventscope::ui {

using Model = models::ConnectionProfilesModel;

namespace {
constexpr int kMostRows = 6; // of what is seen at once
}

SavedSources::SavedSources(QAbstractItemModel& profiles, QWidget* parent) : QWidget(parent)
{
    setBackgroundRole(QPalette::Base);
    setAutoFillBackground(true);
    m_list = new QListView(this);
    m_list->setModel(&profiles);
    m_list->setItemDelegate(new ChoicesDelegate(m_list));
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setMouseTracking(true);
    m_list->setUniformItemSizes(true);
    m_list->setContextMenuPolicy(Qt::ActionsContextMenu);
    m_list->setAccessibleName(tr("Saved sources"));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 6);
    layout->setSpacing(4);
    layout->addWidget(new Hairline(Qt::Horizontal, this));
    auto* title = sectionLabel(tr("Saved"), this);
    title->setContentsMargins(12, 4, 8, 0);
    layout->addWidget(title);
    layout->addWidget(m_list);

    const auto add = [this](const char* iconName, const QString& text, const QKeySequence& keys, auto signal) {
        auto* action = new QAction(icon(QLatin1String(iconName)), text, m_list);
        action->setShortcut(keys);
        action->setShortcutContext(Qt::WidgetShortcut);
        connect(action, &QAction::triggered, this, [this, signal] {
            if (const QString id = chosenId(); !id.isEmpty()) {
                Q_EMIT(this->*signal)(id);
            }
        });
        m_list->addAction(action);
    };
    add("list-add", tr("Connect"), {}, &SavedSources::connectWanted);
    add("document-edit", tr("Edit…"), QKeySequence(Qt::Key_F2), &SavedSources::editWanted);
    add("edit-delete", tr("Remove…"), QKeySequence::Delete, &SavedSources::removeWanted);
    connect(m_list, &QListView::activated, this,
        [this](const QModelIndex& index) { Q_EMIT connectWanted(index.data(Model::IdRole).toString()); });
    for (const auto signal : {&QAbstractItemModel::rowsInserted, &QAbstractItemModel::rowsRemoved}) {
        connect(&profiles, signal, this, &SavedSources::fit);
    }
    connect(&profiles, &QAbstractItemModel::modelReset, this, &SavedSources::fit);
    fit();
}

QString SavedSources::chosenId() const
{
    return m_list->currentIndex().data(Model::IdRole).toString();
}

void SavedSources::fit()
{
    const int rows = m_list->model()->rowCount();
    setVisible(rows > 0);
    if (rows > 0) {
        m_list->setFixedHeight(std::min(rows, kMostRows) * m_list->sizeHintForRow(0) + 2);
    }
}

} // namespace eventscope::ui
