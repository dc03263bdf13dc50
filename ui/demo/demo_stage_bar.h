// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QToolBar>
#include <functional>

namespace eventscope::ui {

/// What the bar moves. Each is quick, and does nothing while the demo is still being opened.
struct DemoStage {
    std::function<void(double ordersPerSecond)> setRate;
    std::function<void(double share)> setFailureShare;
    std::function<void()> causeDecline;
    std::function<void()> causePoison;
    std::function<void()> crashWorker;
    std::function<void()> burstViews;
    double rate = 10;
    double failureShare = 0.2;
};

/// The controls of the demo, for showing an event-driven system to others: how fast orders come, how
/// many go wrong, and buttons for a mishap at the right moment. // GUI thread
class DemoStageBar final : public QToolBar {
    Q_OBJECT

public:
    explicit DemoStageBar(DemoStage stage, QWidget* parent = nullptr);

Q_SIGNALS:
    /// What a button has just caused, in a sentence.
    void caused(const QString& sentence);

private:
    void addButton(const char* iconName, const QString& text, const QString& tip, const QString& sentence,
        const std::function<void()>& act);

    const DemoStage m_stage;
};

} // namespace eventscope::ui
