// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "theme/quiet_parts.h"

#include "theme/colours.h"

#include <QPainter>
#include <QPolygonF>
#include <QString>
#include <QStyle>
#include <QStyleOption>
#include <QVariant>
#include <QWidget>
#include <algorithm>

namespace eventscope::ui {

namespace {
constexpr double kRadius = 4;
constexpr int kThin = 5;
QPolygonF tickIn(const QRectF& box)
{
    const auto at
        = [&](double x, double y) { return QPointF(box.left() + x * box.width(), box.top() + y * box.height()); };
    return QPolygonF({at(0.22, 0.52), at(0.42, 0.72), at(0.78, 0.30)});
}

} // namespace

void fillRounded(QPainter* painter, const QRect& rect, const QColor& fill, const QColor& border)
{
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(border.isValid() ? QPen(border, 1) : QPen(Qt::NoPen));
    painter->setBrush(fill);
    painter->drawRoundedRect(QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5), kRadius, kRadius);
    painter->restore();
}

QColor roleColour(const QWidget* widget, const Colours& colours)
{
    const QString role = widget ? widget->property("role").toString() : QString();
    if (role == QLatin1String("primary"))
        return colours.accent;
    if (role == QLatin1String("warning"))
        return colours.warning;
    if (role == QLatin1String("danger"))
        return colours.negative;
    return {};
}

void drawButton(const QStyleOption* option, QPainter* painter, const QWidget* widget)
{
    const Colours colours(option->palette);
    const bool enabled = option->state & QStyle::State_Enabled;
    const bool down = option->state & (QStyle::State_Sunken | QStyle::State_On);
    const bool hover = enabled && (option->state & QStyle::State_MouseOver);
    const bool focus = option->state & QStyle::State_HasFocus && option->state & QStyle::State_KeyboardFocusChange;
    const QColor role = roleColour(widget, colours);
    QColor fill = colours.raised;
    QColor border = colours.line;
    if (role.isValid() && enabled) {
        fill = widget->property("role").toString() == QLatin1String("warning") ? colours.raised : role;
        border = role;
        if (hover)
            fill = blend(fill, colours.base, 0.12);
        if (down)
            fill = blend(fill, colours.text, 0.14);
    } else {
        if (hover)
            fill = blend(fill, colours.text, 0.05);
        if (down)
            fill = blend(fill, colours.text, 0.10);
    }
    fillRounded(painter, option->rect, fill, focus ? colours.accent : border);
    if (focus && fill != colours.raised && role.isValid()) // the border alone would not be seen
        fillRounded(painter, option->rect.adjusted(2, 2, -2, -2), Qt::transparent, colours.base);
}

/// Its edge stands out from rows and chrome, light and dark; Fusion's is darker than its ground, which
/// nobody sees on a dark one.
void drawCheckMark(const QStyleOption* option, QPainter* painter)
{
    const Colours colours(option->palette);
    const bool enabled = option->state & QStyle::State_Enabled;
    const bool on = option->state & QStyle::State_On;
    const bool some = option->state & QStyle::State_NoChange;
    const bool marked = enabled && (on || some);
    const QColor edge = enabled ? colours.muted : colours.faint;
    const QRect& rect = option->rect;
    const int side = std::min({rect.width(), rect.height(), 14});
    const QRect box(rect.center().x() - side / 2 + 1, rect.center().y() - side / 2 + 1, side, side);
    fillRounded(painter, box, marked ? colours.accent : colours.base, marked ? colours.accent : edge);
    if (!on && !some)
        return;
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(QPen(enabled ? colours.onAccent : edge, 1.6, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    const QRectF inner(box);
    if (some)
        painter->drawLine(
            QPointF(inner.left() + 3.5, inner.center().y()), QPointF(inner.right() - 3.5, inner.center().y()));
    else
        painter->drawPolyline(tickIn(inner));
    painter->restore();
}

void drawComboBox(const QStyleOptionComboBox* box, QPainter* painter, const QWidget* widget)
{
    const Colours colours(box->palette);
    drawButton(box, painter, widget);
    const QPointF centre(box->rect.right() - 11.5, box->rect.center().y() + 1.0);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(QPen(colours.muted, 1.4));
    painter->drawPolyline(QPolygonF{centre + QPointF(-3.5, -1.5), centre + QPointF(0, 2), centre + QPointF(3.5, -1.5)});
    painter->restore();
}

void drawSpinBox(const QStyle* style, const QStyleOptionSpinBox* box, QPainter* painter, const QWidget* widget)
{
    const Colours colours(box->palette);
    const bool focus = box->state & QStyle::State_HasFocus;
    fillRounded(painter, box->rect, colours.base, focus ? colours.accent : colours.line);
    if (box->buttonSymbols == QAbstractSpinBox::NoButtons)
        return;
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(Qt::NoPen);
    const auto drawArrow = [&](QStyle::SubControl part, QAbstractSpinBox::StepEnabledFlag step, double up) {
        const QRectF area = style->subControlRect(QStyle::CC_SpinBox, box, part, widget);
        const bool enabled = box->stepEnabled & step && box->state & QStyle::State_Enabled;
        const bool active = box->activeSubControls & part && box->state & QStyle::State_MouseOver;
        painter->setBrush(!enabled ? colours.faint : active ? colours.accent : colours.muted);
        const QPointF centre = area.center() + QPointF(0, up * 0.5);
        painter->drawPolygon(
            QPolygonF{centre + QPointF(-3.5, -2 * up), centre + QPointF(3.5, -2 * up), centre + QPointF(0, 2 * up)});
    };
    drawArrow(QStyle::SC_SpinBoxUp, QAbstractSpinBox::StepUpEnabled, -1);
    drawArrow(QStyle::SC_SpinBoxDown, QAbstractSpinBox::StepDownEnabled, 1);
    painter->restore();
}

QRect thinBar(const QStyleOptionProgressBar* bar)
{
    return {
        bar->rect.left(), bar->rect.center().y() - kThin / 2, bar->rect.width(), std::min(kThin, bar->rect.height())};
}

} // namespace eventscope::ui
