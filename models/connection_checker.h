// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/source_check.h"

#include <QObject>
#include <QString>
#include <QThreadPool>
#include <memory>
#include <stop_token>
#include <vector>

namespace eventscope::models {

/// Tries a source on a thread of its own. A new trial, or cancel(), leaves the one before to end by
/// itself, unheard; only the destructor waits. // GUI thread
class ConnectionChecker final : public QObject {
    Q_OBJECT

public:
    explicit ConnectionChecker(core::SourceCheck check, QObject* parent = nullptr);
    ~ConnectionChecker() override;

    void start(const core::SourceUrl& url);
    void cancel();
    bool isRunning() const { return m_running; }
    /// Of the latest trial.
    const std::vector<core::CheckStage>& stages() const { return m_stages; }

Q_SIGNALS:
    void stagesChanged();
    /// With the sentence of what went wrong, or nothing.
    void finished(bool well, const QString& sentence);

private:
    void note(const core::CheckStage& stage);
    void end(bool well, const QString& sentence);

    const core::SourceCheck m_check;
    std::vector<core::CheckStage> m_stages;
    std::stop_source m_stop;
    quint64 m_trial = 0; ///< the number of the latest: what others say is not heard
    bool m_running = false;
    QThreadPool m_pool; // last: its threads use the above
};

} // namespace eventscope::models
