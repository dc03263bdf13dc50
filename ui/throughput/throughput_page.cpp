// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "throughput/throughput_page.h"

#include "inspect/connection.h"
#include "inspect/workspace.h"
#include "shell/state_overlay.h"
#include "shell/waiting_state.h"
#include "theme/icons.h"
#include "throughput/time_chart.h"
#include "widgets/labels.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLabel>
#include <QTableView>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace eventscope::ui {

using namespace std::chrono_literals;

namespace {

constexpr auto kRefresh = 250ms;
constexpr std::size_t kPoints = 360; // finer than this, single events look like storms
constexpr int kRateHeight = 2, kOtherHeight = 1;
constexpr int kPlacesShown = 5, kRowRoom = 6, kNameWidth = 170;

struct Span {
    const char* name;
    std::chrono::microseconds length;
};
constexpr std::array<Span, 6> kSpans{{{QT_TRANSLATE_NOOP("eventscope::ui::ThroughputPage", "1 minute"), 1min},
    {QT_TRANSLATE_NOOP("eventscope::ui::ThroughputPage", "5 minutes"), 5min},
    {QT_TRANSLATE_NOOP("eventscope::ui::ThroughputPage", "15 minutes"), 15min},
    {QT_TRANSLATE_NOOP("eventscope::ui::ThroughputPage", "1 hour"), 1h},
    {QT_TRANSLATE_NOOP("eventscope::ui::ThroughputPage", "1 day"), 24h},
    {QT_TRANSLATE_NOOP("eventscope::ui::ThroughputPage", "1 week"), 7 * 24h}}};

QToolButton* checkable(const QString& text, QLatin1String iconName, QWidget* parent)
{
    auto* button = new QToolButton(parent);
    button->setText(text);
    button->setIcon(icon(iconName));
    button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    button->setCheckable(true);
    return button;
}

} // namespace

ThroughputPage::ThroughputPage(core::Workspace& workspace, QWidget* parent)
    : Page(parent)
    , m_workspace(workspace)
    , m_dimension(new QComboBox(this))
    , m_span(new QComboBox(this))
    , m_pause(checkable(tr("Pause"), QLatin1String("media-playback-pause"), this))
    , m_brush(checkable(tr("Select a time"), QLatin1String("edit-find"), this))
    , m_live(checkable(tr("Live"), QLatin1String("media-skip-forward"), this))
    , m_rates(new TimeChart(tr("EVENTS"), tr("a second"), TimeChart::Style::Lines, this))
    , m_outcomes(new TimeChart(tr("SAGAS ENDED"), tr("a second"), TimeChart::Style::Lines, this))
    , m_waiting(new TimeChart(tr("WAITING"), tr("now"), TimeChart::Style::Steps, this))
    , m_delays(new TimeChart(tr("FROM EVENT TO SEEN"), tr("milliseconds"), TimeChart::Style::Lines, this))
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 6);
    layout->setSpacing(0);
    layout->addWidget(makeBar());
    auto* charts = new QWidget(this);
    auto* chartsLayout = new QVBoxLayout(charts);
    chartsLayout->setContentsMargins(0, 0, 0, 0);
    chartsLayout->setSpacing(0);
    chartsLayout->addWidget(m_rates, kRateHeight);
    for (TimeChart* chart : {m_outcomes, m_waiting, m_delays})
        chartsLayout->addWidget(chart, kOtherHeight);
    layout->addWidget(charts, 1);
    m_places = makePlaces();
    layout->addWidget(m_places);
    m_overlay = new StateOverlay(charts);
    for (TimeChart* chart : {m_rates, m_outcomes, m_waiting, m_delays})
        connectChart(chart);
    connect(m_overlay, &StateOverlay::actionTriggered, this, [this] { retrySources(m_workspace); });
    m_outcomes->setRoles([](const QString& outcome) {
        return outcome == QLatin1String("completed")  ? Role::Positive
            : outcome == QLatin1String("compensated") ? Role::Warning
                                                      : Role::Negative;
    });
    m_waiting->setRoles([](const QString& what) {
        return what.endsWith(QLatin1String("dead letters")) ? std::optional(Role::Negative) : std::nullopt;
    });
    m_outcomes->setEmptyText(tr("No saga has ended in this time"));
    m_waiting->setEmptyText(tr("No source reports what waits"));
    m_timer.setInterval(kRefresh);
    connect(&m_timer, &QTimer::timeout, this, [this] {
        if (!isPaused())
            refresh();
    });
}

QWidget* ThroughputPage::makePlaces()
{
    auto* part = new QWidget(this);
    auto* table = new QTableView(part);
    table->setModel(&m_placesModel);
    table->setObjectName(QStringLiteral("partitions"));
    table->setAccessibleName(tr("Partitions and consumer groups"));
    table->setSelectionBehavior(QAbstractItemView::SelectRows);
    table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    table->setFrameShape(QFrame::NoFrame);
    table->setShowGrid(false);
    table->setAlternatingRowColors(true);
    table->setWordWrap(false);
    table->setTabKeyNavigation(false);
    table->verticalHeader()->hide();
    table->verticalHeader()->setMinimumSectionSize(18);
    table->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    const int rowHeight = table->fontMetrics().height() + kRowRoom;
    table->verticalHeader()->setDefaultSectionSize(rowHeight);
    table->horizontalHeader()->setHighlightSections(false);
    table->horizontalHeader()->setStretchLastSection(true);
    for (const int column : {models::PartitionPlacesModel::ConnectionColumn, models::PartitionPlacesModel::GroupColumn,
             models::PartitionPlacesModel::TopicColumn})
        table->setColumnWidth(column, kNameWidth);
    table->setFixedHeight(rowHeight * (kPlacesShown + 1) + kRowRoom);
    auto* layout = new QVBoxLayout(part);
    layout->setContentsMargins(12, 6, 12, 0);
    layout->setSpacing(4);
    layout->addWidget(sectionLabel(tr("PARTITIONS AND CONSUMER GROUPS"), part));
    layout->addWidget(table);
    part->hide();
    return part;
}

/// What the sources said of their partitions, those furthest behind first.
void ThroughputPage::showPlaces()
{
    std::vector<models::PartitionPlacesModel::Of> places;
    for (const auto& connection : m_workspace.connections()) {
        if (const auto probe = connection->probe(); probe && probe->partitions && !probe->partitions->empty())
            places.push_back({QString::fromStdString(connection->name()), probe->partitions});
    }
    m_places->setVisible(!places.empty());
    m_placesModel.setPlaces(std::move(places));
}

QWidget* ThroughputPage::makeBar()
{
    auto* bar = new QWidget(this);
    auto* layout = new QHBoxLayout(bar);
    layout->setContentsMargins(12, 8, 12, 4);
    m_dimension->addItem(tr("by type"), QVariant::fromValue(static_cast<int>(core::Dimension::Type)));
    m_dimension->addItem(tr("by source"), QVariant::fromValue(static_cast<int>(core::Dimension::Source)));
    m_dimension->addItem(tr("by stream"), QVariant::fromValue(static_cast<int>(core::Dimension::Stream)));
    m_dimension->setAccessibleName(tr("What events are counted by"));
    for (const Span& span : kSpans)
        m_span->addItem(tr(span.name));
    m_span->setAccessibleName(tr("How much time is shown"));
    m_brush->setToolTip(
        tr("Drag over a chart to see only the events of that time. Shift and drag does it at any time, and in a "
           "chart Return takes all the time that it shows."));
    m_live->setChecked(true);
    for (QWidget* part : std::initializer_list<QWidget*>{m_dimension, m_span, m_pause, m_brush, m_live})
        layout->addWidget(part);
    layout->addStretch();
    connect(m_dimension, &QComboBox::currentIndexChanged, this, &ThroughputPage::refresh);
    connect(m_span, &QComboBox::currentIndexChanged, this, &ThroughputPage::goLive);
    connect(m_pause, &QToolButton::toggled, this, &ThroughputPage::setPaused);
    connect(m_live, &QToolButton::clicked, this, &ThroughputPage::goLive);
    connect(m_brush, &QToolButton::toggled, this, [this](bool on) {
        for (TimeChart* chart : {m_rates, m_outcomes, m_waiting, m_delays})
            chart->setBrushMode(on);
    });
    return bar;
}

void ThroughputPage::connectChart(TimeChart* chart)
{
    connect(chart, &TimeChart::rangeChosen, this, &ThroughputPage::chooseRange);
    connect(chart, &TimeChart::liveWanted, this, &ThroughputPage::goLive);
    connect(chart, &TimeChart::rangeBrushed, this,
        [this](models::ChartRange range) { Q_EMIT timeRangeWanted(range.from, range.to); });
    connect(chart, &TimeChart::timeClicked, this,
        [this](core::Timestamp time) { Q_EMIT timeRangeWanted(time - 500ms, time + 500ms); });
}

models::ChartRange ThroughputPage::shownRange() const
{
    if (m_chosen)
        return *m_chosen;
    const auto span = kSpans[static_cast<std::size_t>(std::max(0, m_span->currentIndex()))].length;
    return models::liveRange(m_workspace.throughput(), m_workspace.clock().now(), span);
}

void ThroughputPage::chooseRange(models::ChartRange range)
{
    m_chosen = range;
    m_live->setChecked(false);
    refresh();
}

void ThroughputPage::goLive()
{
    m_chosen.reset();
    m_live->setChecked(true);
    refresh();
}

void ThroughputPage::refresh()
{
    const models::ChartRange range = shownRange();
    const core::Timestamp now = m_workspace.clock().now();
    const core::ThroughputSeries& series = m_workspace.throughput();
    for (TimeChart* chart : {m_rates, m_outcomes, m_waiting, m_delays})
        chart->setRange(range);
    const auto dimension = static_cast<core::Dimension>(m_dimension->currentData().toInt());
    m_rates->setLines(models::rateLines(series, dimension, range, kPoints, now));
    m_outcomes->setLines(models::rateLines(series, core::Dimension::SagaOutcome, range, kPoints / 4, now));
    m_waiting->setLines(models::gaugeLines(m_workspace.gauges(), range));
    m_delays->setLines(models::delayLines(series, range));
    showPlaces();
    if (showWhyNothingCame(*m_overlay, m_workspace))
        return;
    if (series.total() == 0)
        m_overlay->showEmpty(
            tr("Nothing to count yet"), tr("As soon as a source delivers events, they are counted here."));
    else
        m_overlay->showNothing();
}

bool ThroughputPage::isPaused() const
{
    return m_pause->isChecked();
}

void ThroughputPage::setPaused(bool paused)
{
    m_pause->setChecked(paused);
    m_pause->setText(paused ? tr("Resume") : tr("Pause"));
    m_pause->setIcon(icon(QLatin1String(paused ? "media-playback-start" : "media-playback-pause")));
    if (!paused)
        refresh();
}

void ThroughputPage::focusStart()
{
    m_rates->setFocus();
}

void ThroughputPage::setUtc(bool utc)
{
    for (TimeChart* chart : {m_rates, m_outcomes, m_waiting, m_delays})
        chart->setZone(utc);
}

void ThroughputPage::showEvent(QShowEvent* event)
{
    Page::showEvent(event);
    if (!isPaused())
        refresh();
    m_timer.start();
}

void ThroughputPage::hideEvent(QHideEvent* event)
{
    m_timer.stop();
    Page::hideEvent(event);
}

void ThroughputPage::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Space)
        setPaused(!isPaused());
    else
        Page::keyPressEvent(event);
}

} // namespace eventscope::ui
