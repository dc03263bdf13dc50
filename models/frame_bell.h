// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>
#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <vector>

namespace eventscope::models {

/// Brings the bells of core to the GUI thread: however often they ring, rang() comes at most once in
/// each interval, and never before somebody rang. Whoever hears it pulls what is new.
class FrameBell final : public QObject {
    Q_OBJECT

public:
    using Listener = std::function<void()>;
    /// Registers the listener at a bell of core and returns its handle, e.g.
    /// [&](auto ring) { return log.onAppended(std::move(ring)); }
    using Attach = std::function<std::shared_ptr<void>(Listener)>;

    explicit FrameBell(std::chrono::milliseconds interval = std::chrono::milliseconds(16), QObject* parent = nullptr);
    ~FrameBell() override;

    void attach(const Attach& attach);                    // GUI thread
    void detachAll();                                     // GUI thread
    void setInterval(std::chrono::milliseconds interval); // GUI thread

    void ring(); // any thread

Q_SIGNALS:
    void rang();

private:
    void schedule();
    void fire();

    std::atomic<bool> m_pending{false};
    std::chrono::milliseconds m_interval;
    QTimer m_timer;
    QElapsedTimer m_sinceLast;
    std::vector<std::shared_ptr<void>> m_handles; // last: gone first, so that nobody rings a dead bell
};

} // namespace eventscope::models
