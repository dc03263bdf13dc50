// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "colours/colour_rules_dialog.h"
#include "column_looks.h"
#include "event_format.h"
#include "event_table/event_table.h"
#include "events/events_page.h"
#include "events/looks_offer.h"
#include "export/export_dialog.h"
#include "inspect/source_url.h"
#include "main_window/main_window.h"
#include "plain_text.h"
#include "shell/filter_box.h"
#include "theme/icons.h"

#include <QAction>
#include <QBoxLayout>
#include <QFileInfo>
#include <QLocale>
#include <QMenu>
#include <QSettings>
#include <algorithm>
#include <functional>
#include <iterator>
#include <vector>

// Captures and exports: what leaves the window as a file, and what comes back from one.
namespace eventscope::ui {

namespace {

const QString kFolder = QStringLiteral("export/folder");
const QString kMarkedChip = QStringLiteral("marked");
/// Chosen rows are listed at once; more than these are exported by a filter.
constexpr std::uint64_t kMostChosen = 1'000'000;

const char* const kFilter = "filter";
const char* const kColumns = "columns";
const char* const kFilters = "filters";
const char* const kColours = "colours";

QByteArray settingOf(const core::CaptureSettings& settings, const char* name)
{
    const auto found = settings.find(name);
    return found == settings.end() ? QByteArray() : QByteArray::fromStdString(found->second);
}

/// One's own rules, and behind them those of the others that one does not have.
models::ColourRules coloursBeside(models::ColourRules own, const models::ColourRules& others)
{
    std::ranges::copy_if(others, std::back_inserter(own),
        [&own](const models::ColourRule& rule) { return std::ranges::find(own, rule) == own.end(); });
    return own;
}

} // namespace

void MainWindow::buildCaptures()
{
    connect(&m_captureReader, &models::CaptureReader::done, this, &MainWindow::onCaptureRead);
    connect(m_events, &EventsPage::colourWanted, this, &MainWindow::showColours);
    connect(m_events, &EventsPage::onlyMarkedChanged, this, [this](bool on) {
        if (on) {
            m_filter->setChip(kMarkedChip, QStringLiteral("starred"), tr("Marked"));
        } else {
            m_filter->removeChip(kMarkedChip);
        }
    });
    connect(m_filter, &FilterBox::chipRemoved, this, [this](const QString& id) {
        if (id == kMarkedChip) {
            m_events->setOnlyMarked(false);
        }
    });
}

void MainWindow::buildCaptureActions(QMenu* menu)
{
    const auto add = [this, menu](const char* iconName, const QString& text, const QKeySequence& keys, auto run) {
        menu->addAction(addCommand(iconName, text, keys, std::move(run)));
    };
    add("document-save", tr("Save or export…"), QKeySequence::Save, [this] { showExport(); });
    menu->addSeparator();
    add("starred", tr("Mark or unmark the chosen events (M)"), {}, [this] { m_events->toggleMarks(); });
    add("", tr("Note about the chosen event… (N)"), {}, [this] {
        if (const auto row = m_events->table()->currentRow()) {
            m_events->editNote(*row);
        }
    });
    add("go-next", tr("Next mark (.)"), {}, [this] { m_events->goToMark(1); });
    add("go-previous", tr("Previous mark (,)"), {}, [this] { m_events->goToMark(-1); });
    add("view-filter", tr("Only marked events"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_M), [this] {
        setCurrentPage(m_events);
        m_events->setOnlyMarked(!m_events->isOnlyMarked());
    });
    menu->addSeparator();
    add("", tr("Colours of rows…"), {}, [this] { showColours({}); });
    add("", tr("Saved filters…"), QKeySequence(Qt::CTRL | Qt::Key_D), [this] { m_filter->showSavedMenu(); });
}

core::CaptureSettings MainWindow::captureSettings() const
{
    core::CaptureSettings settings;
    if (const QString filter = m_events->filterText(); !filter.isEmpty()) {
        settings[kFilter] = filter.toStdString();
    }
    settings[kColumns] = models::columnLooksToJson(m_events->table()->columns()).toStdString();
    if (!m_filter->named().all().empty()) {
        settings[kFilters] = m_filter->named().toJson().toStdString();
    }
    if (!m_settings.colours().empty()) {
        settings[kColours] = models::colourRulesToJson(m_settings.colours()).toStdString();
    }
    return settings;
}

ExportDialog* MainWindow::showExport()
{
    ExportDialog::Offer offer;
    offer.shown = m_events->shownRows();
    offer.shownCount = m_events->table()->rowCount();
    offer.chosen = m_events->chosenRows(kMostChosen);
    offer.settings = captureSettings();
    if (m_services.keepState) {
        offer.folder = QSettings().value(kFolder).toString();
    }
    auto* dialog = new ExportDialog(m_workspace.log(), std::move(offer), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &ExportDialog::said, this, &MainWindow::say);
    connect(dialog, &ExportDialog::written, this, [this](const QString& path) {
        if (m_services.keepState) {
            QSettings().setValue(kFolder, QFileInfo(path).absolutePath());
        }
    });
    dialog->show();
    return dialog;
}

void MainWindow::showColours(const QString& filter)
{
    auto* dialog = findChild<ColourRulesDialog*>();
    if (!dialog) {
        dialog = new ColourRulesDialog(m_settings, this);
        dialog->setAttribute(Qt::WA_DeleteOnClose);
    }
    if (!filter.isEmpty()) {
        dialog->add(filter);
    }
    dialog->show();
    dialog->raise();
    dialog->activateWindow();
}

/// Captures among the connections bring along how they were looked at.
void MainWindow::lookForCaptures()
{
    for (const auto& connection : m_workspace.connections()) {
        const QString name = QString::fromStdString(connection->name());
        if (connection->capabilities().keepsSources && !m_captures.contains(name)) {
            m_captures.insert(name);
            if (const auto url = core::parseSourceUrl(connection->url())) {
                m_captureReader.read(name, QString::fromStdString(url->path));
            }
        }
    }
}

void MainWindow::onCaptureRead(const QString& name, const core::CaptureSummary& summary)
{
    const QString events = models::formatCount(summary.events);
    const QString marks = models::formatCount(summary.marks);
    m_filter->named().merge(models::NamedFilters::fromJson(settingOf(summary.settings, kFilters)));
    // Alone it is looked at as it was when it was saved; what that would change for others, or of one's own, is
    // offered only.
    const bool isAlone = m_workspace.connections().size() == 1;
    const QString filter = QString::fromUtf8(settingOf(summary.settings, kFilter));
    const auto columns = models::columnLooksFromJson(settingOf(summary.settings, kColumns));
    const auto colours
        = coloursBeside(m_settings.colours(), models::colourRulesFromJson(settingOf(summary.settings, kColours)));
    const auto showFilter = [this, filter] { m_filter->apply(filter); };
    const auto showColumns = [this, columns] { m_events->table()->setColumns(columns); };
    const auto showColours = [this, colours] { m_settings.setColours(colours); };
    QStringList offered;
    std::vector<std::function<void()>> wanted;
    const auto showOrOffer = [&](bool shown, const QString& what, const std::function<void()>& show) {
        if (shown) {
            show();
        } else {
            offered += what;
            wanted.push_back(show);
        }
    };
    if (!columns.empty() && columns != m_events->table()->columns()) {
        showOrOffer(isAlone, tr("its own columns"), showColumns);
    }
    if (colours != m_settings.colours()) {
        showOrOffer(isAlone && m_settings.colours().empty(), tr("colours"), showColours);
    }
    const bool isFiltered = !filter.isEmpty() && isAlone && m_filter->appliedText().isEmpty();
    if (!filter.isEmpty() && filter != m_filter->appliedText()) {
        showOrOffer(isFiltered, tr("a filter"), showFilter);
    }
    const QString shownName = models::visibleText(name, 60);
    if (!offered.isEmpty()) {
        auto* offer = new LooksOffer(
            tr("%1 was saved with %2.").arg(shownName, QLocale().createSeparatedList(offered)), m_events);
        static_cast<QBoxLayout*>(m_events->layout())->insertWidget(0, offer);
        connect(offer, &LooksOffer::accepted, this, [wanted] {
            for (const auto& show : wanted) {
                show();
            }
        });
    }
    say(isFiltered ? tr("%1: %2 events, %3 of them marked, shown with the filter that they were saved with.")
                         .arg(shownName, events, marks)
                   : tr("%1: %2 events, %3 of them marked.").arg(shownName, events, marks));
}

} // namespace eventscope::ui
