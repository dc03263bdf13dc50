// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStyledItemDelegate>

namespace eventscope::ui {

class JsonTreeView;

/// Paints the names and values of a JsonTreeView.
class JsonTreeDelegate final : public QStyledItemDelegate {
    Q_OBJECT

public:
    explicit JsonTreeDelegate(JsonTreeView* view);

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    /// What a difference puts behind a whole row; invalid: nothing.
    static QColor markGround(const QModelIndex& index, const QPalette& palette);
    /// Where the link after the value stands within the item's rectangle.
    QRect linkRect(const QRect& item, const QModelIndex& index) const;

private:
    JsonTreeView* m_view;
};

} // namespace eventscope::ui
