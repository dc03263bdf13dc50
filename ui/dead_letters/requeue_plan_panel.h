// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dead_letters_seen.h"
#include "event_format.h"
#include "widgets/notice_line.h"

#include <cstddef>
#include <memory>
#include <optional>

class QCheckBox;
class QComboBox;
class QDoubleSpinBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QVBoxLayout;

namespace eventscope::ui {

class ChangesView;
class ElidedLabel;
class LinkButton;

/// "1 letter", "1 204 letters".
QString letterCount(std::size_t count);

/// A requeue before it happens: the frozen set, target, order, rate and what to know before sending.
/// It only asks; the page passes it on.
class RequeuePlanPanel final : public ChromePanel {
    Q_OBJECT

public:
    explicit RequeuePlanPanel(QWidget* parent = nullptr);

    void setTimeFormat(const models::TimeFormat& format) { m_format = format; }
    /// Shows the plan with the target and rate chosen before. Null takes it away.
    void setPlan(std::shared_ptr<const models::FrozenPlan> frozen);
    bool hasPlan() const { return m_frozen != nullptr; }
    /// The frozen set with target and rate as they are chosen now. Only with a plan.
    std::shared_ptr<const models::FrozenPlan> chosenPlan() const;
    bool pausesOnReturn() const;
    /// Why nothing can be sent now; empty when it can.
    void setBlocked(const QString& why);

Q_SIGNALS:
    void dryRunWanted();
    void sendWanted();
    void closeWanted();
    /// The same letters again, those in doubt or requeued before included.
    void resendWanted();

private:
    QWidget* makePlanPart();
    QWidget* makeBeforePart();
    QWidget* makeButtons();
    core::RequeueRate chosenRate() const;
    QString targetText() const;
    void addNotice(QLatin1String iconName, Role role, const QString& text);
    void showNotices();
    void showChoices();

    models::TimeFormat m_format;
    std::shared_ptr<const models::FrozenPlan> m_frozen;
    QString m_blocked;
    QLabel* m_title = nullptr;
    ElidedLabel* m_summary = nullptr;
    QLineEdit* m_target = nullptr;
    QComboBox* m_rate = nullptr;
    QDoubleSpinBox* m_perSecond = nullptr;
    QCheckBox* m_pause = nullptr;
    ElidedLabel* m_edits = nullptr;
    ChangesView* m_changes = nullptr;
    QVBoxLayout* m_notices = nullptr;
    LinkButton* m_resend = nullptr;
    QPushButton* m_close = nullptr;
    QPushButton* m_dryRun = nullptr;
    QPushButton* m_send = nullptr;
};

} // namespace eventscope::ui
