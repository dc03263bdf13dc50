// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/timestamp.h"
#include "inspect/event_log.h"
#include "inspect/replay.h"

#include <QByteArray>
#include <QObject>
#include <QString>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>
#include <vector>

namespace eventscope::models {

/// One event of the replayed stream, as the list and the slider show it.
struct ReplayEvent {
    std::int64_t version = 0;
    QString type;
    core::Timestamp time{};
    bool skipped = false;
    bool edited = false;
    bool inserted = false;
    bool refused = false; ///< the reducer refused it; known once everything was folded
};

struct ReplayStream {
    QString source;
    QString stream;
    QString reducer;
    std::vector<ReplayEvent> events;
    std::size_t skipped = 0;
    std::size_t edited = 0;
    std::size_t inserted = 0;

    bool isBranch() const { return skipped + edited + inserted > 0; }
};

struct ReplayValue {
    std::size_t step = 0;
    QString value; ///< JSON text; empty: the path was not there
    bool present = false;
};

struct ReplayPathHistory {
    QString pointer;
    std::vector<ReplayValue> values;
};

/// A replay on a thread of its own: the GUI asks, and hears when the answer is there. Of several jumps
/// that wait only the last is done. Everything is called on the GUI thread and every signal comes
/// there.
class ReplaySession final : public QObject {
    Q_OBJECT

public:
    /// The log must outlive the session.
    explicit ReplaySession(const core::EventLog& log, QObject* parent = nullptr);
    ~ReplaySession() override;

    /// Takes the stream from the log; opened() or failed() follows. An empty reducer: the one that suits.
    void open(const QString& source, const QString& stream, const QString& reducer = {});
    void jump(std::size_t step); ///< shown() follows
    void setSkipped(std::size_t step, bool skipped);
    /// A name, or where there is a factory the path of a file.
    void setReducer(const QString& reducer);
    /// Makes reducers of files, on the session's thread.
    using ReducerFactory = std::function<core::Result<std::shared_ptr<core::Reducer>>(const std::string& file)>;
    void setReducerFactory(ReducerFactory factory);
    /// payloadRead() follows.
    void askPayload(std::size_t step);
    /// Another payload for an event of this branch; nothing: as it was.
    void edit(std::size_t step, std::optional<std::string> payload);
    /// An event that never happened, after that step.
    void insertAfter(std::size_t step, const QString& type, std::string payload);
    /// With each shown() from now on the original beside it: compared().
    void setComparing(bool on);
    /// The branch up to that step as a test: exported() follows.
    void exportCase(std::size_t step, bool asLines);
    void askHistory(const QString& pointer); ///< historyFound() follows
    void find(const QString& expression);    ///< found() follows
    /// Looks for new events of the stream in the log; changed() follows when there are.
    void refresh();
    /// Ends what takes long: loading, finding.
    void cancel();

Q_SIGNALS:
    void busy(const QString& what);
    void opened(std::shared_ptr<const eventscope::models::ReplayStream> stream);
    /// The same stream with more events, or with other ones skipped.
    void changed(std::shared_ptr<const eventscope::models::ReplayStream> stream);
    void shown(std::shared_ptr<const eventscope::core::ReplayStep> step);
    /// The state that the original has after the same event as `before`, and the branch's as `after`.
    void compared(std::shared_ptr<const eventscope::core::ReplayStep> step);
    void payloadRead(std::size_t step, const QByteArray& original, const QByteArray& present);
    void exported(const QByteArray& text);
    /// Something that was asked for cannot be done; the replay stays as it is.
    void refused(const QString& sentence);
    void historyFound(std::shared_ptr<const eventscope::models::ReplayPathHistory> history);
    void found(std::optional<std::size_t> step, const QString& sentence);
    void failed(const QString& sentence);

private:
    struct Worker;
    using Task = std::function<void(Worker&, std::stop_token)>;
    void tellShown(Worker& worker);
    void post(Task task, bool replacesJump = false);
    void run(std::stop_token stop);
    template <class Emit>
    void tell(Emit emission);

    const core::EventLog& m_log;
    std::mutex m_mutex;
    std::condition_variable_any m_wake;
    std::deque<std::pair<Task, bool>> m_tasks; // guarded by m_mutex; true: a jump
    std::stop_source m_current;                // of the task under way; guarded by m_mutex
    std::jthread m_thread;                     // last: it uses everything above
};

} // namespace eventscope::models
