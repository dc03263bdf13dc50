// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/labels.h"

#include "plain_text.h"
#include "theme/fonts.h"

#include <QPaintEvent>
#include <QPainter>
#include <algorithm>

namespace eventscope::ui {

namespace {

class SectionLabel final : public QLabel {
public:
    using QLabel::QLabel;

protected:
    void paintEvent(QPaintEvent*) override
    {
        // The colour is asked for at each painting, so that it follows the palette.
        QPainter painter(this);
        painter.setFont(font());
        painter.setPen(Colours(palette()).muted);
        painter.drawText(contentsRect(), static_cast<int>(alignment()),
            painter.fontMetrics().elidedText(text(), Qt::ElideRight, contentsRect().width()));
    }
};

} // namespace

QLabel* plainLabel(const QString& text, QWidget* parent)
{
    auto* label = new QLabel(parent);
    label->setTextFormat(Qt::PlainText);
    label->setText(models::visibleText(text, models::kTooltipChars, models::Lines::Keep));
    return label;
}

QLabel* sectionLabel(const QString& text, QWidget* parent)
{
    auto* label = new SectionLabel(parent);
    label->setTextFormat(Qt::PlainText);
    label->setFont(fonts::section());
    label->setText(models::visibleText(text).toUpper());
    label->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
    return label;
}

ElidedLabel::ElidedLabel(QWidget* parent) : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void ElidedLabel::setText(const QString& text)
{
    const QString shown = models::visibleText(text, models::kTooltipChars);
    if (shown == m_text) {
        return;
    }
    m_text = shown;
    setAccessibleName(shown);
    updateGeometry();
    update();
}

void ElidedLabel::setRole(Role role)
{
    m_role = role;
    update();
}

void ElidedLabel::setElideMode(Qt::TextElideMode mode)
{
    m_elide = mode;
    update();
}

void ElidedLabel::setAlignment(Qt::Alignment alignment)
{
    m_alignment = alignment;
    update();
}

QSize ElidedLabel::sizeHint() const
{
    return {fontMetrics().horizontalAdvance(m_text) + 2, fontMetrics().height() + 2};
}

QSize ElidedLabel::minimumSizeHint() const
{
    return {std::min(sizeHint().width(), fontMetrics().averageCharWidth() * 4), sizeHint().height()};
}

void ElidedLabel::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setPen(isEnabled() ? Colours(palette()).of(m_role) : Colours(palette()).faint);
    const QString fitted = fontMetrics().elidedText(m_text, m_elide, width());
    setToolTip(fitted == m_text ? QString() : models::plainToolTip(m_text));
    painter.drawText(rect(), static_cast<int>(m_alignment | Qt::AlignVCenter), fitted);
}

LinkButton::LinkButton(const QString& text, QWidget* parent) : QAbstractButton(parent)
{
    setText(text);
    setCursor(Qt::PointingHandCursor);
    setFocusPolicy(Qt::StrongFocus);
    setAttribute(Qt::WA_Hover);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
}

QSize LinkButton::sizeHint() const
{
    return {fontMetrics().horizontalAdvance(text()) + 2, fontMetrics().height() + 4};
}

QSize LinkButton::minimumSizeHint() const
{
    return {std::min(sizeHint().width(), fontMetrics().averageCharWidth() * 6), sizeHint().height()};
}

void LinkButton::paintEvent(QPaintEvent*)
{
    const Colours colours(palette());
    QPainter painter(this);
    QFont underlined = font();
    underlined.setUnderline(underMouse() || hasFocus());
    painter.setFont(underlined);
    painter.setPen(isEnabled() ? colours.accent : colours.faint);
    painter.drawText(
        rect(), Qt::AlignLeft | Qt::AlignVCenter, fontMetrics().elidedText(text(), Qt::ElideRight, width()));
}

Badge::Badge(QWidget* parent) : QWidget(parent)
{
    QFont small = fonts::small();
    small.setWeight(QFont::DemiBold);
    setFont(small);
    setAttribute(Qt::WA_TransparentForMouseEvents);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

void Badge::setText(const QString& text)
{
    if (text == m_text) {
        return;
    }
    m_text = text;
    setAccessibleName(text);
    updateGeometry();
    adjustSize();
    update();
}

void Badge::setRole(Role role)
{
    m_role = role;
    update();
}

QSize Badge::sizeHint() const
{
    const int height = fontMetrics().height() + 1;
    return {std::max(height, fontMetrics().horizontalAdvance(m_text) + 10), height};
}

void Badge::paintEvent(QPaintEvent*)
{
    const QColor fill = Colours(palette()).of(m_role);
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(fill);
    painter.drawRoundedRect(rect(), height() / 2.0, height() / 2.0);
    painter.setPen(contrast(Qt::white, fill) >= 3 ? QColor(Qt::white) : QColor(0x14, 0x17, 0x1b));
    painter.drawText(rect(), Qt::AlignCenter, m_text);
}

Hairline::Hairline(Qt::Orientation orientation, QWidget* parent) : QWidget(parent)
{
    if (orientation == Qt::Horizontal) {
        setFixedHeight(1);
    } else {
        setFixedWidth(1);
    }
}

void Hairline::paintEvent(QPaintEvent* event)
{
    QPainter(this).fillRect(event->rect(), Colours(palette()).line);
}

} // namespace eventscope::ui
