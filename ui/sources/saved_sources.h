// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QAbstractItemModel;
class QListView;

namespace eventscope::ui {

/// The saved sources below the open ones: connect, edit, remove. Not there while none is saved. // GUI thread
class SavedSources final : public QWidget {
    Q_OBJECT

public:
    /// `profiles` (a models::ConnectionProfilesModel) must outlive the view.
    explicit SavedSources(QAbstractItemModel& profiles, QWidget* parent = nullptr);

    QListView* list() const { return m_list; }

Q_SIGNALS:
    void connectWanted(const QString& id);
    void editWanted(const QString& id);
    void removeWanted(const QString& id);

private:
    QString chosenId() const;
    void fit();

    QListView* m_list;
};

} // namespace eventscope::ui
