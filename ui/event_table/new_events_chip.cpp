// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "event_table/new_events_chip.h"

#include "event_format.h"
#include "theme/colours.h"
#include "theme/fonts.h"

#include <QPainter>

namespace eventscope::ui {

NewEventsChip::NewEventsChip(QWidget* parent) : QAbstractButton(parent)
{
    setCursor(Qt::PointingHandCursor);
    setFocusPolicy(Qt::NoFocus); // End does the same from the keyboard
    QFont font = fonts::interface();
    font.setWeight(QFont::DemiBold);
    setFont(font);
    setAttribute(Qt::WA_Hover);
    hide();
}

void NewEventsChip::show(std::uint64_t count, bool paused)
{
    const QString news = count == 1 ? tr("1 new event") : tr("%1 new events").arg(models::formatCount(count));
    if (paused)
        setText(count == 0 ? tr("Paused") : tr("Paused · %1").arg(news));
    else
        setText(news);
    setToolTip(paused ? tr("Resume (Space)") : tr("Go to the newest event (End)"));
    setProperty("paused", paused);
    setAccessibleName(text());
    adjustSize();
    setVisible(true);
    update();
}

QSize NewEventsChip::sizeHint() const
{
    return {fontMetrics().horizontalAdvance(text()) + 46, fontMetrics().height() + 10};
}

void NewEventsChip::paintEvent(QPaintEvent*)
{
    const Colours colours(palette());
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QRectF pill = QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5);
    const QColor fill = property("paused").toBool() ? colours.warning : colours.accent;
    painter.setPen(Qt::NoPen);
    painter.setBrush(underMouse() ? blend(fill, colours.text, 0.12) : fill);
    painter.drawRoundedRect(pill, pill.height() / 2, pill.height() / 2);

    const QColor ink = contrast(Qt::white, fill) >= 3 ? QColor(Qt::white) : colours.base;
    if (hasFocus()) {
        painter.setPen(QPen(ink, 1.5));
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(pill.adjusted(2, 2, -2, -2), pill.height() / 2 - 2, pill.height() / 2 - 2);
        painter.setPen(Qt::NoPen);
    }
    const QPointF centre(17.5, pill.center().y());
    painter.setBrush(ink);
    if (property("paused").toBool()) {
        painter.drawRect(QRectF(centre.x() - 3.5, centre.y() - 4, 2.5, 8));
        painter.drawRect(QRectF(centre.x() + 1, centre.y() - 4, 2.5, 8));
    } else {
        painter.drawPolygon(
            QPolygonF{centre + QPointF(-4.5, -3.5), centre + QPointF(4.5, -3.5), centre + QPointF(0, 4)});
    }
    painter.setPen(ink);
    painter.drawText(rect().adjusted(28, 0, -12, 0), Qt::AlignVCenter | Qt::AlignLeft, text());
}

} // namespace eventscope::ui
