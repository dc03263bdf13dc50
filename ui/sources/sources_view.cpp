// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sources/sources_view.h"

#include "plain_text.h"
#include "sources/sources_delegate.h"
#include "theme/fonts.h"
#include "theme/icons.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>
#include <QLineEdit>
#include <QMenu>
#include <QTreeView>
#include <QVBoxLayout>

namespace eventscope::ui {

using Model = models::SourcesModel;

SourcesView::SourcesView(core::Workspace& workspace, QWidget* parent)
    : QWidget(parent), m_workspace(workspace), m_feed(workspace, m_model)
{
    setBackgroundRole(QPalette::Base);
    setAutoFillBackground(true);
    m_find = new QLineEdit(this);
    m_find->setPlaceholderText(tr("Find a stream or queue"));
    m_find->setClearButtonEnabled(true);
    m_find->setAccessibleName(tr("Find a stream or queue"));
    m_find->addAction(icon(QLatin1String("edit-find"), Role::Muted), QLineEdit::LeadingPosition);
    m_tree = new QTreeView(this);
    m_tree->setModel(&m_model);
    m_tree->setItemDelegate(new SourcesDelegate(m_tree));
    m_tree->setHeaderHidden(true);
    m_tree->setFrameShape(QFrame::NoFrame);
    m_tree->setUniformRowHeights(true);
    m_tree->setMouseTracking(true);
    m_tree->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_tree->setContextMenuPolicy(Qt::CustomContextMenu);
    m_tree->setExpandsOnDoubleClick(false);
    m_tree->setAccessibleName(tr("Sources"));

    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(6);
    auto* top = new QHBoxLayout;
    top->setContentsMargins(8, 0, 8, 0);
    top->addWidget(m_find);
    layout->addLayout(top);
    layout->addWidget(m_tree, 1);

    connect(m_find, &QLineEdit::textChanged, &m_feed, &models::SourcesFeed::setFilter);
    connect(m_tree, &QTreeView::clicked, this, &SourcesView::choose);
    connect(m_tree, &QTreeView::activated, this, [this](const QModelIndex& index) {
        if (index.data(Model::KindRole).value<Model::Kind>() == Model::Kind::Stream) {
            Q_EMIT replayWanted(index.data(Model::ConnectionRole).toString(), index.data(Model::NameRole).toString());
        } else {
            choose(index);
        }
    });
    connect(m_tree, &QWidget::customContextMenuRequested, this, &SourcesView::showMenu);
    connect(&m_feed, &models::SourcesFeed::updated, this, [this] {
        openNewConnections();
        Q_EMIT updated();
    });
    openNewConnections();
}

void SourcesView::openNewConnections()
{
    // Connections open once, and so do their first groups; what people close stays closed.
    for (int row = 0; row < m_model.rowCount(); ++row) {
        const QModelIndex connection = m_model.index(row, 0);
        const QString name = connection.data(Model::ConnectionRole).toString();
        for (int group = 0; group < m_model.rowCount(connection); ++group) {
            const QModelIndex index = m_model.index(group, 0, connection);
            const QString key = name + QLatin1Char('\n') + index.data(Model::NameRole).toString();
            if (!m_opened.contains(key)) {
                m_opened.insert(key);
                m_tree->expand(index);
            }
        }
        if (!m_opened.contains(name) && m_model.hasChildren(connection)) {
            m_opened.insert(name);
            m_tree->expand(connection);
        }
    }
}

void SourcesView::clearChoice()
{
    m_tree->clearSelection();
    m_tree->setCurrentIndex({});
}

void SourcesView::choose(const QModelIndex& index)
{
    QString source = index.data(Model::ConnectionRole).toString();
    const QString name = index.data(Model::NameRole).toString();
    // What a capture holds came from elsewhere and is called so.
    if (const auto kept = m_workspace.connection(source.toStdString()); kept && kept->capabilities().keepsSources) {
        source.clear();
    }
    switch (index.data(Model::KindRole).value<Model::Kind>()) {
    case Model::Kind::Connection: Q_EMIT sourceChosen(source); break;
    case Model::Kind::Category: Q_EMIT categoryChosen(source, name); break;
    case Model::Kind::Topic: {
        const auto connection = m_workspace.connection(source.toStdString());
        if (connection && connection->capabilities().topicsAreSources) {
            Q_EMIT sourceChosen(source + QLatin1Char('/') + name);
        } else if (connection && connection->capabilities().topicsAreCopies) {
            Q_EMIT sourceChosen(source);
        } else {
            Q_EMIT streamChosen(source, name);
        }
        break;
    }
    case Model::Kind::Stream:
    case Model::Kind::Queue: Q_EMIT streamChosen(source, name); break;
    case Model::Kind::DeadLetter: Q_EMIT deadLettersChosen(source, name); break;
    case Model::Kind::Group:
        if (static_cast<core::CatalogKind>(index.data(Model::EntryKindRole).toInt()) == core::CatalogKind::DeadLetter) {
            Q_EMIT deadLettersChosen(source, {});
        } else {
            Q_EMIT sourceChosen(source);
        }
        break;
    }
}

void SourcesView::showMenu(const QPoint& at)
{
    const QModelIndex index = m_tree->indexAt(at);
    if (!index.isValid()) {
        return;
    }
    const QString source = index.data(Model::ConnectionRole).toString();
    const QString name = index.data(Model::NameRole).toString();
    const auto kind = index.data(Model::KindRole).value<Model::Kind>();
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    const QPersistentModelIndex kept(index);
    menu->addAction(
        icon(QLatin1String("view-filter")), tr("Show only these events"), this, [this, kept] { choose(kept); });
    if (kind == Model::Kind::Stream) {
        menu->addAction(icon(QLatin1String("eventscope-replay")), tr("Replay stream"), this,
            [this, source, name] { Q_EMIT replayWanted(source, name); });
    }
    menu->addAction(icon(QLatin1String("edit-copy")), tr("Copy name"), this, [this, name] {
        QGuiApplication::clipboard()->setText(name);
        Q_EMIT said(tr("Name copied"));
    });
    if (const auto connection = m_workspace.connection(source.toStdString());
        connection && kind == Model::Kind::Connection) {
        menu->addSeparator();
        menu->addAction(
            icon(QLatin1String("view-refresh")), tr("Refresh"), this, [connection] { connection->refresh(); });
        QAction* retry = menu->addAction(tr("Try again now"), this, [connection] { connection->retry(); });
        retry->setEnabled(connection->status().state != core::ConnectionState::Live);
        const bool unlocked = connection->isUnlocked();
        menu->addAction(icon(QLatin1String(unlocked ? "object-locked" : "object-unlocked")),
            unlocked ? tr("Lock: read-only") : tr("Unlock for writing…"), this,
            [connection, unlocked] { connection->setUnlocked(!unlocked); });
        menu->addSeparator();
        menu->addAction(icon(QLatin1String("window-close")), tr("Close this source"), this, [this, source] {
            // It waits for the connection's thread, which may be waiting for a server.
            m_closing.start([this, name = source.toStdString()] { static_cast<void>(m_workspace.remove(name)); });
        });
    }
    menu->popup(m_tree->viewport()->mapToGlobal(at));
}

} // namespace eventscope::ui
