// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connection_checker.h"

#include <QWidget>

class QGridLayout;

namespace eventscope::ui {

class NoticeLine;

/// How far a trial of a connection got: a line a stage, and the verdict. // GUI thread
class CheckPanel final : public QWidget {
    Q_OBJECT

public:
    /// `checker` must outlive the panel.
    explicit CheckPanel(models::ConnectionChecker& checker, QWidget* parent = nullptr);

    void clear();
    QString verdict() const;

private:
    void showStages();
    void showVerdict(bool well, const QString& sentence);

    models::ConnectionChecker& m_checker;
    QGridLayout* m_stages;
    NoticeLine* m_verdict;
};

} // namespace eventscope::ui
