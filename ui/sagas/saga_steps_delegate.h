// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "theme/colours.h"

#include <QLatin1String>
#include <QStyledItemDelegate>

namespace eventscope::core {
enum class SagaStatus;
enum class SagaStepStatus;
} // namespace eventscope::core

namespace eventscope::ui {

Role roleOf(core::SagaStatus status);

/// A sign and its colour: one does not go without the other.
struct SagaSign {
    QLatin1String icon;
    Role role = Role::Muted;
};
SagaSign signOf(core::SagaStepStatus status);

/// Cells of the sagas' table: the step bar as signs, the rest as text in the colour it means.
class SagaStepsDelegate final : public QStyledItemDelegate {
    Q_OBJECT

public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;

protected:
    void initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const override;
};

} // namespace eventscope::ui
