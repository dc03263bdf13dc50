// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/notice_line.h"

#include <QString>

class QAbstractButton;

namespace eventscope::ui {

/// A bar that offers to look at events as somebody else did when he saved them. Goes when it was answered.
class LooksOffer final : public ChromePanel {
    Q_OBJECT

public:
    /// `text`: one sentence that says what is offered.
    LooksOffer(const QString& text, QWidget* parent);

    QString text() const { return m_text->text(); }
    QAbstractButton* acceptButton() const { return m_accept; }

Q_SIGNALS:
    void accepted();

private:
    NoticeLine* m_text;
    QAbstractButton* m_accept;
};

} // namespace eventscope::ui
