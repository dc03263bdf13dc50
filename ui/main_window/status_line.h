// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/event_log.h"
#include "theme/colours.h"

#include <QString>
#include <QWidget>
#include <array>
#include <cstdint>
#include <optional>

class QLabel;

namespace eventscope::ui {

class ElidedLabel;
class LinkButton;

/// The figures along the window's lower edge. // GUI thread
class StatusLine final : public QWidget {
    Q_OBJECT

public:
    struct Figures {
        core::EventLog::Usage usage;
        double perSecond = 0;
        std::optional<std::int64_t> lag;
        std::uint64_t problems = 0;
        QString zone;
        QString verdict; ///< of the filter; empty: none
        bool verdictComplete = false;
    };

    explicit StatusLine(QWidget* parent = nullptr);

    void show(const Figures& figures);
    /// A sentence in the place of the figures, for a few seconds.
    void say(const QString& sentence);
    QString text() const; ///< what can be read, for tests

    /// Where a menu for the budget belongs.
    QWidget* budgetButton() const;

Q_SIGNALS:
    void budgetClicked();
    void problemsClicked();
    void zoneClicked();

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    std::array<QLabel*, 5> m_parts{};
    LinkButton* m_budget;
    ElidedLabel* m_said;
    QLabel* m_verdict;
    LinkButton* m_problems;
    LinkButton* m_zone;
};

} // namespace eventscope::ui
