// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "payload_edit.h"

#include <QDialog>
#include <QTimer>
#include <string>

class QPlainTextEdit;
class QPushButton;

namespace eventscope::ui {

class ChangesView;
class NoticeLine;

/// Edits a payload that is used in place of an original, which itself stays as it is. Says while one
/// types whether it is JSON and what differs from the original. // GUI thread
class PayloadEditor final : public QDialog {
    Q_OBJECT

public:
    /// Where it stands and what its buttons say.
    struct Words {
        QString title;
        QString apply;
        QString applyToAll; ///< empty: there are no others
        QString unchanged;  ///< while it is as the original
    };
    /// `present`: the payload as things stand.
    PayloadEditor(const Words& words, std::string original, const std::string& present, QWidget* parent = nullptr);

    const models::PayloadEdit& edited() const { return m_edit; }
    QPlainTextEdit* text() const { return m_text; }

Q_SIGNALS:
    /// The payload for this one; the changes for all the others as well.
    void applied(const std::string& payload);
    void appliedToAll(const eventscope::core::JsonPatch& changes);

private:
    void check();
    void revert();

    const std::string m_original;
    const QString m_unchanged;
    models::PayloadEdit m_edit;
    QPlainTextEdit* m_text;
    NoticeLine* m_notice;
    ChangesView* m_changes;
    QPushButton* m_apply;
    QPushButton* m_applyAll;
    QTimer m_timer;
};

} // namespace eventscope::ui
