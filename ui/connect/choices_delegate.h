// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStyledItemDelegate>

namespace eventscope::ui {

/// Paints what a connection can begin with: headings, and under them names with the icon of their
/// technology, their colour and the word "production".
class ChoicesDelegate final : public QStyledItemDelegate {
    Q_OBJECT

public:
    using QStyledItemDelegate::QStyledItemDelegate;

    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
};

/// The sign of a technology (core::SourceScheme as a number).
QLatin1String technologyIcon(int scheme);

} // namespace eventscope::ui
