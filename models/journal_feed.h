// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/journal.h"

#include <QObject>
#include <QThreadPool>
#include <QTimer>
#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace eventscope::models {

using OpenJournal = std::function<core::Result<std::shared_ptr<core::Journal>>()>;
using JournalEntries = std::shared_ptr<const std::vector<core::JournalEntry>>;

/// Reads the journal of writes on a thread of its own, again and again, as another program may write to
/// it as well. // GUI thread
class JournalFeed final : public QObject {
    Q_OBJECT

public:
    explicit JournalFeed(OpenJournal openJournal, QObject* parent = nullptr);
    ~JournalFeed() override;

    /// Looks often while somebody watches, seldom otherwise.
    void setWatched(bool watched);
    void look();
    /// Null until the first look has come back.
    const JournalEntries& entries() const { return m_entries; }
    /// Why it cannot be read; empty when it can.
    const QString& problem() const { return m_problem; }

    /// Asks for the letter as it was kept with this entry; letterRead() follows.
    void readLetter(std::int64_t entry);
    /// Notes what somebody found out about a sending in doubt. Nothing is written but the journal.
    void judge(std::int64_t entry, bool arrived);

Q_SIGNALS:
    void changed();
    void letterRead(qint64 entry, std::shared_ptr<const eventscope::core::DeadLetter> letter, const QString& problem);

private:
    core::Status readNow(); // the pool's thread, and so is what follows
    core::Status ensureOpen();

    const OpenJournal m_openJournal;
    std::shared_ptr<core::Journal> m_journal;
    std::map<std::int64_t, core::JournalEntry> m_known; ///< by id
    std::optional<core::Timestamp> m_since;
    bool m_anythingNew = false;

    std::atomic<bool> m_lookWaits{false};
    JournalEntries m_entries;
    QString m_problem;
    QTimer m_timer;
    QThreadPool m_pool; // last: its thread uses the above
};

} // namespace eventscope::models
