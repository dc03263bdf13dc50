// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "journal_feed.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace eventscope::models {

using namespace std::chrono_literals;

namespace {

constexpr auto kWatched = 1000ms;
constexpr auto kUnwatched = 10'000ms;

bool sameEntry(const core::JournalEntry& a, const core::JournalEntry& b)
{
    return a.state == b.state && a.changedAt == b.changedAt && a.reason == b.reason;
}

} // namespace

JournalFeed::JournalFeed(OpenJournal openJournal, QObject* parent)
    : QObject(parent), m_openJournal(std::move(openJournal))
{
    m_pool.setMaxThreadCount(1);
    connect(&m_timer, &QTimer::timeout, this, &JournalFeed::look);
    m_timer.start(kUnwatched);
    look();
}

JournalFeed::~JournalFeed()
{
    m_pool.waitForDone();
}

void JournalFeed::setWatched(bool watched)
{
    m_timer.start(watched ? kWatched : kUnwatched);
    if (watched) {
        look();
    }
}

core::Status JournalFeed::ensureOpen()
{
    if (m_journal) {
        return {};
    }
    auto journal = m_openJournal();
    if (!journal) {
        return std::unexpected(journal.error());
    }
    m_journal = std::move(*journal);
    return {};
}

core::Status JournalFeed::readNow()
{
    if (core::Status open = ensureOpen(); !open) {
        return open;
    }
    const auto fresh = m_journal->entries(m_since);
    if (!fresh) {
        return std::unexpected(fresh.error());
    }
    for (const core::JournalEntry& entry : *fresh) {
        const auto known = m_known.find(entry.id);
        m_anythingNew = m_anythingNew || known == m_known.end() || !sameEntry(known->second, entry);
        m_known.insert_or_assign(entry.id, entry);
        m_since = std::max(m_since.value_or(entry.changedAt), entry.changedAt);
    }
    return {};
}

void JournalFeed::look()
{
    if (m_lookWaits.exchange(true)) {
        return;
    }
    m_pool.start([this] {
        m_lookWaits = false;
        const bool isFirst = !m_since;
        const core::Status read = readNow();
        JournalEntries entries;
        if (std::exchange(m_anythingNew, false) || isFirst) {
            auto all = std::make_shared<std::vector<core::JournalEntry>>();
            for (const auto& [id, entry] : m_known) {
                all->push_back(entry);
            }
            entries = std::move(all);
        }
        const QString problem = read ? QString() : QString::fromStdString(read.error().message);
        QMetaObject::invokeMethod(
            this,
            [this, entries = std::move(entries), problem] {
                const bool differs = problem != m_problem || (entries && (!m_entries || *entries != *m_entries));
                m_problem = problem;
                if (entries) {
                    m_entries = entries;
                }
                if (differs) {
                    Q_EMIT changed();
                }
            },
            Qt::QueuedConnection);
    });
}

void JournalFeed::readLetter(std::int64_t entry)
{
    m_pool.start([this, entry] {
        std::shared_ptr<const core::DeadLetter> letter;
        QString problem;
        core::Status open = ensureOpen();
        if (open) {
            auto read = m_journal->letterOf(entry);
            if (read) {
                letter = std::make_shared<const core::DeadLetter>(std::move(*read));
            } else {
                open = std::unexpected(read.error());
            }
        }
        if (!open) {
            problem = QString::fromStdString(open.error().message);
        }
        QMetaObject::invokeMethod(
            this, [this, entry, letter, problem] { Q_EMIT letterRead(entry, letter, problem); }, Qt::QueuedConnection);
    });
}

void JournalFeed::judge(std::int64_t entry, bool arrived)
{
    m_pool.start([this, entry, arrived] {
        core::Status done = ensureOpen();
        if (done) {
            // Another program may have found it out meanwhile.
            const auto now = m_journal->find(entry);
            if (now && *now && (*now)->state == core::WriteState::InDoubt) {
                done = m_journal->record(entry, arrived ? core::WriteState::Done : core::WriteState::Skipped,
                    arrived ? "somebody looked: it had arrived" : "somebody looked: it had not arrived");
            }
        }
        QMetaObject::invokeMethod(
            this,
            [this, problem = done ? QString() : QString::fromStdString(done.error().message)] {
                m_problem = problem;
                look();
                Q_EMIT changed();
            },
            Qt::QueuedConnection);
    });
}

} // namespace eventscope::models
