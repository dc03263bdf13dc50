// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "events/looks_offer.h"

#include "theme/icons.h"

#include <QHBoxLayout>
#include <QPushButton>
#include <QToolButton>

namespace eventscope::ui {

LooksOffer::LooksOffer(const QString& text, QWidget* parent) : ChromePanel(parent)
{
    m_text = new NoticeLine(this);
    m_text->setNotice(QLatin1String("dialog-information"), Role::Accent, text);
    auto* accept = new QPushButton(tr("Look at it like that"), this);
    m_accept = accept;
    auto* refuse = new QToolButton(this);
    refuse->setIcon(icon(QLatin1String("window-close")));
    refuse->setAutoRaise(true);
    refuse->setToolTip(tr("Leave everything as it is"));
    refuse->setAccessibleName(refuse->toolTip());

    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(12, 5, 8, 5);
    layout->addWidget(m_text, 1);
    layout->addWidget(accept);
    layout->addWidget(refuse);
    connect(accept, &QAbstractButton::clicked, this, [this] {
        Q_EMIT accepted();
        deleteLater();
    });
    connect(refuse, &QAbstractButton::clicked, this, &QObject::deleteLater);
}

} // namespace eventscope::ui
