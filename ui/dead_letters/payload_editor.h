// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/dead_letter.h"
#include "payload_edit.h"

#include <QDialog>
#include <QTimer>
#include <string>

class QPlainTextEdit;
class QPushButton;

namespace eventscope::ui {

class ChangesView;
class NoticeLine;

/// Edits the payload that goes out in place of a letter's own; the letter itself stays as it is. Says
/// while one types whether it is JSON and what differs from the original. // GUI thread
class PayloadEditor final : public QDialog {
    Q_OBJECT

public:
    /// `present`: what would go out as things stand. `others`: how many more letters are ticked, which
    /// the same change can be made to.
    PayloadEditor(
        const core::DeadLetter& letter, const std::string& present, std::size_t others, QWidget* parent = nullptr);

    const models::PayloadEdit& edited() const { return m_edit; }
    QPlainTextEdit* text() const { return m_text; }

Q_SIGNALS:
    /// The payload for this letter; with `changes` for all that are ticked.
    void applied(const std::string& payload);
    void appliedToAll(const eventscope::core::JsonPatch& changes);

private:
    void check();
    void revert();

    const std::string m_letter;
    const std::string m_original;
    models::PayloadEdit m_edit;
    QPlainTextEdit* m_text;
    NoticeLine* m_notice;
    ChangesView* m_changes;
    QPushButton* m_apply;
    QPushButton* m_applyAll;
    QTimer m_timer;
};

} // namespace eventscope::ui
