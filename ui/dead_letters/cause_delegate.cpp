// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dead_letters/cause_delegate.h"

#include "dead_letter_groups_model.h"
#include "dead_letters_model.h"
#include "event_format.h"
#include "theme/colours.h"
#include "theme/fonts.h"
#include "theme/icons.h"

#include <QPainter>
#include <algorithm>

namespace eventscope::ui {

using models::DeadLetterGroupsModel;
using models::DeadLettersModel;

namespace {

constexpr int kMargin = 12, kIconSize = 14, kGap = 8, kPadding = 6;

int lineHeight(const QFont& font)
{
    return QFontMetrics(font).height() + 1;
}

void drawLine(QPainter& painter, const QRect& rect, const QFont& font, const QColor& colour, const QString& text)
{
    painter.setFont(font);
    painter.setPen(colour);
    painter.drawText(
        rect, Qt::AlignLeft | Qt::AlignVCenter, painter.fontMetrics().elidedText(text, Qt::ElideRight, rect.width()));
}

} // namespace

QSize CauseDelegate::sizeHint(const QStyleOptionViewItem&, const QModelIndex& index) const
{
    const bool hasMessage = !index.data(DeadLetterGroupsModel::MessageRole).toString().isEmpty();
    const int small = lineHeight(fonts::small());
    return {200, lineHeight(fonts::bold()) + small * (hasMessage ? 2 : 1) + 2 * kPadding};
}

void CauseDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    const Colours colours(option.palette);
    painter->save();
    if (option.state & QStyle::State_Selected)
        painter->fillRect(option.rect, colours.selection);
    else if (option.state & QStyle::State_MouseOver)
        painter->fillRect(option.rect, colours.hover);
    if (option.state & QStyle::State_HasFocus && option.state & QStyle::State_Selected)
        painter->fillRect(QRect(option.rect.left(), option.rect.top(), 2, option.rect.height()), colours.accent);

    QRect inside = option.rect.adjusted(kMargin, kPadding, -kMargin, -kPadding);
    const int title = lineHeight(fonts::bold());
    icon(QLatin1String("dialog-warning"), Role::Negative)
        .paint(painter, inside.left(), inside.top() + (title - kIconSize) / 2, kIconSize, kIconSize);
    inside.setLeft(inside.left() + kIconSize + kGap);

    const QString count = models::formatCount(index.data(DeadLetterGroupsModel::CountRole).toULongLong());
    painter->setFont(fonts::data());
    painter->setPen(colours.muted);
    painter->drawText(
        QRect(inside.left(), inside.top(), inside.width(), title), Qt::AlignRight | Qt::AlignVCenter, count);
    const int countWidth = painter->fontMetrics().horizontalAdvance(count) + kGap;

    QRect line(inside.left(), inside.top(), inside.width() - countWidth, title);
    drawLine(*painter, line, fonts::bold(), colours.text, index.data().toString());
    line.setWidth(inside.width());
    line.translate(0, title);
    const int small = lineHeight(fonts::small());
    line.setHeight(small);
    if (const QString message = index.data(DeadLetterGroupsModel::MessageRole).toString(); !message.isEmpty()) {
        drawLine(*painter, line, fonts::small(), colours.text, message);
        line.translate(0, small);
    }
    const QString trend = index.data(DeadLetterGroupsModel::TrendTextRole).toString();
    const bool rising = index.data(DeadLetterGroupsModel::TrendRole).toInt() == static_cast<int>(core::Trend::Rising);
    const int trendWidth = QFontMetrics(fonts::small()).horizontalAdvance(trend);
    drawLine(*painter, line.adjusted(line.width() - trendWidth - 1, 0, 0, 0), fonts::small(),
        rising ? colours.negative : colours.muted, trend);
    drawLine(*painter, line.adjusted(0, 0, -trendWidth - kGap, 0), fonts::small(), colours.muted,
        index.data(DeadLetterGroupsModel::OriginRole).toString());
    painter->restore();
}

QSize LetterDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    QSize size = QStyledItemDelegate::sizeHint(option, index);
    size.setHeight(lineHeight(fonts::data()) + kPadding);
    return size;
}

void LetterDelegate::initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const
{
    QStyledItemDelegate::initStyleOption(option, index);
    const Colours colours(option->palette);
    option->font = fonts::data();
    QColor ink = colours.text;
    switch (index.column()) {
    case DeadLettersModel::FailedColumn: ink = colours.muted; break;
    case DeadLettersModel::StreamColumn: ink = colours.accent; break;
    case DeadLettersModel::NoteColumn: ink = colours.warning; break;
    default: break;
    }
    option->palette.setColor(QPalette::Text, ink);
    option->palette.setColor(QPalette::HighlightedText, ink);
}

} // namespace eventscope::ui
