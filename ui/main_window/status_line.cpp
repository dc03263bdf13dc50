// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "main_window/status_line.h"

#include "event_format.h"
#include "plain_text.h"
#include "theme/fonts.h"
#include "widgets/labels.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QTimer>

namespace eventscope::ui {

namespace {

enum Part { Events, Rate, Lag, Undecodable, Refused };

void setShown(QLabel* label, const QString& text)
{
    if (label->text() != text) {
        label->setText(text);
    }
    label->setVisible(!text.isEmpty());
}

void setInk(QWidget* widget, const QColor& ink)
{
    QPalette palette = widget->palette();
    if (palette.color(QPalette::WindowText) != ink) {
        palette.setColor(QPalette::WindowText, ink);
        widget->setPalette(palette);
    }
}

} // namespace

StatusLine::StatusLine(QWidget* parent) : QWidget(parent)
{
    QFont font = fonts::data();
    font.setPointSizeF(font.pointSizeF() * 0.95);
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(12, 1, 12, 0);
    layout->setSpacing(18);
    const auto label = [&] {
        auto* made = plainLabel({}, this);
        made->setFont(font);
        layout->addWidget(made);
        return made;
    };
    m_budget = new LinkButton({}, this);
    m_budget->setFont(font);
    m_budget->setToolTip(tr("Change what the log may hold, and what happens when that is used up"));
    for (std::size_t part = 0; part < m_parts.size(); ++part) {
        m_parts[part] = label();
        if (part == Rate) {
            layout->addWidget(m_budget);
        }
    }
    connect(m_budget, &QAbstractButton::clicked, this, &StatusLine::budgetClicked);
    m_problems = new LinkButton({}, this);
    m_problems->setFont(font);
    layout->addWidget(m_problems);
    m_said = new ElidedLabel(this); // a long sentence must not make the window wider
    m_said->setFont(font);
    layout->addWidget(m_said, 1);
    m_verdict = label();
    m_zone = new LinkButton({}, this);
    m_zone->setFont(font);
    m_zone->setToolTip(tr("Change between UTC and local time"));
    layout->addWidget(m_zone);
    setFixedHeight(QFontMetrics(font).height() + 12);
    connect(m_problems, &QAbstractButton::clicked, this, &StatusLine::problemsClicked);
    connect(m_zone, &QAbstractButton::clicked, this, &StatusLine::zoneClicked);
}

void StatusLine::show(const Figures& figures)
{
    const Colours colours(palette());
    const auto& usage = figures.usage;
    const std::uint64_t kept = usage.events - usage.dropped;
    setShown(m_parts[Events], kept == 1 ? tr("1 event") : tr("%1 events").arg(models::formatCount(kept)));
    setShown(m_parts[Rate], models::formatRate(figures.perSecond));
    const QString held
        = tr("%1 of %2").arg(models::formatBytes(usage.heldBytes), models::formatBytes(usage.budgetBytes))
        + (usage.diskBytes > 0 ? tr(", %1 on disk").arg(models::formatBytes(usage.diskBytes)) : QString());
    if (m_budget->text() != held) {
        m_budget->setText(held);
        m_budget->updateGeometry();
    }
    setShown(m_parts[Lag],
        figures.lag
            ? tr("lag %1").arg(models::formatCount(static_cast<std::uint64_t>(std::max<std::int64_t>(0, *figures.lag))))
            : QString());
    setShown(m_parts[Undecodable],
        usage.undecodable > 0 ? tr("⚠ %1 undecodable").arg(models::formatCount(usage.undecodable)) : QString());
    QStringList lost;
    if (usage.dropped > 0) {
        lost += tr("▲ full: the oldest %1 dropped").arg(models::formatCount(usage.dropped));
    }
    if (usage.unreadableBytes > 0) {
        lost += tr("✕ disk: %1 MB of the log cannot be read").arg((usage.unreadableBytes >> 20) + 1);
    }
    if (usage.refused > 0) {
        lost += tr("✕ full: %1 not kept").arg(models::formatCount(usage.refused));
    }
    setShown(m_parts[Refused], lost.join(QStringLiteral(" · ")));
    for (const Part part : {Events, Rate, Lag}) {
        setInk(m_parts[part], colours.muted);
    }
    setInk(m_parts[Undecodable], colours.warning);
    setInk(m_parts[Refused], usage.refused > 0 ? colours.negative : colours.warning);
    m_problems->setVisible(figures.problems > 0);
    m_problems->setText(
        figures.problems == 1 ? tr("1 problem") : tr("%1 problems").arg(models::formatCount(figures.problems)));
    m_problems->updateGeometry();
    setShown(m_verdict, figures.verdict + (figures.verdictComplete ? QStringLiteral(" ✓") : QString()));
    setInk(m_verdict, figures.verdictComplete || figures.verdict.isEmpty() ? colours.muted : colours.warning);
    if (m_zone->text() != figures.zone) {
        m_zone->setText(figures.zone);
        m_zone->updateGeometry();
    }
}

void StatusLine::say(const QString& sentence)
{
    const QString shown = models::visibleText(sentence, 200);
    m_said->setText(shown);
    QTimer::singleShot(6000, this, [this, shown] {
        if (m_said->text() == shown) {
            m_said->setText({});
        }
    });
}

QWidget* StatusLine::budgetButton() const
{
    return m_budget;
}

QString StatusLine::text() const
{
    QStringList texts;
    for (std::size_t part = 0; part < m_parts.size(); ++part) {
        texts += m_parts[part]->text();
        if (part == Rate) {
            texts += m_budget->text();
        }
    }
    return (texts << m_said->text() << m_verdict->text() << m_zone->text()).join(QLatin1Char('|'));
}

void StatusLine::paintEvent(QPaintEvent*)
{
    const Colours colours(palette());
    QPainter painter(this);
    painter.fillRect(rect(), colours.chrome);
    painter.fillRect(QRect(0, 0, width(), 1), colours.line);
}

} // namespace eventscope::ui
