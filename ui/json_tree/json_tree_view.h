// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "filter_text.h"
#include "json_tree_model.h"

#include <QHash>
#include <QTreeView>

class QMenu;

namespace eventscope::ui {

/// JSON as a tree of names and values in the colours of their kinds; null, an empty text and the word
/// "null" look different. Every value can be copied and filtered for. // GUI thread
class JsonTreeView final : public QTreeView {
    Q_OBJECT

public:
    explicit JsonTreeView(QWidget* parent = nullptr);

    /// The model is a JsonTreeModel, or a proxy that keeps its roles.
    void setModel(QAbstractItemModel* model) override;

    /// A text after a value that can be clicked ("9 events"), by section and pointer.
    void setLink(const QString& section, const QString& pointer, const QString& text);
    void clearLinks();
    QString linkOf(const QModelIndex& index) const;
    /// Where the link is drawn, in viewport coordinates; empty where there is none.
    QRect linkRect(const QModelIndex& index) const;

    /// Whether the menu offers filters; states and differences have none.
    void setFiltersOffered(bool on) { m_filtersOffered = on; }
    /// Opens the sections, and as much below them as fits without scrolling.
    void expandUsefully();

Q_SIGNALS:
    void linkActivated(const QString& section, const QString& pointer);
    void filterRequested(const QString& term, eventscope::models::FilterJoin join);
    /// `field`: as the filter language names it.
    void columnRequested(const QString& field);
    void colourRequested(const QString& term);
    /// Before the menu of a value opens: more may be added to it.
    void menuOpening(QMenu* menu);
    void said(const QString& sentence);

protected:
    void drawRow(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void copyValue(const QModelIndex& index);
    QString filterTerm(const QModelIndex& index) const;
    void addFilterActions(QMenu* menu, const QModelIndex& value);
    void addCopyActions(QMenu* menu, const QModelIndex& value);
    void fitNames();

    QHash<QString, QString> m_links; ///< by section + '\n' + pointer
    bool m_filtersOffered = true;
};

} // namespace eventscope::ui
