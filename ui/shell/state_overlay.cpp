// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "shell/state_overlay.h"

#include "theme/fonts.h"
#include "theme/icons.h"

#include <QEvent>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QVBoxLayout>

namespace eventscope::ui {

namespace {

constexpr int kIconSize = 40;
constexpr int kTextWidth = 420;

QLabel* centred(QWidget* parent)
{
    auto* label = new QLabel(parent);
    label->setTextFormat(Qt::PlainText);
    label->setAlignment(Qt::AlignCenter);
    label->setWordWrap(true);
    return label;
}

} // namespace

StateOverlay::StateOverlay(QWidget* over)
    : QWidget(over)
    , m_icon(centred(this))
    , m_headline(centred(this))
    , m_sentence(centred(this))
    , m_progress(new QProgressBar(this))
    , m_action(new QPushButton(this))
{
    m_headline->setFont(fonts::bold());
    m_sentence->setForegroundRole(QPalette::PlaceholderText);
    m_progress->setRange(0, 0);
    m_progress->setTextVisible(false);
    m_progress->setFixedWidth(kTextWidth / 3);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(24, 24, 24, 24);
    layout->setSpacing(8);
    layout->addStretch();
    layout->addWidget(m_icon);
    // Labels that wrap must have the width of the layout, or they are as high as their first guess.
    layout->addWidget(m_headline);
    layout->addWidget(m_sentence);
    layout->addWidget(m_progress, 0, Qt::AlignHCenter);
    layout->addWidget(m_action, 0, Qt::AlignHCenter);
    layout->addStretch();
    setAutoFillBackground(true);
    setBackgroundRole(QPalette::Base);
    over->installEventFilter(this);
    connect(m_action, &QPushButton::clicked, this, &StateOverlay::actionTriggered);
    hide();
}

void StateOverlay::showEmpty(const QString& headline, const QString& sentence, const QString& action)
{
    m_progress->hide();
    show(QLatin1String("dialog-information"), Role::Muted, headline, sentence, action);
}

void StateOverlay::showBusy(const QString& headline, const QString& sentence, const QString& cancel)
{
    m_progress->show();
    show(QLatin1String("state-running"), Role::Accent, headline, sentence, cancel);
}

void StateOverlay::showError(const QString& headline, const QString& sentence, const QString& action)
{
    m_progress->hide();
    show(QLatin1String("dialog-error"), Role::Negative, headline, sentence, action);
}

void StateOverlay::showNothing()
{
    hide();
}

QString StateOverlay::headline() const
{
    return m_headline->text();
}

QString StateOverlay::sentence() const
{
    return m_sentence->text();
}

void StateOverlay::show(
    QLatin1String iconName, Role role, const QString& headline, const QString& sentence, const QString& action)
{
    m_iconName = iconName;
    m_role = role;
    drawIcon();
    m_headline->setText(headline);
    m_sentence->setText(sentence);
    m_sentence->setVisible(!sentence.isEmpty());
    m_action->setText(action);
    m_action->setVisible(!action.isEmpty());
    setGeometry(parentWidget()->rect());
    raise();
    QWidget::show();
}

void StateOverlay::drawIcon()
{
    m_icon->setPixmap(icon(m_iconName, m_role).pixmap(kIconSize, kIconSize));
}

bool StateOverlay::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == parentWidget() && event->type() == QEvent::Resize)
        setGeometry(parentWidget()->rect());
    return QWidget::eventFilter(watched, event);
}

void StateOverlay::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::PaletteChange && m_icon)
        drawIcon();
    QWidget::changeEvent(event);
}

} // namespace eventscope::ui
