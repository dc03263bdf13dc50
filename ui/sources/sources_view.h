// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sources_feed.h"
#include "sources_model.h"

#include <QSet>
#include <QThreadPool>
#include <QWidget>

class QLineEdit;
class QTreeView;

namespace eventscope::ui {

/// The connections and what each holds; choosing something narrows what the Events view shows. // GUI thread
class SourcesView final : public QWidget {
    Q_OBJECT

public:
    /// `workspace` must outlive the view.
    explicit SourcesView(core::Workspace& workspace, QWidget* parent = nullptr);

    QTreeView* tree() const { return m_tree; }
    models::SourcesModel& model() { return m_model; }
    void clearChoice();

Q_SIGNALS:
    void streamChosen(const QString& source, const QString& stream);
    void categoryChosen(const QString& source, const QString& category);
    void sourceChosen(const QString& source);
    void deadLettersChosen(const QString& source, const QString& queue);
    void replayWanted(const QString& source, const QString& stream);
    /// What a connection holds was refreshed: states, counts.
    void updated();
    void said(const QString& sentence);

private:
    void choose(const QModelIndex& index);
    void openNewConnections();
    void showMenu(const QPoint& at);

    core::Workspace& m_workspace;
    models::SourcesModel m_model;
    QTreeView* m_tree;
    QLineEdit* m_find;
    models::SourcesFeed m_feed;
    QThreadPool m_closing;  ///< ends before what it closes connections of
    QSet<QString> m_opened; ///< connections and groups that were opened once
};

} // namespace eventscope::ui
