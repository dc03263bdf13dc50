// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event_relations.h"

#include <QWidget>

class QGridLayout;
class QLabel;

namespace eventscope::ui {

/// What caused an event and what it caused, each one click away. // GUI thread
class RelationsPanel final : public QWidget {
    Q_OBJECT

public:
    static constexpr int kMostShown = 5;

    explicit RelationsPanel(const core::EventLog& log, QWidget* parent = nullptr);

    void show(const models::Relations& relations);
    void clear();

Q_SIGNALS:
    void rowChosen(quint64 row);
    void moreRequested();

private:
    void addRow(core::LogRow of, core::LogRow row);
    void addHeading(const QString& text);
    void addNote(const QString& text);
    void removeAll();

    const core::EventLog& m_log;
    QGridLayout* m_grid;
    int m_line = 0;
    models::Relations m_shown;
    bool m_any = false;
};

} // namespace eventscope::ui
