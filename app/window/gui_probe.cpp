// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "window/gui_probe.h"

#include <QEvent>
#include <QMetaEnum>
#include <QThread>
#include <algorithm>
#include <ctime>

namespace eventscope::app {

namespace {

constexpr std::chrono::milliseconds kGrid{4};
constexpr std::size_t kSpinEvery = 250; ///< knocks
constexpr double kSpin = 2;             ///< ms of work

/// Milliseconds for which this thread had a core.
double workedMilliseconds()
{
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) / 1e6;
}

float milliseconds(std::chrono::steady_clock::duration duration)
{
    return std::chrono::duration<float, std::milli>(duration).count();
}

WaitFigures figuresOf(std::vector<float> samples)
{
    if (samples.empty()) {
        return {};
    }
    std::ranges::sort(samples);
    const auto at = [&](double share) {
        return static_cast<double>(samples[static_cast<std::size_t>(static_cast<double>(samples.size() - 1) * share)]);
    };
    return {.samples = samples.size(), .half = at(0.5), .p99 = at(0.99), .p999 = at(0.999), .longest = at(1)};
}

} // namespace

GuiProbe::GuiProbe(QObject* parent) : QObject(parent) { }

GuiProbe::~GuiProbe()
{
    stop();
}

void GuiProbe::start()
{
    m_thread = std::jthread([this](const std::stop_token& stop) { knock(stop); });
}

void GuiProbe::stop()
{
    m_thread = {};
}

void GuiProbe::knock(const std::stop_token& stop)
{
    Clock::time_point tick = Clock::now();
    while (!stop.stop_requested()) {
        std::this_thread::sleep_until(tick);
        const Clock::time_point now = Clock::now();
        m_lateness.push_back(milliseconds(now - tick));
        if (!m_knocked.exchange(true)) {
            m_since = now.time_since_epoch().count();
            QMetaObject::invokeMethod(this, &GuiProbe::answer, Qt::QueuedConnection);
        }
        if (m_lateness.size() % kSpinEvery == 0) {
            spin();
        }
        tick = std::max(tick + kGrid, Clock::now()); // what the machine slept through is not made up for
    }
}

/// A little work, to see how long that takes on a machine that others work on too.
void GuiProbe::spin()
{
    const Clock::time_point start = Clock::now();
    const double before = workedMilliseconds();
    while (workedMilliseconds() - before < kSpin) { }
    m_spun += kSpin;
    m_spinning += static_cast<double>(milliseconds(Clock::now() - start));
}

double GuiProbe::share() const
{
    return m_spinning > 0 ? std::min(1.0, m_spun / m_spinning) : 1;
}

void GuiProbe::answer()
{
    const Clock::time_point now = Clock::now();
    for (Clock::time_point since{Clock::duration(m_since.load())}; since <= now; since += kGrid) {
        m_waits.push_back(milliseconds(now - since));
    }
    m_knocked = false;
}

WaitFigures GuiProbe::waits() const
{
    return figuresOf(m_waits);
}

WaitFigures GuiProbe::lateness() const
{
    return figuresOf(m_lateness);
}

bool TimedApplication::notify(QObject* receiver, QEvent* event)
{
    if (m_depth > 0 || QThread::currentThread() != thread()) {
        return QApplication::notify(receiver, event);
    }
    const QEvent::Type type = event->type();
    const char* name = receiver->metaObject()->className(); // it may be gone afterwards, its class not
    ++m_depth;
    const auto start = std::chrono::steady_clock::now();
    const double before = workedMilliseconds();
    const bool handled = QApplication::notify(receiver, event);
    const double took = static_cast<double>(milliseconds(std::chrono::steady_clock::now() - start));
    --m_depth;
    if (took > m_slowest.back().milliseconds) {
        const char* key = QMetaEnum::fromType<QEvent::Type>().valueToKey(type);
        m_slowest.back() = {took, workedMilliseconds() - before, name, key ? key : std::to_string(type)};
        std::ranges::stable_sort(m_slowest, std::ranges::greater(), &Handled::milliseconds);
    }
    return handled;
}

} // namespace eventscope::app
