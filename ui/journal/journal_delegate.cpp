// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "journal/journal_delegate.h"

#include "journal_model.h"
#include "theme/colours.h"
#include "theme/fonts.h"
#include "theme/icons.h"

namespace eventscope::ui {

using models::JournalModel;

namespace {

struct Sign {
    const char* icon;
    Role role;
};

Sign signOf(core::WriteState state)
{
    switch (state) {
    case core::WriteState::InDoubt: return {"dialog-warning", Role::Warning};
    case core::WriteState::Failed: return {"state-failed", Role::Negative};
    case core::WriteState::Done: return {"state-done", Role::Positive};
    case core::WriteState::Skipped: return {"state-off", Role::Muted};
    case core::WriteState::Planned:
    case core::WriteState::Sending:
    case core::WriteState::Sent: return {"state-running", Role::Accent};
    }
    return {"state-off", Role::Muted};
}

} // namespace

QSize JournalDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    return {QStyledItemDelegate::sizeHint(option, index).width(), QFontMetrics(fonts::data()).height() + 8};
}

void JournalDelegate::initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const
{
    QStyledItemDelegate::initStyleOption(option, index);
    option->font = fonts::data();
    if (index.column() != JournalModel::OutcomeColumn) {
        return;
    }
    const Sign sign = signOf(static_cast<core::WriteState>(index.data(JournalModel::StateRole).toInt()));
    option->features |= QStyleOptionViewItem::HasDecoration;
    option->icon = icon(QLatin1String(sign.icon), sign.role);
    option->decorationSize = {12, 12};
    option->palette.setColor(QPalette::Text, Colours(option->palette).of(sign.role));
}

} // namespace eventscope::ui
