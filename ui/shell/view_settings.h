// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "colour_rules.h"
#include "event_format.h"
#include "event_rules.h"
#include "theme/theme.h"

#include <QObject>

class QSettings;

namespace eventscope::ui {

/// How people want to see things, whatever the view: the zone of times, the look, which types are
/// failures, which rows are coloured. Kept between runs. // GUI thread
class ViewSettings final : public QObject {
    Q_OBJECT

public:
    using QObject::QObject;

    const models::TimeFormat& timeFormat() const { return m_time; }
    bool isUtc() const { return m_time.zone() == models::TimeFormat::Zone::Utc; }
    void setUtc(bool utc);

    const models::EventRules& rules() const { return m_rules; }
    void setRules(const models::EventRules& rules);

    const models::ColourRules& colours() const { return m_colours; }
    void setColours(models::ColourRules rules);

    Theme::Look look() const { return m_look; }
    void setLook(Theme::Look look);

    void load(const QSettings& settings);
    void save(QSettings& settings) const;

Q_SIGNALS:
    void timeFormatChanged();
    void rulesChanged();
    void coloursChanged();
    void lookChanged();

private:
    models::TimeFormat m_time;
    models::EventRules m_rules = models::EventRules::usual();
    models::ColourRules m_colours;
    Theme::Look m_look = Theme::Look::Light;
};

} // namespace eventscope::ui
