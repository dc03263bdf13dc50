// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>
#include <QList>

class QAction;
class QLineEdit;
class QListWidget;

namespace eventscope::ui {

/// Every action of the window, found by typing part of its name. // GUI thread
class CommandPalette final : public QDialog {
    Q_OBJECT

public:
    CommandPalette(const QList<QAction*>& actions, QWidget* parent);

    /// What is offered now, best first.
    QStringList offered() const;

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void fill(const QString& wanted);
    void run();

    QList<QAction*> m_actions;
    QLineEdit* m_find;
    QListWidget* m_list;
};

} // namespace eventscope::ui
