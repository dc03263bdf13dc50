// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "window/run_window.h"

#include "cli/exit_code.h"
#include "cli/output.h"
#include "event/json.h"
#include "main_window/main_window.h"
#include "theme/theme.h"
#include "window/live_window.h"
#include "window/window_process.h"

#include <QApplication>
#include <QIcon>
#include <QTimer>
#include <chrono>
#include <cstdio>
#include <utility>

namespace eventscope::app {

namespace {

constexpr double kSecondsBeforeScreenshots = 8;

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
void printSummary(const core::Workspace& workspace, const QStringList& files)
{
    const core::EventLog::Usage usage = workspace.log().usage();
    core::Json json;
    json.set("events", static_cast<std::int64_t>(usage.events));
    json.set("heldBytes", static_cast<std::int64_t>(usage.heldBytes));
    json.set("undecodable", static_cast<std::int64_t>(usage.undecodable));
    core::Json::Array names;
    for (const QString& file : files) {
        names.emplace_back(file.toStdString());
    }
    json.set("screenshots", std::move(names));
    std::puts(json.dump().c_str());
}

void planScreenshots(ui::MainWindow& window, core::Workspace& workspace, const WindowArguments& arguments)
{
    const double seconds = arguments.seconds.value_or(kSecondsBeforeScreenshots);
    const auto wait = std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000));
    QTimer::singleShot(wait, &window, [&window, &workspace, folder = QString::fromStdString(arguments.screenshots)] {
        const QStringList files = window.saveScreenshots(folder);
        printSummary(workspace, files);
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
    QApplication application(argc, argv);
    quitWhenInterrupted(interrupt, &application);
    nameProgram();
    ui::Theme theme;
    theme.apply(lookOf(arguments.theme));
    core::SystemClock clock;
    LiveWindow live(clock, theme, arguments.sources, arguments.screenshots.empty());
    live.window().show();
    if (!arguments.screenshots.empty()) {
        planScreenshots(live.window(), live.workspace(), arguments);
    }
    return application.exec();
}

} // namespace eventscope::app
