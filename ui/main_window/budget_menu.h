// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/event_log.h"

#include <QObject>

class QMenu;
class QSettings;
class QWidget;

namespace eventscope::ui {

/// What the log may hold, and what happens when that is used up: a menu to choose from, and what was
/// chosen kept in the settings. // GUI thread
class BudgetMenu final : public QObject {
    Q_OBJECT

public:
    /// `log` must outlive this.
    explicit BudgetMenu(core::EventLog& log, QObject* parent = nullptr);

    void load(const QSettings& settings);
    void save(QSettings& settings) const;

    /// Made anew each time: the choices depend on the disk.
    QMenu* create(QWidget* parent);

Q_SIGNALS:
    void said(const QString& sentence);

private:
    void choose(std::uint64_t bytes, core::LogAtLimit atLimit);

    core::EventLog& m_log;
    const core::EventLog::Options m_usual;
};

} // namespace eventscope::ui
