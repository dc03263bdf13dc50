// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "replay/replay_history_delegate.h"

#include "replay_history_model.h"
#include "theme/colours.h"

namespace eventscope::ui {

namespace {

using models::ReplayHistoryModel;

/// By how JSON begins.
QColor inkOf(const QString& value, const Colours& colours)
{
    const QChar first = value.isEmpty() ? QChar() : value.front();
    if (first == QLatin1Char('"')) {
        return colours.string;
    }
    if (first.isDigit() || first == QLatin1Char('-')) {
        return colours.number;
    }
    if (value == QLatin1String("true") || value == QLatin1String("false") || value == QLatin1String("null")) {
        return colours.keyword;
    }
    return colours.muted;
}

} // namespace

void ReplayHistoryDelegate::initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const
{
    QStyledItemDelegate::initStyleOption(option, index);
    const Colours colours(option->palette);
    const QColor ink = index.column() == ReplayHistoryModel::Value ? inkOf(option->text, colours)
        : index.column() == ReplayHistoryModel::SetBy              ? colours.accent
                                                                   : colours.muted;
    option->palette.setColor(QPalette::Text, ink);
    option->palette.setColor(QPalette::HighlightedText, ink);
}

} // namespace eventscope::ui
