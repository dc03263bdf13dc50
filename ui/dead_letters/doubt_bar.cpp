// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dead_letters/doubt_bar.h"

#include "dead_letters/requeue_plan_panel.h"
#include "plain_text.h"

#include <QHBoxLayout>
#include <QPushButton>

namespace eventscope::ui {

DoubtBar::DoubtBar(QWidget* parent) : ChromePanel(parent)
{
    m_text = new NoticeLine(this);
    m_settle = new QPushButton(tr("Find out"), this);
    m_settle->setObjectName(QStringLiteral("settleDoubts"));
    m_resend = new QPushButton(tr("Send again…"), this);
    m_resend->setObjectName(QStringLiteral("resendDoubts"));
    m_resend->setToolTip(tr("Plans to send them once more, marked as possible duplicates"));
    m_discard = new QPushButton(tr("They arrived: discard…"), this);
    m_discard->setObjectName(QStringLiteral("discardDoubts"));
    m_discard->setToolTip(tr("Takes the letters away without sending them again; the journal keeps them"));
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(14, 6, 12, 6);
    layout->addWidget(m_text, 1);
    layout->addWidget(m_settle);
    layout->addWidget(m_resend);
    layout->addWidget(m_discard);
    connect(m_settle, &QPushButton::clicked, this, &DoubtBar::settleWanted);
    connect(m_resend, &QPushButton::clicked, this, &DoubtBar::resendWanted);
    connect(m_discard, &QPushButton::clicked, this, &DoubtBar::discardWanted);
    hide();
}

void DoubtBar::show(const Doubts& doubts, const QString& blocked)
{
    setVisible(doubts.count > 0);
    if (doubts.count == 0) {
        return;
    }
    QString text = tr("%1 in doubt: an interrupted run may have sent it, or may not.").arg(letterCount(doubts.count));
    if (doubts.listed < doubts.count) {
        text += QLatin1Char(' ')
            + tr("%1 no longer here: see the journal.").arg(letterCount(doubts.count - doubts.listed));
    } else if (!doubts.canSettle) {
        text += QLatin1Char(' ') + tr("This technology cannot tell; look at the receiver, then choose.");
    }
    m_text->setNotice(QLatin1String("dialog-warning"), Role::Warning, text);
    m_settle->setVisible(doubts.canSettle);
    m_settle->setEnabled(blocked.isEmpty());
    m_settle->setToolTip(blocked.isEmpty() ? tr("Asks the source whether they arrived, and notes what it says")
                                           : models::plainToolTip(blocked));
    m_resend->setEnabled(doubts.listed > 0);
    m_discard->setVisible(doubts.canDiscard);
    m_discard->setEnabled(blocked.isEmpty() && doubts.listed > 0);
}

} // namespace eventscope::ui
