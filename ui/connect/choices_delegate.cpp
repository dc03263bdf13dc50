// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connect/choices_delegate.h"

#include "source_choices_model.h"
#include "theme/colours.h"
#include "theme/fonts.h"
#include "theme/icons.h"

#include <QColor>
#include <QPainter>
#include <algorithm>

namespace eventscope::ui {

using Model = models::SourceChoicesModel;

QLatin1String technologyIcon(int scheme)
{
    switch (static_cast<core::SourceScheme>(scheme)) {
    case core::SourceScheme::Demo: return QLatin1String("media-playback-start");
    case core::SourceScheme::Sqlite:
    case core::SourceScheme::Postgres: return QLatin1String("eventscope-stream");
    case core::SourceScheme::File: return QLatin1String("document-open");
    case core::SourceScheme::Kafka: return QLatin1String("eventscope-topic");
    case core::SourceScheme::Amqp: return QLatin1String("eventscope-queue");
    }
    return QLatin1String("eventscope-stream");
}

QSize ChoicesDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    const bool heading = index.data(Model::KindRole).value<Model::Kind>() == Model::Kind::Heading;
    return {120, option.fontMetrics.height() + (heading ? 16 : 10)};
}

void ChoicesDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    const Colours colours(option.palette);
    const QString text = index.data().toString();
    painter->save();
    if (index.data(Model::KindRole).value<Model::Kind>() == Model::Kind::Heading) {
        painter->setFont(fonts::section());
        painter->setPen(colours.muted);
        painter->drawText(option.rect.adjusted(12, 6, -8, 0), Qt::AlignLeft | Qt::AlignVCenter, text.toUpper());
        painter->restore();
        return;
    }
    if (option.state & QStyle::State_Selected) {
        painter->fillRect(option.rect, colours.selection);
    } else if (option.state & QStyle::State_MouseOver) {
        painter->fillRect(option.rect, colours.hover);
    }
    if (const QColor own(index.data(Model::ColourRole).toString()); own.isValid()) {
        painter->fillRect(QRect(option.rect.left(), option.rect.top(), 3, option.rect.height()), own);
    }
    QRect area = option.rect.adjusted(12, 0, -8, 0);
    icon(technologyIcon(index.data(Model::SchemeRole).toInt()), Role::Muted)
        .paint(painter, QRect(area.left(), area.center().y() - 7, 14, 14));
    area.setLeft(area.left() + 22);
    if (index.data(Model::ProductionRole).toBool()) {
        painter->setFont(fonts::small());
        painter->setPen(colours.negative);
        const QString word = tr("production");
        painter->drawText(area, Qt::AlignRight | Qt::AlignVCenter, word);
        area.setRight(area.right() - painter->fontMetrics().horizontalAdvance(word) - 8);
    }
    painter->setFont(option.font);
    painter->setPen(colours.text);
    painter->drawText(
        area, Qt::AlignLeft | Qt::AlignVCenter, option.fontMetrics.elidedText(text, Qt::ElideMiddle, area.width()));
    painter->restore();
}

} // namespace eventscope::ui
