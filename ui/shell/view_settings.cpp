// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "shell/view_settings.h"

#include <QSettings>
#include <utility>

namespace eventscope::ui {

namespace {

const QString kUtc = QStringLiteral("view/utc");
const QString kLook = QStringLiteral("view/look");
const QString kFailures = QStringLiteral("view/failureTypes");
const QString kColours = QStringLiteral("view/colours");
const QString kWarnings = QStringLiteral("view/warningTypes");

QString nameOf(Theme::Look look)
{
    switch (look) {
    case Theme::Look::Light: return QStringLiteral("light");
    case Theme::Look::Dark: return QStringLiteral("dark");
    case Theme::Look::System: return QStringLiteral("system");
    }
    return {};
}

Theme::Look lookOf(const QString& name)
{
    return name == nameOf(Theme::Look::Dark)  ? Theme::Look::Dark
        : name == nameOf(Theme::Look::System) ? Theme::Look::System
        : name == nameOf(Theme::Look::Light)  ? Theme::Look::Light
        : Theme::desktopIsDark()              ? Theme::Look::Dark
                                              : Theme::Look::Light;
}

} // namespace

void ViewSettings::setUtc(bool utc)
{
    if (utc == isUtc()) {
        return;
    }
    m_time = models::TimeFormat(utc ? models::TimeFormat::Zone::Utc : models::TimeFormat::Zone::Local);
    Q_EMIT timeFormatChanged();
}

void ViewSettings::setRules(const models::EventRules& rules)
{
    m_rules = rules;
    Q_EMIT rulesChanged();
}

void ViewSettings::setColours(models::ColourRules rules)
{
    if (rules == m_colours) {
        return;
    }
    m_colours = std::move(rules);
    Q_EMIT coloursChanged();
}

void ViewSettings::setLook(Theme::Look look)
{
    if (look == m_look) {
        return;
    }
    m_look = look;
    Q_EMIT lookChanged();
}

void ViewSettings::load(const QSettings& settings)
{
    setLook(lookOf(settings.value(kLook).toString()));
    setUtc(settings.value(kUtc, true).toBool());
    setColours(models::colourRulesFromJson(settings.value(kColours).toByteArray()));
    if (settings.contains(kFailures)) {
        m_rules.setFailures(settings.value(kFailures).toStringList());
        m_rules.setWarnings(settings.value(kWarnings).toStringList());
        Q_EMIT rulesChanged();
    }
}

void ViewSettings::save(QSettings& settings) const
{
    settings.setValue(kUtc, isUtc());
    settings.setValue(kLook, nameOf(m_look));
    settings.setValue(kColours, models::colourRulesToJson(m_colours));
    const auto usual = models::EventRules::usual();
    if (m_rules.failures() != usual.failures() || m_rules.warnings() != usual.warnings()) {
        settings.setValue(kFailures, m_rules.failures());
        settings.setValue(kWarnings, m_rules.warnings());
    }
}

} // namespace eventscope::ui
