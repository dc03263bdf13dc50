// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dead_letters_seen.h"
#include "widgets/notice_line.h"

#include <cstddef>

class QLabel;
class QListWidget;
class QProgressBar;
class QPushButton;

namespace eventscope::ui {

class ElidedLabel;

/// How a run, a dry run, a discard or its undoing goes: progress, pause, stop, what became of each
/// letter, and after a discard the way back.
class RunPanel final : public ChromePanel {
    Q_OBJECT

public:
    explicit RunPanel(QWidget* parent = nullptr);

    void show(const models::DeadLetterActivity& activity);

Q_SIGNALS:
    void pauseWanted(bool paused);
    void stopWanted();
    void undoWanted();
    void closeWanted();

private:
    void showButtons(const models::DeadLetterActivity& activity);
    void addOutcomes(const models::DeadLetterActivity& activity);
    void showNotice(const models::DeadLetterActivity& activity);

    QLabel* m_title;
    ElidedLabel* m_summary;
    QProgressBar* m_progress;
    NoticeLine* m_notice;
    QListWidget* m_outcomes;
    QPushButton* m_pause;
    QPushButton* m_stop;
    QPushButton* m_undo;
    QPushButton* m_close;
    models::DeadLetterWork m_shownWork = models::DeadLetterWork::None;
    std::size_t m_shown = 0;
    bool m_paused = false;
};

} // namespace eventscope::ui
