// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sagas/status_figure.h"

#include "event_format.h"
#include "theme/fonts.h"

#include <QEnterEvent>
#include <QPainter>
#include <algorithm>

namespace eventscope::ui {

namespace {

constexpr int kMargin = 7, kGap = 5;

} // namespace

StatusFigure::StatusFigure(const QString& word, Role role, QWidget* parent)
    : QAbstractButton(parent), m_word(word), m_role(role)
{
    setCheckable(true);
    setFocusPolicy(Qt::StrongFocus);
    setCursor(Qt::PointingHandCursor);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    setToolTip(tr("Show only these; press again for all"));
    setCount(0);
}

void StatusFigure::setCount(std::size_t count)
{
    const QString text = models::formatCount(count) + QLatin1Char(' ') + m_word;
    if (text == this->text()) {
        return;
    }
    m_count = count;
    setText(text);
    setAccessibleName(text);
    updateGeometry();
    update();
}

QSize StatusFigure::sizeHint() const
{
    const QFontMetrics bold(fonts::bold()), plain(fonts::interface());
    // As wide as any count of so many digits, so that nothing moves while it counts.
    QString widest = models::formatCount(m_count);
    for (QChar& digit : widest) {
        digit = digit.isDigit() ? QLatin1Char('0') : digit;
    }
    return {2 * kMargin + std::max(bold.horizontalAdvance(widest), bold.horizontalAdvance(models::formatCount(m_count)))
            + kGap + plain.horizontalAdvance(m_word),
        plain.height() + 8};
}

void StatusFigure::paintEvent(QPaintEvent*)
{
    const Colours colours(palette());
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QRectF frame = QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5);
    if (isChecked() || underMouse() || hasFocus()) {
        painter.setPen(hasFocus() ? QPen(colours.accent) : QPen(Qt::NoPen));
        painter.setBrush(isChecked() ? colours.selection : underMouse() ? colours.hover : QColor(Qt::transparent));
        painter.drawRoundedRect(frame, 4, 4);
    }
    const QColor colour = m_count == 0 ? colours.muted : colours.of(m_role);
    const QString count = models::formatCount(m_count);
    QRect area = rect().adjusted(kMargin, 0, -kMargin, 0);
    painter.setPen(m_count > 0 && m_role == Role::Positive ? colours.text : colour);
    painter.setFont(fonts::bold());
    painter.drawText(area, Qt::AlignLeft | Qt::AlignVCenter, count);
    area.setLeft(area.left() + painter.fontMetrics().horizontalAdvance(count) + kGap);
    painter.setPen(m_role == Role::Positive ? colours.muted : colour);
    painter.setFont(fonts::interface());
    area.setRight(rect().right()); // the room comes a moment after the count
    painter.drawText(area, Qt::AlignLeft | Qt::AlignVCenter, m_word);
}

void StatusFigure::enterEvent(QEnterEvent* event)
{
    QAbstractButton::enterEvent(event);
    update();
}

void StatusFigure::leaveEvent(QEvent* event)
{
    QAbstractButton::leaveEvent(event);
    update();
}

} // namespace eventscope::ui
