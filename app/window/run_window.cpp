// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "window/run_window.h"

#include "cli/exit_code.h"
#include "cli/output.h"
#include "event/json.h"
#include "main_window/main_window.h"
#include "theme/theme.h"
#include "window/live_window.h"
#include "window/staged_state.h"
#include "window/window_measurement.h"
#include "window/window_process.h"

#include <QApplication>
#include <QIcon>
#include <QTimer>
#include <chrono>
#include <cstdio>
#include <memory>
#include <optional>
#include <utility>

namespace eventscope::app {

namespace {

constexpr double kSecondsBeforeScreenshots = 8;
constexpr double kSecondsMeasured = 60;

std::chrono::milliseconds millisecondsOf(double seconds)
{
    return std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000));
}

void nameProgram()
{
    QCoreApplication::setOrganizationName(QStringLiteral("Eventscope"));
    QCoreApplication::setApplicationName(QStringLiteral("Eventscope"));
    QCoreApplication::setApplicationVersion(QStringLiteral(EVENTSCOPE_VERSION));
    QGuiApplication::setDesktopFileName(QStringLiteral("io.eventscope.Eventscope"));
    QApplication::setWindowIcon(QIcon(QStringLiteral(":/icons/eventscope.svg")));
}

ui::Theme::Look lookOf(const std::string& name)
{
    if (name == "light") {
        return ui::Theme::Look::Light;
    }
    if (name == "dark") {
        return ui::Theme::Look::Dark;
    }
    return ui::Theme::desktopIsDark() ? ui::Theme::Look::Dark : ui::Theme::Look::Light;
}

/// One line on standard output that says what the window saw while it ran.
void printSummary(LiveWindow& live, const QStringList& files)
{
    const core::EventLog::Usage usage = live.workspace().log().usage();
    core::Json json;
    json.set("events", static_cast<std::int64_t>(usage.events));
    json.set("heldBytes", static_cast<std::int64_t>(usage.heldBytes));
    json.set("undecodable", static_cast<std::int64_t>(usage.undecodable));
    std::size_t listed = 0;
    for (const auto& connection : live.workspace().connections()) {
        listed += connection->catalog()->size();
    }
    json.set("catalog", static_cast<std::int64_t>(listed));
    json.set("deadLetters", static_cast<std::int64_t>(live.deadLetterCount()));
    core::Json::Array names;
    for (const QString& file : files) {
        names.emplace_back(file.toStdString());
    }
    json.set("screenshots", std::move(names));
    std::puts(json.dump().c_str());
}

void planScreenshots(LiveWindow& live, const WindowArguments& arguments)
{
    const double seconds = arguments.seconds.value_or(kSecondsBeforeScreenshots);
    QTimer::singleShot(millisecondsOf(seconds), &live.window(),
        [&live, folder = QString::fromStdString(arguments.screenshots),
            state = QString::fromStdString(arguments.state)] {
            const QStringList files = live.window().saveScreenshots(folder, state);
            printSummary(live, files);
            if (files.isEmpty()) {
                say("no screenshot could be saved to " + folder.toStdString() + "; check that it can be written.");
            }
            QCoreApplication::exit(files.isEmpty() ? toInt(ExitCode::Refused) : 0);
        });
}

} // namespace

int runWindow(const WindowArguments& arguments, int& argc, char** argv)
{
    if (const core::Status ready = prepareDisplay(arguments); !ready) {
        say(ready.error().message);
        return toInt(ExitCode::Refused);
    }
    const Interrupt interrupt; // before there are other threads
    const bool measured = !arguments.measure.empty();
    const std::unique_ptr<QApplication> application
        = measured ? std::make_unique<TimedApplication>(argc, argv) : std::make_unique<QApplication>(argc, argv);
    quitWhenInterrupted(interrupt, application.get());
    nameProgram();
    ui::Theme theme;
    theme.apply(lookOf(arguments.theme));
    core::SystemClock clock;
    std::unique_ptr<StagedState> staged;
    if (!arguments.state.empty()) {
        auto made = StagedState::make(arguments.state);
        if (!made) {
            say(made.error().message);
            return toInt(ExitCode::Refused);
        }
        staged = std::move(*made);
    }
    LiveWindow::Options options{.keepState = arguments.screenshots.empty() && !measured};
    if (staged) {
        options.gate = staged->gate();
        options.journal = staged->journal();
    }
    LiveWindow live(clock, theme, staged ? staged->sources() : arguments.sources, std::move(options));
    std::optional<WindowMeasurement> measurement;
    if (measured) {
        measurement.emplace(live.window(), live.workspace(), static_cast<TimedApplication&>(*application),
            arguments.measure, millisecondsOf(arguments.seconds.value_or(kSecondsMeasured)));
    }
    live.window().show();
    if (!arguments.screenshots.empty()) {
        planScreenshots(live, arguments);
    }
    const int code = application->exec();
    if (staged) {
        staged->release();
    }
    return code;
}

} // namespace eventscope::app
