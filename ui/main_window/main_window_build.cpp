// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "main_window/main_window.h"

#include "event_detail/event_detail.h"
#include "event_table/event_table.h"
#include "events/events_page.h"
#include "main_window/budget_menu.h"
#include "main_window/command_palette.h"
#include "main_window/demo_banner.h"
#include "main_window/status_line.h"
#include "page.h"
#include "plain_text.h"
#include "shell/filter_box.h"
#include "sources/saved_sources.h"
#include "sources/sources_view.h"
#include "theme/fonts.h"
#include "theme/icons.h"
#include "widgets/labels.h"

#include <QAction>
#include <QApplication>
#include <QDir>
#include <QDockWidget>
#include <QEventLoop>
#include <QHeaderView>
#include <QMenu>
#include <QPushButton>
#include <QStackedWidget>
#include <QTabBar>
#include <QTableView>
#include <QToolBar>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>
#include <chrono>

namespace eventscope::ui {

namespace {

QToolButton* barButton(const char* iconName, const QString& tip)
{
    auto* button = new QToolButton;
    button->setIcon(icon(QLatin1String(iconName), Role::Muted));
    button->setAutoRaise(true);
    button->setToolTip(tip);
    button->setAccessibleName(tip);
    return button;
}

} // namespace

void MainWindow::buildToolBar()
{
    auto* bar = new QToolBar(tr("Main tools"), this);
    bar->setObjectName(QStringLiteral("mainTools"));
    bar->setMovable(false);
    bar->setFloatable(false);
    bar->setContextMenuPolicy(Qt::PreventContextMenu);

    m_pause = new QPushButton(icon(QLatin1String("media-playback-pause")), tr("Pause"));
    m_pause->setToolTip(tr("Hold the view; events go on being kept (Space)"));
    auto* goButton = new QPushButton(tr("Go to…"));
    goButton->setToolTip(tr("An id, a position or a time (Ctrl+G)"));
    connect(goButton, &QPushButton::clicked, this, &MainWindow::askWhereToGo);
    m_filter = new FilterBox(m_workspace.log());

    m_production = new Badge;
    m_production->setText(tr("PRODUCTION"));
    m_production->setToolTip(tr("A source that is open is marked as production"));
    m_production->hide();
    m_lock = barButton("object-locked", tr("Read-only"));
    m_lock->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    connect(m_lock, &QToolButton::clicked, this, [this] {
        auto* menu = new QMenu(this);
        menu->setAttribute(Qt::WA_DeleteOnClose);
        for (const auto& connection : m_workspace.connections()) {
            QAction* action
                = menu->addAction(tr("Allow writing to %1").arg(models::visibleText(connection->name(), 60)));
            action->setCheckable(true);
            action->setChecked(connection->isUnlocked());
            connect(action, &QAction::toggled, this, [this, connection](bool on) {
                connection->setUnlocked(on);
                updateStatus();
            });
        }
        menu->popup(m_lock->mapToGlobal(QPoint(0, m_lock->height() + 2)));
    });
    QToolButton* look = barButton("weather-clear-night", tr("Light or dark"));
    connect(look, &QToolButton::clicked, this,
        [this] { m_settings.setLook(m_theme.isDark() ? Theme::Look::Light : Theme::Look::Dark); });
    const auto showLook = [this, look] {
        look->setIcon(icon(QLatin1String(m_theme.isDark() ? "weather-clear" : "weather-clear-night"), Role::Muted));
    };
    connect(&m_theme, &Theme::changed, look, showLook);
    showLook();
    QToolButton* menuButton = barButton("application-menu", tr("Menu"));
    m_menu = new QMenu(this);
    connect(menuButton, &QToolButton::clicked, this, [this, menuButton] {
        m_menu->popup(menuButton->mapToGlobal(
            QPoint(menuButton->width() - m_menu->sizeHint().width(), menuButton->height() + 2)));
    });
    // One widget in the bar: a tool bar's own layout takes no margins from others.
    auto* tools = new QWidget(bar);
    auto* layout = new QHBoxLayout(tools);
    layout->setContentsMargins(10, 7, 10, 8);
    layout->setSpacing(8);
    layout->addWidget(makeConnectButton());
    layout->addWidget(m_pause);
    layout->addWidget(goButton);
    layout->addWidget(m_filter);
    layout->addSpacing(2);
    layout->addWidget(m_production);
    layout->addWidget(m_lock);
    layout->addWidget(look);
    layout->addWidget(menuButton);
    tools->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    bar->addWidget(tools);
    addToolBar(bar);
}

void MainWindow::buildCentre()
{
    auto* centre = new QWidget(this);
    m_tabs = new QTabBar(centre);
    m_tabs->setExpanding(false);
    m_tabs->setDrawBase(false);
    m_tabs->setAccessibleName(tr("Views"));
    m_stack = new QStackedWidget(centre);
    // A view that would like more room than there is must not make the window wider.
    m_stack->setMinimumSize(320, 200);
    auto* tabLine = new QHBoxLayout;
    tabLine->setContentsMargins(6, 0, 6, 0);
    tabLine->addWidget(m_tabs);
    tabLine->addStretch();
    auto* layout = new QVBoxLayout(centre);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(tabLine);
    layout->addWidget(new Hairline);
    layout->addWidget(m_stack, 1);
    setCentralWidget(centre);
    connect(m_tabs, &QTabBar::currentChanged, this, &MainWindow::showPage);

    auto events = std::make_unique<EventsPage>(m_workspace, m_worker, m_settings);
    m_events = events.get();
    addPage(std::move(events));
    connect(m_pause, &QPushButton::clicked, m_events->table(), &EventTable::togglePause);
    connect(m_events->table(), &EventTable::pausedChanged, this, [this](bool paused) {
        m_pause->setText(paused ? tr("Resume") : tr("Pause"));
        m_pause->setIcon(icon(QLatin1String(paused ? "media-playback-start" : "media-playback-pause")));
    });
}

void MainWindow::buildDocks()
{
    m_sources = new SourcesView(m_workspace, this);
    m_sourcesDock = new QDockWidget(tr("Sources"), this);
    m_sourcesDock->setObjectName(QStringLiteral("sources"));
    auto* saved = new SavedSources(m_desk->profiles(), this);
    connect(saved, &SavedSources::connectWanted, m_desk, &ConnectDesk::connectToSaved);
    connect(saved, &SavedSources::editWanted, m_desk, &ConnectDesk::edit);
    connect(saved, &SavedSources::removeWanted, m_desk, &ConnectDesk::remove);
    auto* sources = new QWidget(this);
    auto* sourcesLayout = new QVBoxLayout(sources);
    sourcesLayout->setContentsMargins(0, 0, 0, 0);
    sourcesLayout->setSpacing(0);
    sourcesLayout->addWidget(m_sources, 1);
    sourcesLayout->addWidget(saved);
    m_sourcesDock->setWidget(sources);
    addDockWidget(Qt::LeftDockWidgetArea, m_sourcesDock);

    m_detail = new EventDetail(m_workspace.log(), this);
    m_detailDock = new QDockWidget(tr("Event"), this);
    m_detailDock->setObjectName(QStringLiteral("event"));
    m_detailDock->toggleViewAction()->setText(tr("Event"));
    connect(m_detail, &EventDetail::titleChanged, m_detailDock, [this](const QString& title) {
        m_detailDock->setWindowTitle(title);
        m_detailDock->toggleViewAction()->setText(tr("Event")); // the menu keeps its word
    });
    m_detailDock->setWidget(m_detail);
    m_detailDock->installEventFilter(this);
    connect(m_detailDock->toggleViewAction(), &QAction::triggered, this,
        [this](bool on) { wantDetail(currentPage(), on); });
    addDockWidget(Qt::RightDockWidgetArea, m_detailDock);

    auto* problems = new QTableView(this);
    problems->setModel(&m_problems);
    problems->setFrameShape(QFrame::NoFrame);
    problems->setShowGrid(false);
    problems->setAlternatingRowColors(true);
    problems->setWordWrap(false);
    problems->setSelectionBehavior(QAbstractItemView::SelectRows);
    problems->verticalHeader()->hide();
    problems->verticalHeader()->setMinimumSectionSize(18);
    problems->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 7);
    problems->horizontalHeader()->setStretchLastSection(true);
    problems->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    problems->setColumnWidth(models::ProblemModel::TimeColumn, 110);
    problems->setColumnWidth(models::ProblemModel::SeverityColumn, 90);
    problems->setColumnWidth(models::ProblemModel::WhereColumn, 120);
    problems->setAccessibleName(tr("What the program did and what went wrong"));
    m_problemsDock = new QDockWidget(tr("Problem log"), this);
    m_problemsDock->setObjectName(QStringLiteral("problems"));
    m_problemsDock->setWidget(problems);
    addDockWidget(Qt::BottomDockWidgetArea, m_problemsDock);
    m_problemsDock->hide();
    m_sources->setMinimumWidth(180);
    m_detail->setMinimumWidth(260);
    setCorner(Qt::BottomLeftCorner, Qt::LeftDockWidgetArea);
    setCorner(Qt::BottomRightCorner, Qt::RightDockWidgetArea);

    m_status = new StatusLine(this);
    connect(m_status, &StatusLine::problemsClicked, this, [this] {
        m_problemsDock->show();
        m_problemsDock->raise();
    });
    m_budget = new BudgetMenu(m_workspace.log(), this);
    connect(m_budget, &BudgetMenu::said, this, &MainWindow::say);
    connect(m_status, &StatusLine::budgetClicked, this, [this] {
        const QWidget* at = m_status->budgetButton();
        QMenu* const menu = m_budget->create(this);
        menu->popup(at->mapToGlobal(QPoint(0, -menu->sizeHint().height())));
    });
    connect(m_status, &StatusLine::zoneClicked, this, [this] { m_settings.setUtc(!m_settings.isUtc()); });

    // Banner over and status line under everything, docks included.
    m_banner = new DemoBanner(this);
    connect(m_banner, &DemoBanner::connectClicked, this, &MainWindow::showConnect);
    m_bannerBar = new QToolBar(this);
    QToolBar* bannerBar = m_bannerBar;
    bannerBar->setObjectName(QStringLiteral("banner"));
    bannerBar->setMovable(false);
    bannerBar->setContextMenuPolicy(Qt::PreventContextMenu);
    bannerBar->layout()->setContentsMargins(0, 0, 0, 0);
    m_banner->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    bannerBar->addWidget(m_banner);
    addToolBarBreak();
    addToolBar(bannerBar);
    bannerBar->hide();
    connect(m_banner, &DemoBanner::dismissed, bannerBar, &QWidget::hide);

    auto* statusBar = new QToolBar(this);
    statusBar->setObjectName(QStringLiteral("status"));
    statusBar->setMovable(false);
    statusBar->setContextMenuPolicy(Qt::PreventContextMenu);
    statusBar->layout()->setContentsMargins(0, 0, 0, 0);
    m_status->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    statusBar->addWidget(m_status);
    addToolBar(Qt::BottomToolBarArea, statusBar);
}

QAction* MainWindow::addCommand(
    const char* iconName, const QString& text, const QKeySequence& keys, std::function<void()> run)
{
    auto* action = new QAction(text, this);
    if (*iconName) {
        action->setIcon(icon(QLatin1String(iconName)));
    }
    action->setShortcut(keys);
    action->setShortcutContext(Qt::WindowShortcut);
    connect(action, &QAction::triggered, this, std::move(run));
    addAction(action);
    return action;
}

void MainWindow::buildActions()
{
    const auto menu = [this](QAction* action) { m_menu->addAction(action); };
    menu(addCommand(
        "list-add", tr("Connect…"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_O), [this] { showConnect(); }));
    menu(addCommand("document-open", tr("Open a file…"), QKeySequence::Open, [this] { openStore(); }));
    buildCaptureActions(m_menu);
    m_menu->addSeparator();
    menu(addCommand("view-filter", tr("Filter"), QKeySequence::Find, [this] { m_filter->focusText(); }));
    menu(addCommand("edit-clear", tr("Clear all filters"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_F),
        [this] { Q_EMIT m_events->clearFiltersWanted(); }));
    menu(addCommand("go-jump", tr("Go to…"), QKeySequence(Qt::CTRL | Qt::Key_G), [this] { askWhereToGo(); }));
    menu(
        addCommand("edit-find", tr("Find a command…"), QKeySequence(Qt::CTRL | Qt::Key_K), [this] { showCommands(); }));
    menu(addCommand(
        "media-playback-pause", tr("Pause or resume the events"), {}, [this] { m_events->table()->togglePause(); }));
    menu(addCommand("go-bottom", tr("Go to the newest event"), QKeySequence(Qt::CTRL | Qt::Key_End), [this] {
        setCurrentPage(m_events);
        m_events->table()->scrollToEnd();
    }));
    menu(
        addCommand("go-next", tr("To the next part of the window"), QKeySequence(Qt::Key_F6), [this] { goToPart(1); }));
    addCommand("", tr("To the part before"), QKeySequence(Qt::SHIFT | Qt::Key_F6), [this] { goToPart(-1); });
    menu(addCommand("view-refresh", tr("Refresh the sources"), QKeySequence::Refresh, [this] {
        for (const auto& connection : m_workspace.connections()) {
            connection->refresh();
        }
    }));
    m_menu->addSeparator();
    QMenu* columns = m_menu->addMenu(tr("Columns"));
    connect(columns, &QMenu::aboutToShow, this, [this, columns] {
        columns->clear();
        QMenu* now = m_events->table()->createColumnsMenu(columns);
        columns->addActions(now->actions());
    });
    for (QDockWidget* dock : {m_sourcesDock, m_detailDock, m_problemsDock}) {
        m_menu->addAction(dock->toggleViewAction());
        addAction(dock->toggleViewAction());
    }
    menu(addCommand("", tr("Usual layout"), {}, [this] { placeDocks(); }));
    m_menu->addSeparator();
    menu(addCommand("preferences-system-time", tr("UTC or local time"), QKeySequence(Qt::CTRL | Qt::Key_U),
        [this] { m_settings.setUtc(!m_settings.isUtc()); }));
    menu(addCommand("weather-clear", tr("Light look"), {}, [this] { m_settings.setLook(Theme::Look::Light); }));
    menu(addCommand("weather-clear-night", tr("Dark look"), {}, [this] { m_settings.setLook(Theme::Look::Dark); }));
    menu(addCommand(
        "preferences-system", tr("The desktop's look"), {}, [this] { m_settings.setLook(Theme::Look::System); }));
    m_menu->addSeparator();
    menu(addCommand("application-exit", tr("Quit"), QKeySequence(Qt::CTRL | Qt::Key_Q), [this] { close(); }));
}

void MainWindow::showEvent(QShowEvent* event)
{
    QMainWindow::showEvent(event);
    if (!m_docksPlaced) {
        placeDocks();
    }
}

/// Where the panes are before anybody has moved one.
void MainWindow::placeDocks()
{
    m_docksPlaced = true;
    m_detailWanted.clear();
    for (const auto& [dock, area] : {std::pair(m_sourcesDock, Qt::LeftDockWidgetArea),
             std::pair(m_detailDock, Qt::RightDockWidgetArea), std::pair(m_problemsDock, Qt::BottomDockWidgetArea)}) {
        dock->setFloating(false);
        addDockWidget(area, dock);
    }
    m_sourcesDock->show();
    m_detailDock->setVisible(isDetailWanted(currentPage()));
    m_problemsDock->hide();
    // In proportion, within what each needs and what more would not help.
    const int forSources = std::clamp(width() * 16 / 100, 180, 240);
    const int forDetail = std::clamp(width() * 25 / 100, 260, 380);
    resizeDocks({m_sourcesDock, m_detailDock}, {forSources, forDetail}, Qt::Horizontal);
}

void MainWindow::showDemoBanner(bool on)
{
    m_bannerBar->setVisible(on);
}

void MainWindow::showCommands()
{
    QList<QAction*> all = actions();
    if (Page* page = currentPage()) {
        all += page->actions();
    }
    (new CommandPalette(all, this))->show();
}

namespace {
constexpr std::chrono::milliseconds kScreenshotSettleTime{700};
}

QStringList MainWindow::saveScreenshots(const QString& folder, const QString& state)
{
    QStringList files;
    if (!QDir().mkpath(folder)) {
        return files;
    }
    const Theme::Look before = m_theme.look();
    const int tabBefore = m_tabs->currentIndex();
    const QList<std::pair<Theme::Look, QString>> looks{
        {Theme::Look::Light, QStringLiteral("light")}, {Theme::Look::Dark, QStringLiteral("dark")}};
    for (const auto& [look, name] : looks) {
        m_theme.apply(look);
        for (Page* page : m_pages) {
            setCurrentPage(page);
            page->showExample();
            QEventLoop settle; // what a view fetches in the background comes meanwhile
            QTimer::singleShot(kScreenshotSettleTime, &settle, &QEventLoop::quit);
            settle.exec();
            QStringList parts{page->screenshotName(), state, name};
            parts.removeAll(QString());
            const QString file = QDir(folder).filePath(parts.join(QLatin1Char('-')) + QStringLiteral(".png"));
            if (grab().save(file)) {
                files += file;
            }
        }
    }
    m_theme.apply(before);
    m_tabs->setCurrentIndex(tabBefore);
    return files;
}

} // namespace eventscope::ui
