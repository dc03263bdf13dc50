// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "replay/replay_event_delegate.h"

#include "replay_events_model.h"
#include "theme/colours.h"
#include "theme/fonts.h"

#include <QApplication>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>

namespace eventscope::ui {

namespace {

constexpr int kPadding = 5, kBox = 14, kDot = 7, kLeft = 12;

QRect boxRect(const QRect& row)
{
    return {row.left() + kLeft, row.center().y() - kBox / 2, kBox, kBox};
}

} // namespace

QSize ReplayEventDelegate::sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const
{
    const int lines = QFontMetrics(fonts::interface()).height() + QFontMetrics(fonts::small()).height();
    return {160, lines + 2 * kPadding};
}

void ReplayEventDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    const Colours colours(option.palette);
    const bool skipped = index.data(Qt::CheckStateRole).toInt() == Qt::Unchecked;
    const bool refused = index.data(models::ReplayEventsModel::RefusedRole).toBool();
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    if (option.state.testFlag(QStyle::State_Selected)) {
        painter->fillRect(option.rect, colours.selection);
    }
    QStyleOptionButton box;
    box.palette = option.palette;
    box.rect = boxRect(option.rect);
    box.state = QStyle::State_Enabled | (skipped ? QStyle::State_Off : QStyle::State_On);
    QApplication::style()->drawPrimitive(QStyle::PE_IndicatorCheckBox, &box, painter);

    const QRect row = option.rect.adjusted(0, kPadding, -kLeft, -kPadding);
    const int dotLeft = box.rect.right() + 10;
    painter->setPen(Qt::NoPen);
    painter->setBrush(colours.stable(index.data(models::ReplayEventsModel::TypeRole).toString().toStdString()));
    painter->drawEllipse(QRectF(dotLeft, option.rect.center().y() - kDot / 2.0, kDot, kDot));

    QFont title = fonts::interface();
    QFont time = fonts::small();
    title.setStrikeOut(skipped);
    time.setStrikeOut(skipped);
    const QRect text = row.adjusted(dotLeft + kDot + 9 - row.left(), 0, -44, 0);
    painter->setFont(title);
    painter->setPen(skipped ? colours.faint : refused ? colours.negative : colours.text);
    const QString type = index.data(Qt::DisplayRole).toString();
    painter->drawText(text, Qt::AlignLeft | Qt::AlignTop,
        QFontMetrics(title).elidedText(refused ? tr("⚠ %1").arg(type) : type, Qt::ElideRight, text.width()));
    painter->setFont(time);
    painter->setPen(colours.muted);
    const QString inBranch = index.data(models::ReplayEventsModel::BranchRole).toString();
    const QString when = index.data(models::ReplayEventsModel::TimeRole).toString();
    painter->drawText(
        text, Qt::AlignLeft | Qt::AlignBottom, inBranch.isEmpty() ? when : when + QStringLiteral(" · ") + inBranch);
    painter->setFont(fonts::data());
    painter->drawText(
        row, Qt::AlignRight | Qt::AlignVCenter, index.data(models::ReplayEventsModel::VersionRole).toString());
    painter->restore();
}

/// The box reacts to a click on it; the rest of the row chooses the step.
bool ReplayEventDelegate::editorEvent(
    QEvent* event, QAbstractItemModel* model, const QStyleOptionViewItem& option, const QModelIndex& index)
{
    if (event->type() != QEvent::MouseButtonRelease) {
        return false;
    }
    const QPoint at = static_cast<QMouseEvent*>(event)->pos();
    if (!boxRect(option.rect).adjusted(-4, -4, 4, 4).contains(at)) {
        return false;
    }
    const bool checked = index.data(Qt::CheckStateRole).toInt() == Qt::Checked;
    return model->setData(index, static_cast<int>(checked ? Qt::Unchecked : Qt::Checked), Qt::CheckStateRole);
}

} // namespace eventscope::ui
