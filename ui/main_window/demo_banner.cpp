// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "main_window/demo_banner.h"

#include "theme/colours.h"
#include "theme/icons.h"
#include "widgets/labels.h"

#include <QHBoxLayout>
#include <QPainter>
#include <QToolButton>

namespace eventscope::ui {

DemoBanner::DemoBanner(QWidget* parent) : QWidget(parent)
{
    auto* text = new ElidedLabel(this);
    text->setText(tr("This is a demo: an order system runs inside this program, on a store of its own. Nothing leaves "
                     "this machine."));
    auto* connectLink = new LinkButton(tr("Connect to your own…"), this);
    auto* close = new QToolButton(this);
    close->setIcon(icon(QLatin1String("window-close"), Role::Muted));
    close->setAutoRaise(true);
    close->setToolTip(tr("Hide this"));
    close->setAccessibleName(tr("Hide this"));
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(34, 2, 8, 2);
    layout->setSpacing(12);
    layout->addWidget(text);
    layout->addWidget(connectLink);
    layout->addStretch();
    layout->addWidget(close);
    text->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    connect(connectLink, &QAbstractButton::clicked, this, &DemoBanner::connectClicked);
    connect(close, &QAbstractButton::clicked, this, &DemoBanner::dismissed);
}

void DemoBanner::paintEvent(QPaintEvent*)
{
    const Colours colours(palette());
    QPainter painter(this);
    painter.fillRect(rect(), blend(colours.base, colours.accent, 0.08));
    painter.fillRect(QRect(0, height() - 1, width(), 1), colours.line);
    icon(QLatin1String("dialog-information"), Role::Accent).paint(&painter, QRect(12, height() / 2 - 8, 16, 16));
}

} // namespace eventscope::ui
