// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench.h"
#include "order_events.h"

#include "event_cells.h"
#include "event_rows.h"
#include "event_table/event_table.h"
#include "inspect/filter/filter_expression.h"
#include "inspect/log_worker.h"
#include "theme/fonts.h"
#include "theme/theme.h"
#include "view_event_rows.h"

#include <QAbstractTableModel>
#include <QApplication>
#include <QHeaderView>
#include <QImage>
#include <QScrollBar>
#include <QTableView>
#include <QThread>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

namespace eventscope::bench {

namespace {

using namespace eventscope::core;
using models::EventColumn;
using SteadyClock = std::chrono::steady_clock;

constexpr std::array kColumns{EventColumn::Time, EventColumn::Source, EventColumn::Stream, EventColumn::Version,
    EventColumn::Type, EventColumn::Correlation, EventColumn::Position, EventColumn::Data};
constexpr QSize kPage{1320, 1180};
constexpr std::size_t kSmallLog = 100'000;

QApplication& application()
{
    static int count = 1;
    static char name[] = "eventscope_bench";
    static char* arguments[] = {name, nullptr};
    // Never deleted: at exit Qt's own statics may be gone before it.
    static auto* const application = [] {
        auto* made = new QApplication(count, arguments);
        (new ui::Theme(made))->apply(ui::Theme::Look::Light); // as the window is
        return made;
    }();
    return *application;
}

double millisecondsSince(SteadyClock::time_point start)
{
    return std::chrono::duration<double, std::milli>(SteadyClock::now() - start).count();
}

EventLog& smallLog()
{
    static OrderCorpus corpus(kSmallLog);
    return corpus.log;
}

/// As many rows as one likes; they are those of a log again and again.
class EndlessRows final : public models::EventRows {
public:
    EndlessRows(const EventLog& log, std::uint64_t count) : m_log(log), m_size(log.size()), m_count(count) { }
    const EventLog& log() const override { return m_log; }
    std::uint64_t count() const override { return m_count; }
    LogRow rowAt(std::uint64_t index) const override { return index % m_size; }
    std::uint64_t firstNotBefore(LogRow row) const override { return row; }

private:
    const EventLog& m_log;
    const LogRow m_size;
    const std::uint64_t m_count;
};

/// The same cells for Qt's own table.
class CellsModel final : public QAbstractTableModel {
public:
    CellsModel(const EventLog& log, int rows) : m_cells(log), m_log(log), m_rows(rows) { }
    int rowCount(const QModelIndex& parent) const override { return parent.isValid() ? 0 : m_rows; }
    int columnCount(const QModelIndex&) const override { return static_cast<int>(kColumns.size()); }
    QVariant data(const QModelIndex& index, int role) const override
    {
        if (role != Qt::DisplayRole)
            return {};
        return m_cells.text(
            static_cast<LogRow>(index.row()) % m_log.size(), kColumns[static_cast<std::size_t>(index.column())]);
    }
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override
    {
        if (role != Qt::DisplayRole || orientation != Qt::Horizontal)
            return {};
        return models::titleOf(kColumns[static_cast<std::size_t>(section)]);
    }

private:
    const models::EventCells m_cells;
    const EventLog& m_log;
    const int m_rows;
};

std::unique_ptr<ui::EventTable> makeTable(models::EventRows* rows)
{
    auto table = std::make_unique<ui::EventTable>();
    table->setRows(rows);
    table->resize(kPage);
    for (int section = 0; section < models::kEventColumns; ++section) {
        const bool shown
            = std::find(kColumns.begin(), kColumns.end(), static_cast<EventColumn>(section)) != kColumns.end();
        table->header()->setSectionHidden(section, !shown);
    }
    table->show();
    table->setFollowing(false);
    QCoreApplication::processEvents();
    return table;
}

std::unique_ptr<QTableView> makeTableView(QAbstractItemModel& model, const ui::EventTable& like)
{
    auto view = std::make_unique<QTableView>();
    view->setFont(ui::fonts::data());
    view->setWordWrap(false);
    view->setShowGrid(false);
    view->setAlternatingRowColors(true);
    view->verticalHeader()->hide();
    view->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    view->verticalHeader()->setDefaultSectionSize(like.rowHeight());
    view->horizontalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    view->setModel(&model);
    for (std::size_t i = 0; i < kColumns.size(); ++i)
        view->setColumnWidth(static_cast<int>(i), like.header()->sectionSize(static_cast<int>(kColumns[i])));
    view->resize(kPage);
    view->show();
    QCoreApplication::processEvents();
    return view;
}

/// Paints pages of the table, each a little further down; `pages` of them.
Work paintPages(QAbstractScrollArea& area, int pages, int step)
{
    for (int i = 0; i < pages; ++i) {
        area.verticalScrollBar()->setValue((i % 50) * step);
        area.viewport()->repaint();
    }
    return {static_cast<double>(pages), 0};
}

double medianPaint(ui::EventTable& table, int pages)
{
    std::vector<double> times;
    for (int i = 0; i < pages; ++i) {
        const double share = static_cast<double>(i + 1) / (pages + 2);
        table.verticalScrollBar()->setValue(static_cast<int>(share * table.verticalScrollBar()->maximum()));
        const auto began = SteadyClock::now();
        table.viewport()->repaint();
        times.push_back(millisecondsSince(began));
    }
    std::sort(times.begin(), times.end());
    return times[times.size() / 2];
}

RowFilter filterOf(const std::string& text)
{
    RowFilter filter;
    if (const auto expression = FilterExpression::compile(text))
        filter.expression = *expression;
    return filter;
}

/// Delivers a million events a second, a few thousand at a time, until it is stopped.
class Flood {
public:
    explicit Flood(EventLog& log) : m_log(log), m_makers(kBatches)
    {
        for (std::size_t i = 0; i < kBatches; ++i)
            m_batches.push_back(m_makers[i].make(i * kBatch, kBatch));
        m_thread = std::jthread([this](const std::stop_token& stop) { run(stop); });
    }

private:
    static constexpr std::size_t kBatch = 2000;
    static constexpr std::size_t kBatches = 100;

    void run(const std::stop_token& stop)
    {
        const auto began = SteadyClock::now();
        for (std::uint64_t i = 0; !stop.stop_requested(); ++i) {
            m_log.append(m_batches[i % kBatches]);
            std::this_thread::sleep_until(began + std::chrono::microseconds((i + 1) * kBatch));
        }
    }

    EventLog& m_log;
    std::vector<OrderEvents> m_makers;
    std::vector<std::span<const SourceEvent>> m_batches;
    std::jthread m_thread;
};

struct Frames {
    double p99 = 0, longest = 0;
    std::size_t count = 0;
};

/// What the GUI thread does each frame, at sixty a second: events, a scroll, a page painted; four times
/// a second another filter.
Frames liveFrames(std::chrono::seconds length, EventLog& log)
{
    LogWorker worker(log);
    models::AllEventRows all(log);
    std::unique_ptr<models::ViewEventRows> filtered;
    const auto table = makeTable(&all);
    const std::vector<std::string> filters{"type = 'OrderShipped'", "'SKU-471'", "data.items[0].quantity > 7", ""};
    constexpr std::chrono::microseconds kFrame{16'667};
    std::vector<double> times;
    const auto end = SteadyClock::now() + length;
    auto due = SteadyClock::now();
    for (std::size_t frame = 0; SteadyClock::now() < end; ++frame) {
        const auto began = SteadyClock::now();
        all.refresh();
        if (frame % 15 == 0) {
            const std::string& filter = filters[frame / 15 % filters.size()];
            auto before = std::move(filtered);
            if (!filter.empty())
                filtered = std::make_unique<models::ViewEventRows>(log, worker, filterOf(filter));
            table->setRows(filtered ? static_cast<models::EventRows*>(filtered.get()) : &all);
        }
        QScrollBar* const bar = table->verticalScrollBar();
        bar->setValue(static_cast<int>(static_cast<double>(frame * 7919 % 1000) / 1000.0 * bar->maximum()));
        QCoreApplication::processEvents(); // and the page is painted, once, as the window does it
        times.push_back(millisecondsSince(began));
        due = std::max(due + kFrame, SteadyClock::now());
        while (SteadyClock::now() < due)
            QThread::usleep(200);
    }
    table->setRows(nullptr);
    std::sort(times.begin(), times.end());
    return {times[times.size() * 99 / 100], times.back(), times.size()};
}

} // namespace

} // namespace eventscope::bench

using namespace eventscope::bench;
using namespace eventscope;

EVENTSCOPE_BENCH(table_page)
{
    application();
    constexpr int kRows = 10'000'000;
    EndlessRows rows(smallLog(), kRows);
    const auto table = makeTable(&rows);
    CellsModel model(smallLog(), kRows);
    const auto view = makeTableView(model, *table);
    const int step = table->rowHeight();
    report.compare(
        {.what = fmt::format("page of events painted, {} rows x 8", table->visibleRowCount()),
            .unit = "pages",
            .baselineName = "QTableView, same cells and font",
            .target = 6},
        [&] { return paintPages(*table, 40, 37 * step); }, [&] { return paintPages(*view, 40, 37); });
}

EVENTSCOPE_BENCH(table_flat)
{
    application();
    double few = 0;
    for (const std::uint64_t count : {10'000ULL, 10'000'000ULL, 500'000'000ULL}) {
        EndlessRows rows(smallLog(), count);
        const auto table = makeTable(&rows);
        const double time = medianPaint(*table, 60);
        few = few == 0 ? time : few;
        report.figure({.what = fmt::format("page of {} rows, against one of 10 000", count),
            .unit = "times",
            .value = time / few,
            .boundName = "flat",
            .bound = 1.25,
            .note = fmt::format("{:.2f} ms", time)});
        table->setRows(nullptr);
    }
}

EVENTSCOPE_BENCH(table_first_hit)
{
    application();
    core::EventLog& log = OrderCorpus::shared().log;
    core::LogWorker worker(log);
    models::AllEventRows all(log);
    const auto table = makeTable(&all);
    std::vector<double> times;
    for (const char* text : {"'TRK-0048'", "'SKU-4711'", "type = 'OrderShipped'", "data.items[0].quantity = 9",
             "'TRK-9137'", "'customer-31415'", "data MATCHES 'SKU-47[0-9]1'"}) {
        const auto began = SteadyClock::now();
        models::ViewEventRows rows(log, worker, filterOf(text));
        table->setRows(&rows);
        while (table->rowCount() == 0 && millisecondsSince(began) < 2000)
            QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents, 1);
        table->viewport()->repaint();
        times.push_back(millisecondsSince(began));
        table->setRows(&all);
    }
    std::sort(times.begin(), times.end());
    report.figure({.what = "first hit on the screen",
        .unit = "ms",
        .value = times[times.size() / 2],
        .boundName = "a frame",
        .bound = 16.7,
        .note = fmt::format(
            "median of {} searches in {} events; the slowest {:.1f} ms", times.size(), log.size(), times.back())});
}

EVENTSCOPE_BENCH(table_live)
{
    application();
    const std::chrono::seconds length(isNamed() ? 60 : 6);
    core::EventLog log({.budgetBytes = std::size_t{3} << 30, .atLimit = core::LogAtLimit::DropOldest});
    Frames frames;
    std::uint64_t came = 0;
    {
        const Flood flood(log);
        frames = liveFrames(length, log);
        came = log.usage().events;
    }
    const std::string note = fmt::format("{} frames in {} s, {:.2f} M events/s came", frames.count, length.count(),
        static_cast<double>(came) / 1e6 / static_cast<double>(length.count()));
    report.figure({.what = "frame time, 99th percentile",
        .unit = "ms",
        .value = frames.p99,
        .boundName = "half a frame",
        .bound = 8.3,
        .note = note});
    report.figure({.what = "frame time, longest",
        .unit = "ms",
        .value = frames.longest,
        .boundName = "two frames",
        .bound = 33,
        .note = note});
}
