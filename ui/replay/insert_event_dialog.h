// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>
#include <string>

class QLineEdit;
class QPlainTextEdit;
class QPushButton;

namespace eventscope::ui {

class NoticeLine;

/// Asks for an event that never happened: what if it had? // GUI thread
class InsertEventDialog final : public QDialog {
    Q_OBJECT

public:
    /// `like`: a payload to begin with, of the event it comes after.
    InsertEventDialog(const QString& type, const std::string& like, QWidget* parent = nullptr);

    QString type() const;
    std::string payload() const;
    QLineEdit* typeEdit() const { return m_type; }
    QPlainTextEdit* payloadEdit() const { return m_payload; }

private:
    void check();

    QLineEdit* m_type;
    QPlainTextEdit* m_payload;
    NoticeLine* m_notice;
    QPushButton* m_insert;
};

} // namespace eventscope::ui
