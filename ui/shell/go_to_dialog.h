// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "row_finder.h"

#include <QDialog>

class QLineEdit;
class QPushButton;

namespace eventscope::ui {

class NoticeLine;

/// Goes to an event by its id, a position, a time, a stream or a correlation id. Says while one types
/// what the text is taken for, and stays open with a sentence when nothing is found. // GUI thread
class GoToDialog final : public QDialog {
    Q_OBJECT

public:
    /// `log` and `finder` must outlive the dialog. Times are read in the zone of `format`.
    GoToDialog(const core::EventLog& log, models::RowFinder& finder, const models::TimeFormat& format,
        QWidget* parent = nullptr);

    QLineEdit* edit() const { return m_edit; }
    QString sentence() const;

private:
    models::GoToTarget target() const;
    void explain();
    void go();
    void sayNothingFound();

    const core::EventLog& m_log;
    models::RowFinder& m_finder;
    const models::TimeFormat m_format;
    QLineEdit* m_edit;
    NoticeLine* m_notice;
    QPushButton* m_go;
};

} // namespace eventscope::ui
