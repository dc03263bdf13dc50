// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sources/sources_delegate.h"

#include "event_format.h"
#include "sources_model.h"
#include "theme/colours.h"
#include "theme/fonts.h"
#include "theme/icons.h"

#include <QPainter>

namespace eventscope::ui {

using Model = models::SourcesModel;

namespace {

struct Sign {
    const char* icon = nullptr;
    Role role = Role::Muted;
};

Sign stateSign(core::ConnectionState state)
{
    switch (state) {
    case core::ConnectionState::Live: return {"state-live", Role::Positive};
    case core::ConnectionState::Connecting: return {"state-connecting", Role::Accent};
    case core::ConnectionState::Reconnecting: return {"state-connecting", Role::Warning};
    case core::ConnectionState::Failed: return {"dialog-error", Role::Negative};
    case core::ConnectionState::Stopped: return {"state-off", Role::Muted};
    }
    return {};
}

Sign signOf(const QModelIndex& index)
{
    switch (index.data(Model::KindRole).value<Model::Kind>()) {
    case Model::Kind::Connection:
        return stateSign(static_cast<core::ConnectionState>(index.data(Model::StateRole).toInt()));
    case Model::Kind::Group:
        return index.data(Model::AlarmRole).toBool() ? Sign{"dialog-warning", Role::Negative} : Sign{};
    default: return {};
    }
}

} // namespace

QSize SourcesDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex&) const
{
    return {120, std::max(option.fontMetrics.height() + 8, 24)};
}

void SourcesDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    const Colours colours(option.palette);
    const bool alarm = index.data(Model::AlarmRole).toBool();
    painter->save();
    if (option.state & QStyle::State_Selected) {
        painter->fillRect(option.rect, colours.selection);
    } else if (option.state & QStyle::State_MouseOver) {
        painter->fillRect(option.rect, colours.hover);
    }
    QRect area = option.rect.adjusted(2, 0, -10, 0);
    if (const QColor own(index.data(Model::ColourRole).toString()); own.isValid()) {
        painter->fillRect(QRect(option.rect.left() - 4, option.rect.top() + 3, 3, option.rect.height() - 6), own);
    }
    if (const Sign sign = signOf(index); sign.icon) {
        const QRect place(area.left(), area.center().y() - 7, 14, 14);
        icon(QLatin1String(sign.icon), sign.role).paint(painter, place);
        area.setLeft(place.right() + 6);
    }

    const bool isConnection = index.data(Model::KindRole).value<Model::Kind>() == Model::Kind::Connection;
    QString right = isConnection ? index.data(Model::StateWordRole).toString() : QString();
    if (const QVariant count = index.data(Model::CountRole); right.isEmpty() && count.isValid()) {
        right = models::formatCount(count.toULongLong());
    }
    if (right.isEmpty() && index.data(Model::ProductionRole).toBool()) {
        right = tr("production");
    }
    if (!right.isEmpty()) {
        QFont font = fonts::data();
        font.setPointSizeF(font.pointSizeF() * 0.95);
        painter->setFont(font);
        painter->setPen(alarm ? colours.negative : colours.muted);
        painter->drawText(area, Qt::AlignRight | Qt::AlignVCenter, right);
        area.setRight(area.right() - painter->fontMetrics().horizontalAdvance(right) - 8);
    }
    painter->setFont(option.font);
    painter->setPen(alarm ? colours.negative : colours.text);
    const QString text = index.data(Qt::DisplayRole).toString();
    painter->drawText(
        area, Qt::AlignLeft | Qt::AlignVCenter, option.fontMetrics.elidedText(text, Qt::ElideMiddle, area.width()));
    painter->restore();
}

} // namespace eventscope::ui
