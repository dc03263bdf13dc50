// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "json_tree/json_tree_delegate.h"

#include "json_tree/json_tree_view.h"
#include "theme/colours.h"
#include "theme/fonts.h"

#include <QPainter>
#include <algorithm>

namespace eventscope::ui {

using Model = models::JsonTreeModel;

namespace {

constexpr int kPadding = 4;

QColor inkOf(Model::Kind kind, const Colours& colours)
{
    switch (kind) {
    case Model::Kind::String: return colours.string;
    case Model::Kind::Number: return colours.number;
    case Model::Kind::Bool:
    case Model::Kind::Null: return colours.keyword;
    case Model::Kind::Object:
    case Model::Kind::Array:
    case Model::Kind::Note: return colours.muted;
    }
    return colours.text;
}

QColor groundOf(Model::Mark mark, const Colours& colours)
{
    switch (mark) {
    case Model::Mark::Added: return colours.added;
    case Model::Mark::Changed: return colours.changed;
    case Model::Mark::Removed: return colours.removed;
    case Model::Mark::None: break;
    }
    return {};
}

} // namespace

JsonTreeDelegate::JsonTreeDelegate(JsonTreeView* view) : QStyledItemDelegate(view), m_view(view) { }

QColor JsonTreeDelegate::markGround(const QModelIndex& index, const QPalette& palette)
{
    const auto mark = index.data(Model::MarkRole).value<Model::Mark>();
    return mark == Model::Mark::None ? QColor() : groundOf(mark, Colours(palette));
}

QSize JsonTreeDelegate::sizeHint(const QStyleOptionViewItem&, const QModelIndex& index) const
{
    const QFontMetrics metrics(fonts::data());
    const QString text = index.data(Qt::DisplayRole).toString();
    return {metrics.horizontalAdvance(text.left(400)) + 2 * kPadding + 8, std::max(metrics.height() + 5, 20)};
}

void JsonTreeDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    const Colours colours(option.palette);
    const auto kind = index.data(Model::KindRole).value<Model::Kind>();
    const auto mark = index.data(Model::MarkRole).value<Model::Mark>();
    const bool selected = option.state & QStyle::State_Selected;
    if (selected) {
        painter->fillRect(option.rect, colours.selection);
    }

    QFont font = fonts::data();
    font.setItalic(kind == Model::Kind::Null || kind == Model::Kind::Note);
    font.setStrikeOut(mark == Model::Mark::Removed);
    painter->save();
    painter->setFont(font);
    const bool isName = index.column() == Model::NameColumn;
    painter->setPen(isName ? colours.key : inkOf(kind, colours));
    QRect area = option.rect.adjusted(kPadding, 0, -kPadding, 0);
    const QRect link = isName ? QRect() : linkRect(option.rect, index);
    if (!link.isEmpty()) {
        area.setRight(link.left() - 8);
    }
    const QString text = index.data(Qt::DisplayRole).toString();
    const QString fitted
        = painter->fontMetrics().elidedText(text, link.isEmpty() ? Qt::ElideRight : Qt::ElideMiddle, area.width());
    painter->drawText(area, Qt::AlignVCenter | Qt::AlignLeft, fitted);
    if (!link.isEmpty()) {
        font.setItalic(false);
        painter->setFont(font);
        painter->setPen(colours.accent);
        painter->drawText(link, Qt::AlignVCenter | Qt::AlignLeft,
            painter->fontMetrics().elidedText(m_view->linkOf(index), Qt::ElideMiddle, link.width()));
    }
    painter->restore();
}

QRect JsonTreeDelegate::linkRect(const QRect& item, const QModelIndex& index) const
{
    const QString link = m_view->linkOf(index);
    if (link.isEmpty() || index.column() != Model::ValueColumn) {
        return {};
    }
    const QFontMetrics metrics(fonts::data());
    // The value keeps room for a few characters.
    const int room = item.width() - 8 * metrics.averageCharWidth();
    const int linkWidth = std::min(metrics.horizontalAdvance(link) + 2, std::max(room, 40));
    const int valueWidth = metrics.horizontalAdvance(index.data(Qt::DisplayRole).toString().left(400));
    const int left = std::min(item.left() + kPadding + valueWidth + 12, item.right() - linkWidth);
    return {std::max(left, item.left() + kPadding), item.top(), linkWidth, item.height()};
}

} // namespace eventscope::ui
