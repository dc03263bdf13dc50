// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "capture_reader.h"
#include "connect/connect_desk.h"
#include "filter_checker.h"
#include "filter_text.h"
#include "frame_bell.h"
#include "inspect/log_worker.h"
#include "inspect/workspace.h"
#include "problem_model.h"
#include "row_finder.h"
#include "shell/view_settings.h"
#include "theme/theme.h"

#include <QMainWindow>
#include <QMap>
#include <QSet>
#include <QTimer>
#include <QVariant>
#include <functional>
#include <memory>
#include <vector>

class QDockWidget;
class QMenu;
class QPushButton;
class QStackedWidget;
class QTabBar;
class QToolButton;

namespace eventscope::ui {

class Badge;
class BudgetMenu;
class DemoBanner;
class EventDetail;
class EventsPage;
class ExportDialog;
class FilterBox;
class Page;
class SourcesView;
class StatusLine;

/// The window: sources at the left, views in tabs, the chosen event at the right, figures below. It
/// wires the parts to each other and to the workspace; each view is a Page that knows nothing of the
/// others. // GUI thread
class MainWindow final : public QMainWindow {
    Q_OBJECT

public:
    struct Services {
        /// Opens a source by its URL ("sqlite:orders.db") as a connection of the workspace.
        std::function<core::Status(const QString& url)> openSource;
        bool keepState = true; ///< remember geometry, columns, filters in the user's settings
        ConnectServices connect{};
    };

    /// `workspace` and `theme` must outlive the window.
    MainWindow(core::Workspace& workspace, Theme& theme, Services services, QWidget* parent = nullptr);
    ~MainWindow() override;

    /// The window takes the page and shows it as its last tab.
    void addPage(std::unique_ptr<Page> page);
    const std::vector<Page*>& pages() const { return m_pages; }
    Page* currentPage() const;
    void setCurrentPage(Page* page);

    EventsPage& events() const { return *m_events; }
    EventDetail& detail() const { return *m_detail; }
    FilterBox& filterBox() const { return *m_filter; }
    SourcesView& sources() const { return *m_sources; }
    StatusLine& statusLine() const { return *m_status; }
    ConnectDesk& connections() const { return *m_desk; }
    ViewSettings& settings() { return m_settings; }
    core::LogWorker& logWorker() { return m_worker; }

    void showDemoBanner(bool on);
    /// Every view as <name>-light.png and <name>-dark.png in `folder`, with what is special about
    /// their state between; the files written.
    QStringList saveScreenshots(const QString& folder, const QString& state = {});

public Q_SLOTS:
    void showEvent(quint64 row);
    void goTo(const QString& text);
    void openStore();
    void showConnect();
    /// Asks what to write into which file: a capture, or an export.
    ExportDialog* showExport();
    /// The rules that colour rows; with one more for that filter unless it is empty.
    void showColours(const QString& filter);
    void showCommands();
    void askWhereToGo();
    void say(const QString& sentence);

protected:
    void showEvent(QShowEvent* event) override;
    void closeEvent(QCloseEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void buildToolBar();
    void buildCentre();
    void buildDocks();
    void buildActions();
    void connectEvents();
    void connectPage(Page* page);
    void showPage(int tab);
    void placeDocks();
    /// To the next part of the window, or the one before: filter, sources, view, event.
    void goToPart(int step);
    bool isDetailWanted(const Page* page) const;
    void wantDetail(const Page* page, bool wanted);
    QAction* addCommand(const char* iconName, const QString& text, const QKeySequence& keys, std::function<void()> run);

    void onFilterApplied(const models::FilterVerdict& verdict);
    void addFilterTerm(const QString& term, models::FilterJoin join);
    void showStream(const QString& source, const QString& stream);
    void showFlow(const QString& correlationId);
    void open(const QString& url);
    void buildConnections();
    void buildCaptures();
    void buildCaptureActions(QMenu* menu);
    core::CaptureSettings captureSettings() const;
    void lookForCaptures();
    void onCaptureRead(const QString& name, const core::CaptureSummary& summary);
    QWidget* makeConnectButton();
    void noteProblem(const QString& where, const QString& sentence);
    void updateTitle();
    void updateStatus();
    void updateBadge(int tab);
    void loadState();
    void saveState();

    core::Workspace& m_workspace;
    Theme& m_theme;
    Services m_services;
    ViewSettings m_settings;
    core::LogWorker m_worker;
    models::ProblemModel m_problems;
    models::CaptureReader m_captureReader;
    QSet<QString> m_captures; ///< connections whose capture was read
    models::RowFinder m_finder;
    models::FrameBell m_problemBell;

    FilterBox* m_filter = nullptr;
    QTabBar* m_tabs = nullptr;
    QStackedWidget* m_stack = nullptr;
    DemoBanner* m_banner = nullptr;
    QToolBar* m_bannerBar = nullptr;
    StatusLine* m_status = nullptr;
    BudgetMenu* m_budget = nullptr;
    SourcesView* m_sources = nullptr;
    EventDetail* m_detail = nullptr;
    EventsPage* m_events = nullptr;
    QDockWidget* m_sourcesDock = nullptr;
    QDockWidget* m_detailDock = nullptr;
    QDockWidget* m_problemsDock = nullptr;
    ConnectDesk* m_desk = nullptr;
    Badge* m_production = nullptr;
    QPushButton* m_pause = nullptr;
    QToolButton* m_lock = nullptr;
    QMenu* m_menu = nullptr;
    std::vector<Page*> m_pages;
    std::vector<Badge*> m_badges;

    QMap<QString, QVariant> m_detailWanted; ///< by page: where it differs from what the page is for
    bool m_docksPlaced = false;             ///< by us or by the user's settings
    QTimer m_statusTimer;
    std::vector<std::pair<qint64, quint64>> m_sizes; ///< (milliseconds, rows) of the last seconds
};

} // namespace eventscope::ui
