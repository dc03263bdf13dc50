// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event_rows.h"
#include "inspect/event_log.h"
#include "inspect/log_export.h"

#include <QObject>
#include <QString>
#include <QTimer>
#include <memory>
#include <optional>
#include <stop_token>
#include <thread>

namespace eventscope::models {

/// Writes events of a log into a file on a thread of its own. One export at a time; the destructor
/// cancels and waits. // GUI thread
class EventExporter final : public QObject {
    Q_OBJECT

public:
    explicit EventExporter(QObject* parent = nullptr);
    ~EventExporter() override;

    /// `rows` lists what is written, on that thread; null: everything in the log. `log` must outlive the export.
    void start(const core::EventLog& log, EventRows::Lister rows, const QString& path, core::EventFileOptions options);
    void cancel();
    bool isRunning() const { return m_thread.joinable(); }

    std::uint64_t rows() const; ///< to be written; 0: not known yet
    std::uint64_t written() const;

Q_SIGNALS:
    void progressed();
    /// `well`: the file is there. Else the sentence says why not; cancelled is not well, and an empty sentence.
    void finished(bool well, const QString& sentence);

private:
    void take(const core::Result<core::ExportReceipt>& receipt);

    std::shared_ptr<core::ExportProgress> m_progress;
    QString m_path;
    QTimer m_timer;
    std::jthread m_thread; // last: it uses everything above
};

} // namespace eventscope::models
