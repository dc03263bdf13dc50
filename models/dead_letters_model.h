// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dead_letters_seen.h"
#include "event_format.h"

#include <QAbstractTableModel>
#include <cstddef>
#include <set>
#include <string>
#include <vector>

namespace eventscope::models {

/// The letters of one group with a tick box each. // GUI thread
class DeadLettersModel final : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { FailedColumn, StreamColumn, FromColumn, AttemptsColumn, NoteColumn, ColumnCount };
    /// bool: the note is a warning.
    enum Roles { WarnsRole = Qt::UserRole };

    using QAbstractTableModel::QAbstractTableModel;

    /// Another group: all letters are ticked.
    void setGroup(DeadLettersSeenPtr seen, const DeadLettersSeen::Group& group);
    /// The same group at a later look: ticks stay, and what has come since is not ticked, so that
    /// nothing is swept along.
    void updateGroup(DeadLettersSeenPtr seen, const DeadLettersSeen::Group& group);
    void clear();
    void setPasts(const LetterPasts& pasts);
    /// Letters that do not go out as they are.
    void setEdited(std::set<std::string, std::less<>> ids);
    /// How many newer events of its key there are; 0 when none, or when it is not known.
    std::size_t newerOf(const core::DeadLetter& letter) const;
    void setTimeFormat(TimeFormat format);

    const core::DeadLetter* letter(int row) const;
    int rowOf(const std::string& id) const; ///< -1 when it is not there
    std::vector<core::DeadLetter> letters() const;
    std::vector<core::DeadLetter> ticked() const;
    std::size_t tickedCount() const { return m_ticked.size(); }
    Qt::CheckState allTicked() const;
    void tickAll(bool on);
    void toggle(const std::vector<int>& rows);
    /// When an earlier sending of this letter was in doubt.
    bool isInDoubt(const core::DeadLetter& letter) const;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    bool setData(const QModelIndex& index, const QVariant& value, int role) override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

Q_SIGNALS:
    void ticksChanged();

private:
    void take(DeadLettersSeenPtr seen, const DeadLettersSeen::Group& group);
    QString text(const core::DeadLetter& letter, int column) const;
    QString note(const core::DeadLetter& letter) const;
    void ticksMoved();

    DeadLettersSeenPtr m_seen;
    std::size_t m_desk = 0;
    std::vector<std::size_t> m_rows; // indexes into the desk's letters
    std::set<std::string, std::less<>> m_ticked;
    std::set<std::string, std::less<>> m_edited;
    LetterPasts m_pasts;
    TimeFormat m_format;
};

/// Where it came from and who refused it: "orders/2 @ 8810 → inventory".
QString letterOrigin(const core::DeadLetter& letter);

} // namespace eventscope::models
