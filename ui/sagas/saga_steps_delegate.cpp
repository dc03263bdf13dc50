// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sagas/saga_steps_delegate.h"

#include "saga_list_model.h"
#include "theme/fonts.h"
#include "theme/icons.h"

#include <QApplication>
#include <QPainter>

namespace eventscope::ui {

using models::SagaListModel;

namespace {

constexpr int kSign = 12, kPitch = 16, kMargin = 6;

QColor colourOf(const QModelIndex& index, const Colours& colours)
{
    switch (index.column()) {
    case SagaListModel::SagaColumn: return colours.accent;
    case SagaListModel::StatusColumn: {
        const QVariant status = index.data(SagaListModel::StatusRole);
        return status.isValid() ? colours.of(roleOf(static_cast<core::SagaStatus>(status.toInt()))) : colours.muted;
    }
    case SagaListModel::NowColumn: return colours.muted;
    default: return colours.text;
    }
}

} // namespace

Role roleOf(core::SagaStatus status)
{
    switch (status) {
    case core::SagaStatus::Running: return Role::Accent;
    case core::SagaStatus::Completed: return Role::Positive;
    case core::SagaStatus::Compensating:
    case core::SagaStatus::Compensated: return Role::Warning;
    case core::SagaStatus::Failed:
    case core::SagaStatus::Stuck: return Role::Negative;
    }
    return Role::Muted;
}

SagaSign signOf(core::SagaStepStatus status)
{
    switch (status) {
    case core::SagaStepStatus::Pending: return {QLatin1String("state-waiting"), Role::Muted};
    case core::SagaStepStatus::Running: return {QLatin1String("state-running"), Role::Accent};
    case core::SagaStepStatus::Completed: return {QLatin1String("state-done"), Role::Positive};
    case core::SagaStepStatus::Failed: return {QLatin1String("state-failed"), Role::Negative};
    case core::SagaStepStatus::Compensating: return {QLatin1String("state-running"), Role::Warning};
    case core::SagaStepStatus::Compensated: return {QLatin1String("state-compensated"), Role::Warning};
    case core::SagaStepStatus::Stuck: return {QLatin1String("dialog-warning"), Role::Negative};
    }
    return {};
}

void SagaStepsDelegate::initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const
{
    QStyledItemDelegate::initStyleOption(option, index);
    option->font = fonts::data();
    option->textElideMode = index.column() == SagaListModel::SagaColumn ? Qt::ElideMiddle : Qt::ElideRight;
    const QColor colour = colourOf(index, Colours(option->palette));
    option->palette.setColor(QPalette::Text, colour);
    option->palette.setColor(QPalette::HighlightedText, colour);
    option->state &= ~QStyle::State_HasFocus; // the row shows it, not one cell
}

void SagaStepsDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    QStyledItemDelegate::paint(painter, option, index);
    if (index.column() != SagaListModel::StepsColumn) {
        return;
    }
    int x = option.rect.left() + kMargin;
    const int y = option.rect.center().y() - kSign / 2 + 1;
    const auto marks = index.data(SagaListModel::StepsRole).value<QList<models::SagaStepMark>>();
    for (const models::SagaStepMark& mark : marks) {
        if (x + kSign > option.rect.right()) {
            break;
        }
        const SagaSign sign = signOf(mark.status);
        icon(sign.icon, sign.role).paint(painter, QRect(x, y, kSign, kSign));
        x += kPitch;
    }
}

QSize SagaStepsDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    if (index.column() != SagaListModel::StepsColumn) {
        return QStyledItemDelegate::sizeHint(option, index);
    }
    const auto marks = index.data(SagaListModel::StepsRole).value<QList<models::SagaStepMark>>();
    return {2 * kMargin + kPitch * static_cast<int>(marks.size()), kPitch + 8};
}

} // namespace eventscope::ui
