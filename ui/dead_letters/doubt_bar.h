// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/notice_line.h"

#include <cstddef>

class QPushButton;

namespace eventscope::ui {

/// What an earlier run has left in doubt at a source, and what can be done about it. It only asks; the
/// page passes it on.
class DoubtBar final : public ChromePanel {
    Q_OBJECT

public:
    explicit DoubtBar(QWidget* parent = nullptr);

    struct Doubts {
        std::size_t count = 0;      ///< 0: there are none, and the bar goes
        std::size_t listed = 0;     ///< of these are still there as letters
        std::size_t unfinished = 0; ///< writes of an interrupted run that nobody looked at yet
        bool canSettle = false;     ///< the source can tell whether a sending arrived
        bool canDiscard = false;
    };
    /// `blocked`: why nothing may be written now; empty when it may.
    void show(const Doubts& doubts, const QString& blocked);

Q_SIGNALS:
    void settleWanted();
    void resendWanted();
    void discardWanted();

private:
    NoticeLine* m_text;
    QPushButton* m_settle;
    QPushButton* m_resend;
    QPushButton* m_discard;
};

} // namespace eventscope::ui
