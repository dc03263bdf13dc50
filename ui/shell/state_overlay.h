// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "theme/colours.h"

#include <QLatin1String>
#include <QWidget>

class QLabel;
class QProgressBar;
class QPushButton;

namespace eventscope::ui {

/// What a view shows while it has nothing to show: empty, busy or failed, each with an icon, a sentence
/// that says why, and where it helps a button for the next step. Lies over its parent and hides itself
/// with showNothing(). // GUI thread
class StateOverlay final : public QWidget {
    Q_OBJECT

public:
    explicit StateOverlay(QWidget* over);

    void showEmpty(const QString& headline, const QString& sentence, const QString& action = {});
    void showBusy(const QString& headline, const QString& sentence = {}, const QString& cancel = {});
    void showError(const QString& headline, const QString& sentence, const QString& action = {});
    void showNothing();

    QString headline() const;
    QString sentence() const;

Q_SIGNALS:
    void actionTriggered();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void show(
        QLatin1String iconName, Role role, const QString& headline, const QString& sentence, const QString& action);
    void drawIcon();

    QLatin1String m_iconName;
    Role m_role = Role::Muted;
    QLabel* m_icon;
    QLabel* m_headline;
    QLabel* m_sentence;
    QProgressBar* m_progress;
    QPushButton* m_action;
};

} // namespace eventscope::ui
