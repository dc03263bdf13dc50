// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "shell/filter_chip.h"

#include "plain_text.h"
#include "theme/colours.h"
#include "theme/fonts.h"
#include "theme/icons.h"

#include <QPainter>

namespace eventscope::ui {

FilterChip::FilterChip(QWidget* parent) : QAbstractButton(parent)
{
    setFont(fonts::small());
    setCursor(Qt::PointingHandCursor);
    setAttribute(Qt::WA_Hover);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

void FilterChip::set(const QString& iconName, const QString& text)
{
    m_iconName = iconName;
    setText(models::visibleText(text, 40));
    setToolTip(models::plainToolTip(tr("%1\nClick to show the others again").arg(text)));
    setAccessibleName(tr("Only %1; press to show the others again").arg(text));
    updateGeometry();
    update();
}

QSize FilterChip::sizeHint() const
{
    return {fontMetrics().horizontalAdvance(text()) + 44, fontMetrics().height() + 5};
}

void FilterChip::paintEvent(QPaintEvent*)
{
    const Colours colours(palette());
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(hasFocus() ? QPen(colours.accent) : QPen(Qt::NoPen));
    painter.setBrush(underMouse() ? blend(colours.selection, colours.text, 0.10) : colours.selection);
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4);
    const int middle = height() / 2;
    ui::icon(QLatin1String(m_iconName.toLatin1().constData()), Role::Accent)
        .paint(&painter, QRect(6, middle - 6, 12, 12));
    painter.setPen(colours.text);
    painter.drawText(rect().adjusted(22, 0, -20, 0), Qt::AlignVCenter | Qt::AlignLeft, text());
    ui::icon(QLatin1String("window-close"), Role::Muted).paint(&painter, QRect(width() - 17, middle - 6, 12, 12));
}

} // namespace eventscope::ui
