// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/clock.h"
#include "event/error.h"
#include "inspect/dead_letter.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace eventscope::core {

class SqliteDatabase;

enum class WriteKind { Requeue, Discard, Restore, Append, Import, SagaRetry };
/// "requeue", "discard", "restore", "append", "import" or "saga-retry".
std::string_view toString(WriteKind kind);

/// How far one write has come. A crash leaves the last state that was on the disk.
enum class WriteState {
    Planned, ///< chosen, nothing done yet
    Sending, ///< about to be sent: found after a crash, it is in doubt
    Sent,    ///< the target has confirmed it; its dead letter is not yet removed
    Done,    ///< finished
    Failed,  ///< refused: nothing was sent
    Skipped, ///< left out, or not reached before the run ended: nothing was sent
    InDoubt, ///< may or may not have arrived; nobody can tell
};
/// "planned", "sending", "sent", "done", "failed", "skipped" or "in-doubt".
std::string_view toString(WriteState state);

/// What is to be written: one run of one plan.
struct JournalJob {
    WriteKind kind = WriteKind::Requeue;
    std::string source; ///< as people know it, e.g. "sqlite:story.db"; never with a password
    std::string target; ///< empty: where each letter failed
    std::string note;
};

struct JournalEntry {
    std::int64_t id = 0;
    std::int64_t job = 0;
    WriteKind kind = WriteKind::Requeue;
    std::string source;
    std::string target;
    std::string letterId; ///< of the dead letter, or what was written (a stream, a saga)
    std::string queue;
    std::string sendId; ///< a requeue's name for good: see Requeue::sendId
    WriteState state = WriteState::Planned;
    std::string reason; ///< a sentence for everything but plain success
    Timestamp plannedAt{};
    Timestamp changedAt{};

    bool operator==(const JournalEntry&) const = default;
};

/// Every write this program makes to anybody's broker or database, on disk before and after each
/// step: an SQLite file in the state folder (WAL, synchronous=FULL), one table `writes` that others
/// can read. The whole selection is there before the first is sent. // any thread
class Journal {
public:
    static Result<std::unique_ptr<Journal>> open(const std::filesystem::path& file, Clock& clock);
    ~Journal();

    /// $XDG_STATE_HOME/eventscope/journal.db, or ~/.local/state/eventscope/journal.db.
    static std::filesystem::path defaultFile();

    /// Two runs at once over one source would each send what the other sends: whoever holds this is
    /// the only one, in any process. Locked, naming what to do, while somebody else has it.
    class RunLock {
    public:
        RunLock(RunLock&& other) noexcept : m_file(std::exchange(other.m_file, -1)) { }
        ~RunLock();

    private:
        friend class Journal;
        explicit RunLock(int file) : m_file(file) { }
        int m_file;
    };
    Result<RunLock> lockRuns(std::string_view source);

    struct Item {
        std::string letterId;
        std::string queue;
        std::string sendId;
        const DeadLetter* letter = nullptr; ///< kept byte for byte where given
    };
    /// Writes the job with all its items as Planned in one transaction; the entries' ids in order.
    Result<std::vector<std::int64_t>> plan(const JournalJob& job, std::span<const Item> items);
    Status record(std::int64_t entry, WriteState state, std::string_view reason = {});
    /// One write that is already over, such as an append of the demo.
    Status recordOutcome(const JournalJob& job, const Item& item, WriteState state, std::string_view reason = {});

    /// What a crash or a broken connection left unfinished at this source: Planned, Sending or Sent.
    Result<std::vector<JournalEntry>> unfinished(std::string_view source) const;
    /// Still InDoubt and not sent again since.
    Result<std::vector<JournalEntry>> inDoubt(std::string_view source) const;
    /// Letters that were requeued and stayed where they were, because their technology cannot remove one.
    Result<std::vector<JournalEntry>> requeued(std::string_view source) const;
    /// Everything that changed at or after `since`, oldest first.
    Result<std::vector<JournalEntry>> entries(std::optional<Timestamp> since = {}) const;
    /// When this very message was requeued before (under any letter's id), newest first.
    Result<std::vector<JournalEntry>> earlierRequeues(std::string_view source, const DeadLetter& letter) const;
    /// The letter as it was when it was planned; NotFound where it was not kept.
    Result<DeadLetter> letterOf(std::int64_t entry) const;
    Result<std::optional<JournalEntry>> find(std::int64_t entry) const;

private:
    Journal(std::shared_ptr<SqliteDatabase> database, std::filesystem::path folder, Clock& clock);
    Result<std::vector<JournalEntry>> select(const char* condition, std::span<const std::string_view> arguments) const;

    std::shared_ptr<SqliteDatabase> m_database;
    std::filesystem::path m_folder;
    Clock& m_clock;
};

/// {"time","kind","source","target","id","queue","outcome","reason","job","entry"}, unknown fields absent.
void appendJournalJson(std::string& out, const JournalEntry& entry);

} // namespace eventscope::core
