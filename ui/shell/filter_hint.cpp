// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "shell/filter_hint.h"

#include "plain_text.h"

#include <QPainter>
#include <algorithm>

namespace eventscope::ui {

FilterHint::FilterHint(QWidget* box) : QWidget(box->window()), m_box(box)
{
    setAttribute(Qt::WA_TransparentForMouseEvents);
    hide();
}

void FilterHint::say(const QString& sentence, Role role)
{
    m_sentence = models::visibleText(sentence, 300);
    m_role = role;
    setVisible(!sentence.isEmpty() && m_box->isVisible());
    setAccessibleName(m_sentence);
    if (isVisible()) {
        place();
        update();
    }
}

void FilterHint::place()
{
    QWidget* window = m_box->window();
    if (parentWidget() != window) {
        const bool shown = isVisible();
        setParent(window);
        setVisible(shown);
    }
    const int width = std::min(m_box->width(), fontMetrics().horizontalAdvance(m_sentence) + 24);
    const QRect text = fontMetrics().boundingRect(QRect(0, 0, width - 20, 1000), Qt::TextWordWrap, m_sentence);
    const QPoint below = m_box->mapTo(window, QPoint(0, m_box->height() + 2));
    setGeometry(below.x(), below.y(), width, text.height() + 12);
    raise();
}

void FilterHint::paintEvent(QPaintEvent*)
{
    const Colours colours(palette());
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(colours.of(m_role));
    painter.setBrush(blend(colours.base, colours.of(m_role), 0.10));
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4);
    painter.setPen(colours.text);
    painter.drawText(rect().adjusted(10, 6, -10, -6), Qt::TextWordWrap, m_sentence);
}

} // namespace eventscope::ui
