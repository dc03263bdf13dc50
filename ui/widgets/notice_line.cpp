// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/notice_line.h"

#include "plain_text.h"
#include "theme/icons.h"
#include "widgets/labels.h"

#include <QHBoxLayout>
#include <QPaintEvent>
#include <QPainter>

namespace eventscope::ui {

namespace {

constexpr int kIconSize = 14, kGap = 7;

} // namespace

NoticeLine::NoticeLine(QWidget* parent) : QWidget(parent), m_label(plainLabel({}, this))
{
    m_label->setWordWrap(true);
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(kIconSize + kGap, 0, 0, 0);
    layout->addWidget(m_label);
}

void NoticeLine::setNotice(QLatin1String iconName, Role role, const QString& text)
{
    m_iconName = iconName;
    m_role = role;
    m_label->setText(models::visibleText(text, models::kTooltipChars));
    update();
}

QString NoticeLine::text() const
{
    return m_label->text();
}

void NoticeLine::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const int line = m_label->fontMetrics().height();
    const int top = m_label->height() < 2 * line ? (height() - kIconSize) / 2 : (line - kIconSize) / 2 + 1;
    icon(m_iconName, m_role).paint(&painter, 0, top, kIconSize, kIconSize);
}

void ChromePanel::paintEvent(QPaintEvent* event)
{
    const Colours colours(palette());
    QPainter painter(this);
    painter.fillRect(event->rect(), colours.chrome);
    painter.fillRect(QRect(0, 0, width(), 1), colours.line);
}

} // namespace eventscope::ui
