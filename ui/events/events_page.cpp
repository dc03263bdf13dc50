// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "events/events_page.h"

#include "column_looks.h"
#include "event_format.h"
#include "event_table/event_table.h"
#include "event_table/histogram_strip.h"
#include "inspect/event_marks.h"
#include "inspect/workspace.h"
#include "shell/state_overlay.h"
#include "shell/view_settings.h"
#include "shell/waiting_state.h"

#include <QSettings>
#include <QVBoxLayout>

namespace eventscope::ui {

namespace {

const QString kColumns = QStringLiteral("events/columnList");

QString utf8(std::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

} // namespace

EventsPage::EventsPage(core::Workspace& workspace, core::LogWorker& worker, ViewSettings& settings, QWidget* parent)
    : Page(parent)
    , m_workspace(workspace)
    , m_log(workspace.log())
    , m_worker(worker)
    , m_settings(settings)
    , m_all(m_log)
    , m_counts(m_log)
{
    m_table = new EventTable(this);
    m_histogram = new HistogramStrip(this);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_table, 1);
    layout->addWidget(m_histogram);
    m_overlay = new StateOverlay(m_table->viewport());
    setFocusProxy(m_table);

    m_bell.attach([this](auto ring) { return m_log.onAppended(std::move(ring)); });
    connect(&m_bell, &models::FrameBell::rang, &m_all, &models::AllEventRows::refresh);
    // Once the table shows them.
    connect(&m_all, &models::EventRows::grown, this, &EventsPage::updateOverlay, Qt::QueuedConnection);
    connectTable();
    connectMarks();
    connect(&m_counts, &models::EventHistogram::changed, this, [this] {
        m_histogram->setHistogram(m_counts.latest());
        updateTimeFormat();
    });
    connect(m_histogram, &HistogramStrip::rangeSelected, this, [this] {
        const auto range = *m_histogram->selectedRange();
        setTimeRange(range.from, range.to - std::chrono::microseconds(1));
        Q_EMIT timeRangeChosen(range.from, range.to);
    });
    connect(m_histogram, &HistogramStrip::rangeCleared, this, [this] {
        setTimeRange(std::nullopt, std::nullopt);
        Q_EMIT timeRangeCleared();
    });
    connect(&settings, &ViewSettings::coloursChanged, this, [this] { m_table->setColours(m_settings.colours()); });
    connect(&settings, &ViewSettings::timeFormatChanged, this, &EventsPage::updateTimeFormat);
    connect(&settings, &ViewSettings::rulesChanged, this, [this] {
        m_table->setRules(m_settings.rules());
        m_counts.setRules(m_settings.rules());
    });
    m_table->setRows(&m_all);
    updateTimeFormat();
    updateOverlay();
}

EventsPage::~EventsPage()
{
    m_marksBell.detachAll();
    m_table->setRows(nullptr);
}

void EventsPage::connectTable()
{
    connect(m_table, &EventTable::currentRowChanged, this, &EventsPage::currentRowChanged);
    connect(m_table, &EventTable::activated, this, &EventsPage::activated);
    connect(m_table, &EventTable::filterRequested, this, &EventsPage::filterTermWanted);
    connect(m_table, &EventTable::said, this, &EventsPage::said);
    connect(m_table, &EventTable::replayRequested, this, [this](quint64 row) {
        Q_EMIT replayWanted(utf8(m_log.text(m_log.sourceAt(row))), utf8(m_log.text(m_log.streamAt(row))));
    });
    connect(m_table, &EventTable::flowRequested, this,
        [this](quint64 row) { Q_EMIT flowWanted(utf8(m_log.text(m_log.correlationAt(row)))); });
    connect(m_table, &EventTable::orderWanted, this, &EventsPage::setOrder);
    connect(m_table, &EventTable::fieldColumnWanted, this, &EventsPage::askForColumn);
    connect(m_table, &EventTable::markWanted, this, &EventsPage::toggleMarks);
    connect(m_table, &EventTable::noteWanted, this, &EventsPage::editNote);
    connect(m_table, &EventTable::nextMarkWanted, this, &EventsPage::goToMark);
    connect(m_table, &EventTable::colourWanted, this, &EventsPage::colourWanted);
    m_table->setSourceUrls([this](const QString& source) { return urlOf(source); });
    connect(m_overlay, &StateOverlay::actionTriggered, this, [this] {
        if (m_sorted && m_sorted->behind() > 0 && m_table->rowCount() == 0) {
            setOrder(std::nullopt);
        } else if (m_filtered || m_onlyMarked) {
            setOnlyMarked(false);
            Q_EMIT clearFiltersWanted();
        } else {
            retrySources(m_workspace);
        }
    });
}

void EventsPage::focusStart()
{
    m_table->setFocus();
}

void EventsPage::showExample()
{
    // A failure a little above the end says more than the newest row.
    const std::uint64_t shown = m_table->rowCount();
    for (std::uint64_t back = 12; back < 60 && back < shown; ++back) {
        const std::uint64_t index = shown - back;
        if (m_table->toneOf(m_table->rows()->rowAt(index)) == models::EventTone::Failure) {
            m_table->setCurrentIndex(index, models::EventColumn::Type);
            return;
        }
    }
    if (shown > 0) {
        m_table->setCurrentIndex(shown - std::min<std::uint64_t>(shown, 12), models::EventColumn::Type);
    }
}

// What is shown.

void EventsPage::setExpression(std::optional<core::FilterExpression> expression)
{
    m_expression = std::move(expression);
    rebuildRows();
}

void EventsPage::setScope(const QString& source, const QString& stream)
{
    m_filter.source = source.isEmpty() ? std::nullopt : std::optional(source.toStdString());
    m_filter.stream = stream.isEmpty() ? std::nullopt : std::optional(stream.toStdString());
    m_category.clear();
    rebuildRows();
}

void EventsPage::setCategoryScope(const QString& source, const QString& category)
{
    m_filter.source = source.isEmpty() ? std::nullopt : std::optional(source.toStdString());
    m_filter.stream.reset();
    m_category = category;
    rebuildRows();
}

void EventsPage::setTimeRange(std::optional<core::Timestamp> from, std::optional<core::Timestamp> to)
{
    m_filter.from = from;
    m_filter.to = to;
    if (!from && !to) {
        m_histogram->setSelectedRange(std::nullopt);
    } else if (from && to) {
        m_histogram->setSelectedRange(HistogramStrip::TimeRange{*from, *to + std::chrono::microseconds(1)});
    }
    rebuildRows();
}

/// The category that is chosen, as an expression; empty: none.
QString EventsPage::scopeText() const
{
    const QString subject = QStringLiteral("subject");
    return m_category.isEmpty() ? QString()
                                : QStringLiteral("(%1 OR %2)")
                                      .arg(models::filterBeginsWith(subject, QString(m_category + QLatin1Char('-'))),
                                          models::filterEquals(subject, m_category, false));
}

QString EventsPage::filterText() const
{
    QStringList parts;
    if (m_filter.source) { // with all its topics
        const QString source = QString::fromStdString(*m_filter.source);
        const QString attribute = QStringLiteral("source");
        parts += QStringLiteral("(%1 OR %2)")
                     .arg(models::filterEquals(attribute, source, false),
                         models::filterBeginsWith(attribute, QString(source + QLatin1Char('/'))));
    }
    if (m_filter.stream) {
        parts += models::filterEquals(QStringLiteral("subject"), QString::fromStdString(*m_filter.stream), false);
    }
    if (const QString scope = scopeText(); !scope.isEmpty()) {
        parts += scope;
    }
    if (m_filter.from && m_filter.to) {
        parts += QStringLiteral("time >= '%1' AND time <= '%2'")
                     .arg(QString::fromStdString(core::formatTimestamp(*m_filter.from)),
                         QString::fromStdString(core::formatTimestamp(*m_filter.to)));
    }
    const QString text = parts.join(QLatin1String(" AND "));
    return m_expression
        ? models::joinFilter(text, QString::fromStdString(m_expression->text()), models::FilterJoin::And)
        : text;
}

void EventsPage::rebuildRows()
{
    core::RowFilter filter = m_filter;
    const QString scope = scopeText();
    if (scope.isEmpty()) {
        filter.expression = m_expression;
    } else {
        const QString text = m_expression ? QString::fromStdString(m_expression->text()) : QString();
        filter.expression
            = models::judgeFilter(text.isEmpty() ? scope : QStringLiteral("%1 AND (%2)").arg(scope, text)).expression;
    }
    const bool any = filter.source || filter.stream || filter.from || filter.to || filter.expression;
    // What is replaced goes only when the table shows the new rows.
    const auto before = std::move(m_filtered);
    const auto markedBefore = std::move(m_marked); // goes after what stands on it
    const auto sortedBefore = std::move(m_sorted);
    if (any) {
        m_filtered = std::make_unique<models::ViewEventRows>(m_log, m_worker, std::move(filter));
        connect(m_filtered.get(), &models::ViewEventRows::progressed, this, [this] {
            updateOverlay();
            Q_EMIT verdictChanged();
        });
    } else {
        m_all.refresh();
    }
    showRows();
    updateOverlay();
    Q_EMIT verdictChanged();
}

void EventsPage::showRows()
{
    models::EventRows* rows = m_filtered ? static_cast<models::EventRows*>(m_filtered.get()) : &m_all;
    const auto markedBefore = std::move(m_marked); // goes after what stands on it
    const auto sortedBefore = std::move(m_sorted);
    if (m_onlyMarked) {
        m_marked = std::make_unique<models::MarkedEventRows>(*rows);
        connect(m_marked.get(), &models::EventRows::grown, this, &EventsPage::updateOverlay, Qt::QueuedConnection);
        // Once the table shows it.
        connect(m_marked.get(), &models::EventRows::rebuilt, this, &EventsPage::updateOverlay, Qt::QueuedConnection);
        rows = m_marked.get();
    }
    if (m_order) {
        m_sorted = std::make_unique<models::SortedEventRows>(*rows, *m_order);
        connect(m_sorted.get(), &models::SortedEventRows::progressed, this, [this] {
            updateOverlay();
            Q_EMIT verdictChanged();
        });
        m_table->setRows(m_sorted.get());
    } else {
        m_table->setRows(rows);
    }
    m_table->showOrder(m_order);
}

void EventsPage::setOrder(std::optional<core::RowOrder> order)
{
    if (order == m_order)
        return;
    m_order = order;
    // The end of an order is not where new events come.
    if (order)
        m_table->setFollowing(false);
    showRows();
    updateOverlay();
    Q_EMIT verdictChanged();
}

void EventsPage::updateOverlay()
{
    const std::uint64_t unsorted = m_sorted ? m_sorted->behind() : 0;
    if (m_table->rowCount() > 0 || (!m_sorted && m_filtered && m_filtered->count() > 0)) {
        m_overlay->showNothing();
    } else if (unsorted > 0) {
        m_overlay->showBusy(tr("Putting %1 events in order…").arg(models::formatCount(unsorted)),
            m_order->by == core::OrderBy::Field
                ? tr("%1 of them were looked into.").arg(models::formatCount(m_sorted->looked()))
                : QString(),
            tr("Stop"));
    } else if (m_onlyMarked && m_log.size() > 0 && (!m_filtered || m_filtered->receipt().complete)) {
        m_overlay->showEmpty(tr("No marked events"),
            m_log.marks().count() > 0
                ? tr("%1 events are marked, but the filter hides them.").arg(models::formatCount(m_log.marks().count()))
                : tr("M marks the event that is chosen, N notes something about it."),
            tr("Show all events"));
    } else if (showWhyNothingCame(*m_overlay, m_workspace)) {
        return;
    } else if (!m_filtered) {
        m_overlay->showEmpty(tr("No events yet"), tr("They appear here as soon as a source delivers them."));
    } else if (m_filtered->receipt().complete) {
        const auto receipt = m_filtered->receipt();
        m_overlay->showEmpty(tr("No event matches"),
            receipt.errors > 0 ? tr("All %1 events were looked at; %2 could not be decided about: %3")
                                     .arg(models::formatCount(receipt.scanned), models::formatCount(receipt.errors),
                                         QString::fromStdString(receipt.firstError))
                               : tr("All %1 events were looked at.").arg(models::formatCount(receipt.scanned)),
            tr("Show all events"));
    } else {
        m_overlay->showBusy(tr("Searching…"));
    }
}

QString EventsPage::verdict() const
{
    const std::uint64_t unsorted = m_sorted ? m_sorted->behind() : 0;
    const bool isReading = unsorted > 0 && m_order->by == core::OrderBy::Field;
    QString order = isReading ? tr("%1 read to put them in order").arg(models::formatCount(m_sorted->looked()))
        : unsorted > 0        ? tr("%1 not in order yet").arg(models::formatCount(unsorted))
                              : QString();
    if (!m_filtered) {
        return order;
    }
    const auto receipt = m_filtered->receipt();
    QString text = tr("%1 of %2 match").arg(models::formatCount(receipt.matched), models::formatCount(receipt.scanned));
    if (receipt.errors > 0) {
        text += tr(" · %1 undecided").arg(models::formatCount(receipt.errors));
    }
    return text
        + (receipt.outOfMemory     ? tr(" · stopped: out of memory")
                : receipt.complete ? tr(" · complete")
                                   : tr(" · searching…"))
        + (order.isEmpty() ? QString() : QStringLiteral(" · ") + order);
}

bool EventsPage::verdictIsComplete() const
{
    return m_filtered && m_filtered->receipt().complete && !m_filtered->receipt().outOfMemory;
}

void EventsPage::updateTimeFormat()
{
    const auto picture = m_counts.latest();
    const bool days = picture->first() && picture->last()
        && !(m_settings.timeFormat().sameDay(*picture->first(), *picture->last())
            && m_settings.timeFormat().sameDay(*picture->last(),
                std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now())));
    m_table->setTimeFormat(m_settings.timeFormat(), days);
    m_histogram->setTimeFormat(m_settings.timeFormat());
}

bool EventsPage::showRow(quint64 row)
{
    return m_table->showLogRow(row);
}

void EventsPage::load(const QSettings& settings)
{
    const auto looks = models::columnLooksFromJson(settings.value(kColumns).toByteArray());
    if (!looks.empty()) {
        m_table->setColumns(looks);
    }
    m_table->setColours(m_settings.colours());
}

void EventsPage::save(QSettings& settings) const
{
    settings.setValue(kColumns, models::columnLooksToJson(m_table->columns()));
}

} // namespace eventscope::ui
