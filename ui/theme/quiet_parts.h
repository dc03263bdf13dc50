// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QRect>

class QPainter;
class QStyle;
class QStyleOptionComboBox;
class QStyleOptionProgressBar;
class QStyleOptionSpinBox;
class QStyleOption;
class QWidget;

namespace eventscope::ui {

// Parts of QuietStyle: buttons and fields.

class Colours;

/// With no border when that colour is not valid.
void fillRounded(QPainter* painter, const QRect& rect, const QColor& fill, const QColor& border);
void drawSpinBox(const QStyle* style, const QStyleOptionSpinBox* box, QPainter* painter, const QWidget* widget);
/// The colour that the property "role" asks for; invalid without one.
QColor roleColour(const QWidget* widget, const Colours& colours);
void drawButton(const QStyleOption* option, QPainter* painter, const QWidget* widget);
void drawCheckMark(const QStyleOption* option, QPainter* painter);
void drawComboBox(const QStyleOptionComboBox* box, QPainter* painter, const QWidget* widget);
/// Where a bar without text is drawn: a thin line in the middle.
QRect thinBar(const QStyleOptionProgressBar* bar);

} // namespace eventscope::ui
