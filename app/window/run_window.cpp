// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "window/run_window.h"

#include "cli/exit_code.h"
#include "cli/output.h"
#include "dead_letter_session.h"
#include "dead_letters/dead_letters_page.h"
#include "demo/demo_stage_bar.h"
#include "event/json.h"
#include "flow/flow_page.h"
#include "frame_bell.h"
#include "inspect/journal.h"
#include "main_window/main_window.h"
#include "replay/replay_page.h"
#include "sagas/sagas_page.h"
#include "theme/theme.h"
#include "throughput/throughput_page.h"
#include "window/window_process.h"
#include "window/window_sources.h"

#include <QApplication>
#include <QIcon>
#include <QMessageBox>
#include <QPushButton>
#include <QTimer>
#include <chrono>
#include <cstdio>
#include <utility>
#include <vector>

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

models::DeadLetterSession* makeLetterSession(core::Clock& clock, QObject* parent)
{
    const auto openJournal = [&clock]() -> core::Result<std::shared_ptr<core::Journal>> {
        auto journal = core::Journal::open(core::Journal::defaultFile(), clock);
        if (!journal) {
            return std::unexpected(journal.error());
        }
        return std::shared_ptr<core::Journal>(std::move(*journal));
    };
    return new models::DeadLetterSession(clock, openJournal, parent);
}

/// A desk for each connection, by the name that the journal knows.
std::vector<models::DeadLetterDesk> desksOf(const WindowSources& sources, const core::Workspace& workspace)
{
    std::vector<models::DeadLetterDesk> desks;
    for (const WindowSources::Letters& letters : sources.letters()) {
        const std::shared_ptr<core::Connection> connection = workspace.connection(letters.connection);
        if (connection) {
            desks.push_back({.source = letters.journalName,
                .open = [connection, open = letters.open] { return open(connection->isUnlocked()); },
                .isUnlocked = [connection] { return connection->isUnlocked(); }});
        }
    }
    return desks;
}

/// Asks before anything may be written to a source.
void unlock(const QString& journalName, const WindowSources& sources, core::Workspace& workspace, QWidget* parent)
{
    for (const WindowSources::Letters& letters : sources.letters()) {
        const auto connection = workspace.connection(letters.connection);
        if (!connection || QString::fromStdString(letters.journalName) != journalName) {
            continue;
        }
        QMessageBox box(QMessageBox::Question, QObject::tr("Allow writing"),
            QObject::tr("Allow writing to %1? What is written is kept in the journal.").arg(journalName),
            QMessageBox::Cancel, parent);
        box.setTextFormat(Qt::PlainText);
        const QAbstractButton* allow = box.addButton(QObject::tr("Allow writing"), QMessageBox::AcceptRole);
        box.setDefaultButton(QMessageBox::Cancel);
        box.exec();
        if (box.clickedButton() == allow) {
            connection->setUnlocked(true);
        }
    }
}

/// On the connection's thread: it writes to a disk.
void retrySaga(const QString& source, const QString& sagaId, WindowSources& sources, core::Workspace& workspace)
{
    const auto connection = workspace.connection(source.toStdString());
    if (!connection || !connection->isUnlocked()) {
        return;
    }
    connection->post([&sources, &workspace, name = connection->name(), id = sagaId.toStdString()](
                         core::Source&, const std::stop_token&) {
        if (const core::Status asked = sources.retrySaga(name, id); !asked) {
            workspace.problems().add(core::Severity::Problem, name, asked.error().message);
        }
    });
}

void addPages(
    ui::MainWindow& window, core::Workspace& workspace, models::DeadLetterSession& letters, WindowSources& sources)
{
    window.addPage(std::make_unique<ui::ReplayPage>(workspace));
    window.addPage(std::make_unique<ui::FlowPage>(workspace));
    auto sagas = std::make_unique<ui::SagasPage>(workspace);
    QObject::connect(sagas.get(), &ui::SagasPage::retryWanted, &window,
        [&](const QString& source, const QString& sagaId) { retrySaga(source, sagaId, sources, workspace); });
    window.addPage(std::move(sagas));
    auto deadLetters = std::make_unique<ui::DeadLettersPage>(letters);
    QObject::connect(deadLetters.get(), &ui::DeadLettersPage::unlockWanted, &window, [&](const QString& source) {
        unlock(source, sources, workspace, &window);
        letters.noteLockChanged();
    });
    window.addPage(std::move(deadLetters));
    window.addPage(std::make_unique<ui::ThroughputPage>(workspace));
}

/// The controls of the demo act on it as soon as it is there.
void addStage(ui::MainWindow& window, const WindowSources& sources)
{
    const auto with = [&sources](auto act) {
        return [&sources, act](auto... values) {
            if (const std::shared_ptr<DemoSystem> demo = sources.demo()) {
                act(*demo, values...);
            }
        };
    };
    ui::DemoStage stage;
    stage.rate = kDefaultRate;
    stage.failureShare = kDefaultFailureShare;
    stage.setRate = with([](DemoSystem& demo, double rate) { demo.setRate(rate); });
    stage.setFailureShare = with([](DemoSystem& demo, double share) { demo.setFailureShare(share); });
    stage.causeDecline = with([](DemoSystem& demo) { demo.causeDecline(); });
    stage.causePoison = with([](DemoSystem& demo) { demo.causePoison(); });
    stage.crashWorker = with([](DemoSystem& demo) { demo.crashWorker(); });
    stage.burstViews = with([](DemoSystem& demo) { demo.burstViews(); });
    auto* bar = new ui::DemoStageBar(std::move(stage), &window);
    QObject::connect(bar, &ui::DemoStageBar::caused, &window, &ui::MainWindow::say);
    window.addToolBarBreak();
    window.addToolBar(bar);
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
    WindowSources sources(clock);
    core::Workspace workspace(clock);
    const bool demo = arguments.sources.empty();
    ui::MainWindow window(workspace, theme,
        {.openSource = [&](const QString& url) { return sources.open(workspace, url.toStdString()); },
            .keepState = arguments.screenshots.empty()});
    models::DeadLetterSession* letters = makeLetterSession(clock, &window);
    addPages(window, workspace, *letters, sources);
    const auto refreshDesks = [&] { letters->setDesks(desksOf(sources, workspace)); };
    models::FrameBell connectionsChanged;
    connectionsChanged.attach([&](auto ring) { return workspace.onConnectionsChanged(std::move(ring)); });
    QObject::connect(&connectionsChanged, &models::FrameBell::rang, &window, refreshDesks);
    if (demo) {
        addStage(window, sources);
    }
    window.showDemoBanner(demo);
    window.show();
    const auto open = [&](const SourceUrl& url) {
        if (const core::Status opened = sources.open(workspace, url); !opened) {
            workspace.problems().add(core::Severity::Problem, url.display(), opened.error().message);
        }
    };
    if (demo) {
        open(SourceUrl{});
    }
    for (const SourceUrl& url : arguments.sources) {
        open(url);
    }
    if (!arguments.screenshots.empty()) {
        planScreenshots(window, workspace, arguments);
    }
    return application.exec();
}

} // namespace eventscope::app
