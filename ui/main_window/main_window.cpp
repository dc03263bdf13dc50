// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "main_window/main_window.h"

#include "event_detail/event_detail.h"
#include "event_format.h"
#include "event_table/event_table.h"
#include "events/events_page.h"
#include "main_window/budget_menu.h"
#include "main_window/demo_banner.h"
#include "main_window/status_line.h"
#include "page.h"
#include "shell/filter_box.h"
#include "sources/sources_view.h"
#include "theme/icons.h"
#include "widgets/focus_frame.h"
#include "widgets/labels.h"

#include <QApplication>
#include <QCloseEvent>
#include <QDateTime>
#include <QDockWidget>
#include <QSettings>
#include <QStackedWidget>
#include <QTabBar>
#include <QToolButton>
#include <QTreeView>
#include <algorithm>

namespace eventscope::ui {

namespace {

const QString kStreamChip = QStringLiteral("stream");
const QString kTimeChip = QStringLiteral("time");

} // namespace

MainWindow::MainWindow(core::Workspace& workspace, Theme& theme, Services services, QWidget* parent)
    : QMainWindow(parent)
    , m_workspace(workspace)
    , m_theme(theme)
    , m_services(std::move(services))
    , m_worker(workspace.log())
    , m_problems(workspace.problems())
    , m_finder(workspace.log())
    , m_problemBell(std::chrono::milliseconds(100))
{
    setObjectName(QStringLiteral("MainWindow"));
    setWindowIcon(icon(QLatin1String("eventscope")));
    setAcceptDrops(true);
    new FocusFrame(this);
    setDockOptions(QMainWindow::AnimatedDocks | QMainWindow::AllowTabbedDocks | QMainWindow::AllowNestedDocks);
    buildConnections();
    buildToolBar();
    buildCentre();
    buildDocks();
    buildActions();
    connectEvents();
    buildCaptures();

    m_problemBell.attach([&workspace](auto ring) { return workspace.problems().onChanged(std::move(ring)); });
    connect(&m_problemBell, &models::FrameBell::rang, &m_problems, &models::ProblemModel::refresh);
    connect(&m_finder, &models::RowFinder::found, this, qOverload<quint64>(&MainWindow::showEvent));
    connect(&m_finder, &models::RowFinder::notFound, this, [this] { say(tr("Nothing in the log fits that.")); });
    connect(&m_settings, &ViewSettings::lookChanged, this, [this] { m_theme.apply(m_settings.look()); });
    connect(&m_settings, &ViewSettings::timeFormatChanged, this, [this] {
        for (Page* page : m_pages) {
            page->setUtc(m_settings.isUtc());
        }
        m_problems.setTimeFormat(m_settings.timeFormat());
        m_detail->setTimeFormat(m_settings.timeFormat());
        updateStatus();
    });
    m_statusTimer.setInterval(250);
    connect(&m_statusTimer, &QTimer::timeout, this, &MainWindow::updateStatus);
    m_statusTimer.start();

    resize(1440, 900);
    loadState();
    updateTitle();
    updateStatus();
    m_events->focusStart();
}

MainWindow::~MainWindow() = default;

// Pages.

void MainWindow::addPage(std::unique_ptr<Page> page)
{
    Page* added = page.release();
    m_stack->addWidget(added);
    m_pages.push_back(added);
    const int tab = m_tabs->addTab(added->title());
    auto* badge = new Badge(m_tabs);
    badge->hide();
    m_badges.push_back(badge);
    connectPage(added);
    updateBadge(tab);
    added->setUtc(m_settings.isUtc());
    if (tab < 9) {
        addCommand("", tr("Go to %1").arg(added->title()),
            QKeySequence(Qt::CTRL | static_cast<Qt::Key>(Qt::Key_1 + tab)), [this, added] {
                setCurrentPage(added);
                added->focusStart();
            });
    }
}

void MainWindow::connectPage(Page* page)
{
    connect(page, &Page::badgeChanged, this,
        [this, page] { updateBadge(static_cast<int>(std::ranges::find(m_pages, page) - m_pages.begin())); });
    connect(page, &Page::replayWanted, this, &MainWindow::showStream);
    connect(page, &Page::flowWanted, this, &MainWindow::showFlow);
    connect(page, &Page::sagaWanted, this, [this](const QString& source, const QString& saga) {
        for (Page* other : m_pages) {
            if (other->showSaga(source, saga)) {
                setCurrentPage(other);
                return;
            }
        }
    });
    connect(page, &Page::journalWanted, this, [this](const QString& letterId) {
        for (Page* other : m_pages) {
            if (other->showJournal(letterId)) {
                setCurrentPage(other);
                return;
            }
        }
    });
    connect(page, &Page::eventWanted, this, qOverload<quint64>(&MainWindow::showEvent));
    connect(page, &Page::eventChosen, this, [this](core::LogRow row) { m_detail->showRow(row); });
    connect(page, &Page::filterWanted, this, [this](const QString& expression) {
        m_filter->apply(expression);
        setCurrentPage(m_events);
    });
    connect(page, &Page::timeRangeWanted, this, [this](core::Timestamp from, core::Timestamp to) {
        m_events->setTimeRange(from, to - std::chrono::microseconds(1));
        m_filter->setChip(kTimeChip, QStringLiteral("preferences-system-time"),
            m_settings.timeFormat().clockSeconds(from) + QStringLiteral(" – ")
                + m_settings.timeFormat().clockSeconds(to));
        setCurrentPage(m_events);
    });
    connect(page, &Page::said, this, &MainWindow::say);
}

void MainWindow::updateBadge(int tab)
{
    const auto at = static_cast<std::size_t>(tab);
    const int count = m_pages[at]->badge();
    if (count > 0) {
        m_badges[at]->setText(models::formatCount(static_cast<std::uint64_t>(count)));
        if (!m_tabs->tabButton(tab, QTabBar::RightSide)) {
            m_tabs->setTabButton(tab, QTabBar::RightSide, m_badges[at]);
        }
        m_badges[at]->show();
        m_badges[at]->adjustSize();
        m_tabs->setTabText(tab, m_pages[at]->title()); // measures the tab anew: a longer number needs more room
    } else if (m_tabs->tabButton(tab, QTabBar::RightSide)) {
        m_tabs->setTabButton(tab, QTabBar::RightSide, nullptr);
        m_badges[at]->setParent(m_tabs);
        m_badges[at]->hide();
    }
}

Page* MainWindow::currentPage() const
{
    return m_pages[static_cast<std::size_t>(m_tabs->currentIndex())];
}

void MainWindow::setCurrentPage(Page* page)
{
    const auto found = std::ranges::find(m_pages, page);
    if (found != m_pages.end()) {
        m_tabs->setCurrentIndex(static_cast<int>(found - m_pages.begin()));
    }
}

void MainWindow::showPage(int tab)
{
    m_stack->setCurrentIndex(tab);
    if (m_detailDock) {
        m_detailDock->setVisible(isDetailWanted(currentPage()));
    }
}

bool MainWindow::isDetailWanted(const Page* page) const
{
    return m_detailWanted.value(page->screenshotName(), page->choosesEvents()).toBool();
}

void MainWindow::wantDetail(const Page* page, bool wanted)
{
    m_detailWanted[page->screenshotName()] = wanted;
    m_detailDock->setVisible(wanted);
}

bool MainWindow::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_detailDock && event->type() == QEvent::Close) {
        wantDetail(currentPage(), false);
    }
    return QMainWindow::eventFilter(watched, event);
}

void MainWindow::goToPart(int step)
{
    const std::vector<std::function<void()>> focus{[this] { m_filter->focusText(); },
        [this] { m_sources->tree()->setFocus(); }, [this] { currentPage()->focusStart(); },
        [this] { m_detail->focusContent(); }};
    const std::vector<QWidget*> parts{m_filter, m_sources, m_stack, m_detail};
    const auto holds = [](const QWidget* part) { return part->isAncestorOf(QApplication::focusWidget()); };
    const auto count = static_cast<int>(parts.size());
    auto at = static_cast<int>(std::ranges::find_if(parts, holds) - parts.begin());
    at = at == count && step < 0 ? 0 : at;
    for (int i = 0; i < count; ++i) {
        at = (at + step + count) % count;
        if (parts[static_cast<std::size_t>(at)]->isVisible()) {
            setAttribute(Qt::WA_KeyboardFocusChange); // it is to be seen where that led
            focus[static_cast<std::size_t>(at)]();
            return;
        }
    }
}

void MainWindow::showStream(const QString& source, const QString& stream)
{
    for (Page* page : m_pages) {
        if (page->showStream(source, stream)) {
            setCurrentPage(page);
            return;
        }
    }
    // No view replays: its events are the next best.
    m_events->setScope(source, stream);
    m_filter->setChip(kStreamChip, QStringLiteral("eventscope-stream"), stream);
    setCurrentPage(m_events);
}

void MainWindow::showFlow(const QString& correlationId)
{
    for (Page* page : m_pages) {
        if (page->showFlow(correlationId)) {
            setCurrentPage(page);
            return;
        }
    }
    addFilterTerm(
        models::filterEquals(QStringLiteral("correlationid"), correlationId, false), models::FilterJoin::Replace);
}

void MainWindow::showEvent(quint64 row)
{
    setCurrentPage(m_events);
    if (!m_events->showRow(row)) {
        // The filter hides it: what was asked for comes first.
        m_filter->clear();
        m_filter->removeChip(kStreamChip);
        m_filter->removeChip(kTimeChip);
        m_events->setTimeRange(std::nullopt, std::nullopt);
        m_events->setScope({}, {});
        m_events->setOnlyMarked(false);
        m_events->showRow(row);
    }
}

// Events, filter, sources.

void MainWindow::connectEvents()
{
    connect(m_filter, &FilterBox::applied, this, &MainWindow::onFilterApplied);
    connect(m_filter, &FilterBox::chipRemoved, this, [this](const QString& id) {
        if (id == kTimeChip) {
            m_events->setTimeRange(std::nullopt, std::nullopt);
        } else if (id == kStreamChip) {
            m_events->setScope({}, {});
            m_sources->clearChoice();
        }
    });
    connect(m_events, &EventsPage::filterTermWanted, this, &MainWindow::addFilterTerm);
    connect(m_events, &EventsPage::verdictChanged, this, &MainWindow::updateStatus);
    connect(m_events, &EventsPage::currentRowChanged, this, [this](bool has, quint64 row) {
        if (has) {
            m_detail->showRow(row);
        } else {
            m_detail->clear();
        }
    });
    connect(m_events, &EventsPage::activated, this, [this] {
        wantDetail(m_events, true);
        m_detailDock->raise();
        m_detail->focusContent();
    });
    connect(m_events, &EventsPage::timeRangeChosen, this, [this](core::Timestamp from, core::Timestamp to) {
        m_filter->setChip(kTimeChip, QStringLiteral("preferences-system-time"),
            m_settings.timeFormat().clockSeconds(from) + QStringLiteral(" – ")
                + m_settings.timeFormat().clockSeconds(to));
    });
    connect(m_events, &EventsPage::timeRangeCleared, this, [this] { m_filter->removeChip(kTimeChip); });
    connect(m_events, &EventsPage::clearFiltersWanted, this, [this] {
        m_filter->removeChip(kTimeChip);
        m_filter->removeChip(kStreamChip);
        m_events->setTimeRange(std::nullopt, std::nullopt);
        m_events->setScope({}, {});
        m_events->setOnlyMarked(false);
        m_filter->clear();
    });

    const auto utf8
        = [](std::string_view text) { return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size())); };
    core::EventLog& log = m_workspace.log();
    connect(m_detail, &EventDetail::replayRequested, this, [this, &log, utf8](quint64 row) {
        showStream(utf8(log.text(log.sourceAt(row))), utf8(log.text(log.streamAt(row))));
    });
    connect(m_detail, &EventDetail::flowRequested, this,
        [this, &log, utf8](quint64 row) { showFlow(utf8(log.text(log.correlationAt(row)))); });
    connect(m_detail, &EventDetail::rowChosen, this, qOverload<quint64>(&MainWindow::showEvent));
    connect(m_detail, &EventDetail::filterRequested, this, &MainWindow::addFilterTerm);
    connect(m_detail, &EventDetail::columnRequested, this, [this](const QString& field) {
        m_events->table()->addFieldColumn(field);
        setCurrentPage(m_events);
    });
    connect(m_detail, &EventDetail::colourRequested, this, &MainWindow::showColours);
    connect(m_detail, &EventDetail::said, this, &MainWindow::say);

    connect(m_sources, &SourcesView::streamChosen, this, [this](const QString& source, const QString& stream) {
        m_events->setScope(source, stream);
        m_filter->setChip(kStreamChip, QStringLiteral("eventscope-stream"), stream);
    });
    connect(m_sources, &SourcesView::categoryChosen, this, [this](const QString& source, const QString& category) {
        m_events->setCategoryScope(source, category);
        m_filter->setChip(kStreamChip, QStringLiteral("eventscope-stream"), category + QStringLiteral("-…"));
    });
    connect(m_sources, &SourcesView::sourceChosen, this, [this](const QString& source) {
        m_events->setScope(source, {});
        if (source.isEmpty()) {
            m_filter->removeChip(kStreamChip);
        } else {
            m_filter->setChip(kStreamChip, QStringLiteral("state-live"), source);
        }
    });
    connect(m_sources, &SourcesView::deadLettersChosen, this, [this](const QString& source, const QString& queue) {
        for (Page* page : m_pages) {
            if (page->showDeadLetters(source, queue)) {
                setCurrentPage(page);
                return;
            }
        }
    });
    connect(m_sources, &SourcesView::replayWanted, this, &MainWindow::showStream);
    connect(m_sources, &SourcesView::updated, this, &MainWindow::updateTitle);
    connect(m_sources, &SourcesView::updated, this, &MainWindow::lookForCaptures);
    connect(m_sources, &SourcesView::updated, m_events, &EventsPage::updateOverlay);
    connect(m_sources, &SourcesView::said, this, &MainWindow::say);
}

void MainWindow::onFilterApplied(const models::FilterVerdict& verdict)
{
    m_events->setExpression(verdict.expression);
    if (verdict.expression) {
        setCurrentPage(m_events);
    }
}

void MainWindow::addFilterTerm(const QString& term, models::FilterJoin join)
{
    m_filter->apply(models::joinFilter(m_filter->appliedText(), term, join));
    setCurrentPage(m_events);
}

// State.

void MainWindow::updateTitle()
{
    QStringList names;
    for (const auto& connection : m_workspace.connections()) {
        names += QString::fromStdString(connection->name());
    }
    setWindowTitle(names.isEmpty() ? QStringLiteral("Eventscope")
                                   : names.join(QStringLiteral(", ")) + QStringLiteral(" — Eventscope"));
}

void MainWindow::updateStatus()
{
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    const quint64 rows = m_workspace.log().size();
    m_sizes.emplace_back(now, rows);
    std::erase_if(m_sizes, [now](const auto& sample) { return now - sample.first > 3000; });
    const auto& [since, before] = m_sizes.front();

    StatusLine::Figures figures;
    figures.usage = m_workspace.log().usage();
    figures.perSecond
        = now > since ? 1000.0 * static_cast<double>(rows - before) / static_cast<double>(now - since) : 0.0;
    bool unlocked = false;
    bool production = false;
    for (const auto& connection : m_workspace.connections()) {
        if (const auto probe = connection->probe(); probe && probe->lag) {
            figures.lag = figures.lag.value_or(0) + *probe->lag;
        }
        unlocked = unlocked || connection->isUnlocked();
        production = production || connection->mark().production;
    }
    figures.problems = m_workspace.problems().problemCount();
    figures.zone = m_settings.timeFormat().zoneName();
    figures.verdict = m_events->verdict();
    figures.verdictComplete = m_events->verdictIsComplete();
    m_status->show(figures);

    m_production->setVisible(production);
    const QString lock = unlocked ? tr("unlocked") : tr("read-only");
    if (m_lock->text() != lock) {
        m_lock->setText(lock);
        m_lock->setIcon(icon(
            QLatin1String(unlocked ? "object-unlocked" : "object-locked"), unlocked ? Role::Warning : Role::Muted));
        m_lock->setToolTip(unlocked ? tr("Some source can be written to. Click to change that.")
                                    : tr("Nothing is written to any source. Click to change that."));
    }
}

void MainWindow::say(const QString& sentence)
{
    m_status->say(sentence);
}

void MainWindow::loadState()
{
    if (!m_services.keepState) {
        m_settings.setLook(m_theme.look());
        return;
    }
    const QSettings settings;
    m_settings.load(settings);
    m_theme.apply(m_settings.look());
    m_filter->load(settings);
    m_events->load(settings);
    m_budget->load(settings);
    QSettings saved;
    m_desk->profiles().load(saved);
    restoreGeometry(settings.value(QStringLiteral("window/geometry")).toByteArray());
    m_docksPlaced = restoreState(settings.value(QStringLiteral("window/docks")).toByteArray());
    m_detailWanted = settings.value(QStringLiteral("window/eventPane")).toMap();
    m_detailDock->setVisible(isDetailWanted(currentPage()));
}

void MainWindow::saveState()
{
    if (!m_services.keepState) {
        return;
    }
    QSettings settings;
    m_settings.save(settings);
    m_filter->save(settings);
    m_events->save(settings);
    m_budget->save(settings);
    settings.setValue(QStringLiteral("window/geometry"), saveGeometry());
    settings.setValue(QStringLiteral("window/docks"), QMainWindow::saveState());
    settings.setValue(QStringLiteral("window/eventPane"), m_detailWanted);
}

void MainWindow::closeEvent(QCloseEvent* event)
{
    saveState();
    QMainWindow::closeEvent(event);
}

} // namespace eventscope::ui
