// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "window/live_window.h"

#include "cli/demo_url.h"
#include "cli/reducers.h"
#include "dead_letter_session.h"
#include "dead_letters/dead_letters_page.h"
#include "demo/demo_stage_bar.h"
#include "flow/flow_page.h"
#include "journal/journal_page.h"
#include "replay/replay_page.h"
#include "sagas/sagas_page.h"
#include "sources/found_sources.h"
#include "sources/source_check.h"
#include "sources/source_password.h"
#include "throughput/throughput_page.h"

#include <QMessageBox>
#include <QPushButton>
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace eventscope::app {

namespace {

models::OpenJournal journalOpener(core::Clock& clock, std::filesystem::path file, std::function<void()> gate)
{
    return [&clock, file = std::move(file), gate = std::move(gate)]() -> core::Result<std::shared_ptr<core::Journal>> {
        if (gate) {
            gate();
        }
        auto journal = core::Journal::open(file, clock);
        if (!journal) {
            return std::unexpected(journal.error());
        }
        return std::shared_ptr<core::Journal>(std::move(*journal));
    };
}

} // namespace

LiveWindow::LiveWindow(core::Clock& clock, ui::Theme& theme, std::span<const SourceUrl> sources, Options options)
    : m_clock(clock)
    , m_openJournal(journalOpener(clock, std::move(options.journal), options.gate))
    , m_sources(clock, std::move(options.gate))
    , m_workspace(clock, {.log = core::EventLog::Options::usual(), .timings = {}})
    , m_window(m_workspace, theme,
          {.openSource = [this](const QString& url) { return m_sources.open(m_workspace, url.toStdString()); },
              .keepState = options.keepState,
              .connect = connectServices()})
    , m_letters(new models::DeadLetterSession(clock, m_openJournal, &m_window))
{
    addPages();
    m_connectionsChanged.attach([this](auto ring) { return m_workspace.onConnectionsChanged(std::move(ring)); });
    QObject::connect(&m_connectionsChanged, &models::FrameBell::rang, &m_window, [this] { refreshDesks(); });
    const std::vector<SourceUrl> all
        = sources.empty() ? std::vector{SourceUrl{}} : std::vector(sources.begin(), sources.end());
    const auto demo = std::ranges::find(all, SourceScheme::Demo, &SourceUrl::scheme);
    if (demo != all.end()) {
        addStage(readDemoUrl(*demo).value_or(DemoUrl{}).options);
    }
    m_window.showDemoBanner(demo != all.end() && all.size() == 1);
    for (const SourceUrl& url : all) {
        open(url);
    }
    m_window.connections().connectAtStart();
}

ui::ConnectServices LiveWindow::connectServices()
{
    return {.check = checkSource,
        .open =
            [this](const models::ConnectionProfile& profile) {
                SourceUrl url = profile.url;
                url.name = models::shownName(profile).toStdString();
                return m_sources.open(
                    m_workspace, url, {.colour = profile.colour.toStdString(), .production = profile.production});
            },
        .find = [](const std::stop_token& stop) { return FoundSources().look(stop); },
        .wantsPassword = wantsPassword,
        .secrets = &m_secrets,
        .hasKnownPassword = hasKnownPassword};
}

void LiveWindow::addPages()
{
    auto replay = std::make_unique<ui::ReplayPage>(m_workspace);
    replay->setReducerFactory([](const std::string& file) { return openReducer(file, {}); });
    m_window.addPage(std::move(replay));
    m_window.addPage(std::make_unique<ui::FlowPage>(m_workspace));
    auto sagas = std::make_unique<ui::SagasPage>(m_workspace);
    QObject::connect(sagas.get(), &ui::SagasPage::retryWanted, &m_window,
        [this](const QString& source, const QString& sagaId) { retrySaga(source, sagaId); });
    m_window.addPage(std::move(sagas));
    auto deadLetters = std::make_unique<ui::DeadLettersPage>(*m_letters);
    QObject::connect(deadLetters.get(), &ui::DeadLettersPage::unlockWanted, &m_window, [this](const QString& source) {
        unlock(source);
        m_letters->noteLockChanged();
    });
    m_window.addPage(std::move(deadLetters));
    m_window.addPage(std::make_unique<ui::ThroughputPage>(m_workspace));
    m_window.addPage(std::make_unique<ui::JournalPage>(m_openJournal));
}

/// The controls of the demo act on it as soon as it is there.
void LiveWindow::addStage(const DemoOptions& options)
{
    const auto with = [this](auto act) {
        return [this, act](auto... values) {
            if (const std::shared_ptr<DemoSystem> system = demo()) {
                act(*system, values...);
            }
        };
    };
    ui::DemoStage stage;
    stage.rate = options.rate;
    stage.failureShare = options.failureShare;
    stage.setRate = with([](DemoSystem& system, double rate) { system.setRate(rate); });
    stage.setFailureShare = with([](DemoSystem& system, double share) { system.setFailureShare(share); });
    stage.causeDecline = with([](DemoSystem& system) { system.causeDecline(); });
    stage.causePoison = with([](DemoSystem& system) { system.causePoison(); });
    stage.crashWorker = with([](DemoSystem& system) { system.crashWorker(); });
    stage.burstViews = with([](DemoSystem& system) { system.burstViews(); });
    auto* bar = new ui::DemoStageBar(std::move(stage), &m_window);
    QObject::connect(bar, &ui::DemoStageBar::caused, &m_window, &ui::MainWindow::say);
    m_window.addToolBarBreak();
    m_window.addToolBar(bar);
}

void LiveWindow::open(const SourceUrl& url)
{
    if (wantsPassword(url)) {
        models::ConnectionProfile profile;
        profile.url = url;
        m_window.connections().connectTo(profile); // which looks for it, or asks
        return;
    }
    if (const core::Status opened = m_sources.open(m_workspace, url); !opened) {
        m_workspace.problems().add(core::Severity::Problem, url.display(), opened.error().message);
    }
}

/// A desk for each connection, by the name that the journal knows.
void LiveWindow::refreshDesks()
{
    std::vector<models::DeadLetterDesk> desks;
    for (const WindowSources::Letters& letters : m_sources.letters()) {
        const std::shared_ptr<core::Connection> connection = m_workspace.connection(letters.connection);
        if (connection) {
            desks.push_back({.source = letters.journalName,
                .open = [connection, open = letters.open] { return open(connection->isUnlocked()); },
                .isUnlocked = [connection] { return connection->isUnlocked(); }});
        }
    }
    m_letters->setDesks(std::move(desks));
}

/// Asks before anything may be written to a source.
void LiveWindow::unlock(const QString& journalName)
{
    for (const WindowSources::Letters& letters : m_sources.letters()) {
        const auto connection = m_workspace.connection(letters.connection);
        if (!connection || QString::fromStdString(letters.journalName) != journalName) {
            continue;
        }
        QMessageBox box(QMessageBox::Question, QObject::tr("Allow writing"),
            QObject::tr("Allow writing to %1? What is written is kept in the journal.").arg(journalName),
            QMessageBox::Cancel, &m_window);
        box.setTextFormat(Qt::PlainText);
        const QAbstractButton* allow = box.addButton(QObject::tr("Allow writing"), QMessageBox::AcceptRole);
        box.setDefaultButton(QMessageBox::Cancel);
        box.exec();
        if (box.clickedButton() == allow) {
            connection->setUnlocked(true);
        }
    }
}

std::size_t LiveWindow::deadLetterCount() const
{
    std::size_t count = 0;
    if (const models::DeadLettersSeenPtr& seen = m_letters->seen()) {
        for (const auto& desk : seen->desks) {
            count += desk.letters.size();
        }
    }
    return count;
}

/// On the connection's thread: it writes to a disk.
void LiveWindow::retrySaga(const QString& source, const QString& sagaId)
{
    const auto connection = m_workspace.connection(source.toStdString());
    if (!connection || !connection->isUnlocked()) {
        return;
    }
    connection->post(
        [this, name = connection->name(), id = sagaId.toStdString()](core::Source&, const std::stop_token&) {
            if (const core::Status asked = m_sources.retrySaga(name, id); !asked) {
                m_workspace.problems().add(core::Severity::Problem, name, asked.error().message);
            }
        });
}

} // namespace eventscope::app
