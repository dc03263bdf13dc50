// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "window/window_measurement.h"

#include "cli/exit_code.h"
#include "cli/output.h"
#include "event_table/event_table.h"
#include "events/events_page.h"
#include "main_window/main_window.h"
#include "page.h"
#include "shell/filter_box.h"

#include <QEvent>
#include <fstream>
#include <unistd.h>
#include <utility>

namespace eventscope::app {

namespace {

constexpr std::chrono::seconds kLook{5}; ///< at each view

double residentMegabytes()
{
    std::ifstream file("/proc/self/statm");
    std::int64_t size = 0;
    std::int64_t resident = 0;
    file >> size >> resident;
    return static_cast<double>(resident) * static_cast<double>(sysconf(_SC_PAGESIZE)) / 1e6;
}

core::Json number(double value)
{
    return core::Json::Number{std::to_string(value)};
}

core::Json jsonOf(const WaitFigures& figures)
{
    core::Json json;
    json.set("samples", static_cast<std::int64_t>(figures.samples));
    json.set("half", number(figures.half));
    json.set("p99", number(figures.p99));
    json.set("p999", number(figures.p999));
    json.set("longest", number(figures.longest));
    return json;
}

} // namespace

WindowMeasurement::WindowMeasurement(ui::MainWindow& window, const core::Workspace& workspace,
    TimedApplication& application, std::string file, std::chrono::milliseconds length)
    : m_window(window), m_workspace(workspace), m_application(application), m_file(std::move(file)), m_length(length)
{
    m_window.events().table()->viewport()->installEventFilter(this);
    connect(&m_walk, &QTimer::timeout, this, &WindowMeasurement::lookElsewhere);
}

bool WindowMeasurement::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::Paint && !m_live && m_window.events().table()->rowCount() > 0) {
        m_live.emplace(); // once; the time is taken when this frame is out
        QTimer::singleShot(0, this, &WindowMeasurement::begin);
    }
    return QObject::eventFilter(watched, event);
}

void WindowMeasurement::begin()
{
    m_live = std::chrono::steady_clock::now();
    m_window.events().table()->viewport()->removeEventFilter(this);
    m_application.forget(); // what it took to get here is counted by itself
    m_probe.start();
    m_walk.start(kLook);
    QTimer::singleShot(m_length, Qt::PreciseTimer, this, &WindowMeasurement::finish);
}

/// The next view, with something worth seeing in it; every other round with a filter.
void WindowMeasurement::lookElsewhere()
{
    const auto& pages = m_window.pages();
    ++m_looks;
    ui::Page* page = pages[m_looks % pages.size()];
    if (page == &m_window.events()) {
        const bool filtered = (m_looks / pages.size()) % 2 == 1;
        m_window.filterBox().apply(filtered ? QStringLiteral("type = 'OrderPlaced'") : QString());
    }
    m_window.setCurrentPage(page);
    page->showExample();
}

core::Json WindowMeasurement::report() const
{
    core::Json json;
    // Of the machine's steady clock, for whoever started this process and knows when.
    json.set("liveAt", m_live->time_since_epoch().count());
    json.set("seconds", number(std::chrono::duration<double>(m_length).count()));
    json.set("views", static_cast<std::int64_t>(m_looks));
    json.set("wait", jsonOf(m_probe.waits()));
    json.set("machine", jsonOf(m_probe.lateness()));
    json.set("share", number(m_probe.share()));
    json.set("residentMegabytes", number(residentMegabytes()));
    const core::EventLog::Usage usage = m_workspace.log().usage();
    json.set("events", static_cast<std::int64_t>(usage.events));
    json.set("heldMegabytes", number(static_cast<double>(usage.heldBytes) / 1e6));
    core::Json::Array slowest;
    for (const TimedApplication::Handled& handled : m_application.slowest()) {
        core::Json entry;
        entry.set("milliseconds", number(handled.milliseconds));
        entry.set("working", number(handled.working));
        entry.set("receiver", handled.receiver);
        entry.set("event", handled.event);
        slowest.push_back(std::move(entry));
    }
    json.set("slowest", std::move(slowest));
    return json;
}

void WindowMeasurement::finish()
{
    m_walk.stop();
    m_probe.stop();
    std::ofstream file(m_file);
    file << report().dump() << '\n';
    file.close();
    if (!file) {
        say("what was measured could not be written to " + m_file + '.');
    }
    QCoreApplication::exit(toInt(file ? ExitCode::Done : ExitCode::Refused));
}

} // namespace eventscope::app
