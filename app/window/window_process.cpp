// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "window/window_process.h"

#include "cli/exit_code.h"

#include <QByteArray>
#include <QCoreApplication>
#include <QTimer>
#include <chrono>

namespace eventscope::app {

namespace {

constexpr std::chrono::milliseconds kLook{100};

bool isSet(const char* variable)
{
    return !qgetenv(variable).isEmpty();
}

} // namespace

core::Status prepareDisplay(const WindowArguments& arguments)
{
    if (isSet("DISPLAY") || isSet("WAYLAND_DISPLAY") || isSet("QT_QPA_PLATFORM")) {
        return {};
    }
    if (!arguments.screenshots.empty() || !arguments.measure.empty()) {
        qputenv("QT_QPA_PLATFORM", "offscreen");
        return {};
    }
    return fail(core::ErrorCode::Unreachable,
        "there is no display to open a window on; the commands (see eventscope --help) need none.");
}

void quitWhenInterrupted(const Interrupt& interrupt, QObject* parent)
{
    auto* timer = new QTimer(parent);
    QObject::connect(timer, &QTimer::timeout, parent, [&interrupt] {
        if (interrupt.happened()) {
            QCoreApplication::exit(toInt(ExitCode::Interrupted));
        }
    });
    timer->start(kLook);
}

} // namespace eventscope::app
