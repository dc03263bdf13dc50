// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QApplication>
#include <QObject>
#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <string>
#include <thread>
#include <vector>

namespace eventscope::app {

/// Milliseconds, as a few numbers.
struct WaitFigures {
    std::size_t samples = 0;
    double half = 0, p99 = 0, p999 = 0, longest = 0;
};

/// How long the GUI thread keeps people waiting: a thread of its own knocks every four milliseconds
/// and notes when the event loop gets round to answering. Knocks that fall into a block count as well,
/// each with what was left of it, so a block weighs as much as it lasts.
class GuiProbe final : public QObject {
    Q_OBJECT

public:
    explicit GuiProbe(QObject* parent = nullptr);
    ~GuiProbe() override;

    void start();
    void stop();

    // After stop().
    WaitFigures waits() const;
    /// How late the probe's own thread woke up: what the machine adds, with no work in the way.
    WaitFigures lateness() const;
    /// What part of a core a thread gets here that has something to do, of 1.
    double share() const;

private:
    using Clock = std::chrono::steady_clock;
    void knock(const std::stop_token& stop);
    void answer();
    void spin();

    std::atomic<bool> m_knocked{false};
    std::atomic<Clock::rep> m_since{0};
    std::vector<float> m_waits;    // GUI thread
    std::vector<float> m_lateness; // the probe's thread, as the two below
    double m_spun = 0, m_spinning = 0;
    std::jthread m_thread;
};

/// An application that notes which events took longest to handle, and by whom.
class TimedApplication final : public QApplication {
    Q_OBJECT

public:
    using QApplication::QApplication;

    struct Handled {
        double milliseconds = 0;
        double working = 0; ///< the milliseconds of it that the thread had a core
        std::string receiver, event;
    };
    /// The longest first.
    const std::array<Handled, 12>& slowest() const { return m_slowest; }
    void forget() { m_slowest = {}; }

    bool notify(QObject* receiver, QEvent* event) override;

private:
    int m_depth = 0;
    std::array<Handled, 12> m_slowest{};
};

} // namespace eventscope::app
