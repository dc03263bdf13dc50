// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench.h"
#include "order_events.h"

#include "inspect/log_view.h"

#include <QAbstractTableModel>
#include <QSortFilterProxyModel>

#include <algorithm>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <time.h>
#include <utility>
#include <vector>

namespace eventscope::bench {

namespace {

using namespace eventscope::core;

/// What a table model does about a type's filter: a number compared for each row.
class TypesModel final : public QAbstractTableModel {
public:
    explicit TypesModel(std::vector<TextId> all) : types(std::move(all)) { }
    int rowCount(const QModelIndex& parent) const override
    {
        return parent.isValid() ? 0 : static_cast<int>(types.size());
    }
    int columnCount(const QModelIndex&) const override { return 1; }
    QVariant data(const QModelIndex&, int) const override { return {}; }

    const std::vector<TextId> types;
};

class TypeProxy final : public QSortFilterProxyModel {
public:
    explicit TypeProxy(const TypesModel& model) : m_model(model) { }
    /// Anew, from no mapping at all: what a proxy is quickest at. Changing the filter of one in place moves
    /// both of its maps for every run of rows that comes or goes, which takes minutes for a million rows.
    void want(TextId type)
    {
        m_wanted = type;
        invalidate();
    }

protected:
    bool filterAcceptsRow(int row, const QModelIndex&) const override
    {
        return m_model.types[static_cast<std::size_t>(row)] == m_wanted;
    }

private:
    const TypesModel& m_model;
    TextId m_wanted = 0;
};

/// Of the processor, by the calling thread: whoever else is at work on the machine does not count.
double threadSeconds()
{
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

/// Until the view has looked at every row; the calling thread only asks for it.
Work filterByView(EventLog& log, LogWorker& worker, const std::string& type, double& askedFor)
{
    std::mutex mutex;
    std::condition_variable changed;
    const double began = threadSeconds();
    auto view = std::make_shared<LogView>(log, RowFilter{.type = type});
    const auto bell = view->onChanged([&] {
        const std::scoped_lock lock(mutex);
        changed.notify_one();
    });
    worker.add(view);
    askedFor = std::max(askedFor, threadSeconds() - began);
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return view->receipt().complete; });
    return {static_cast<double>(log.size()), view->count()};
}

} // namespace

} // namespace eventscope::bench

using namespace eventscope::bench;
using namespace eventscope::core;

EVENTSCOPE_BENCH(filter_column)
{
    EventLog& log = OrderCorpus::shared().log;
    LogWorker worker(log);
    std::vector<TextId> types;
    for (LogRow row = 0; row < log.size(); ++row)
        types.push_back(log.typeAt(row));
    TypesModel model(std::move(types));
    TypeProxy proxy(model);
    proxy.setSourceModel(&model);
    TextId wanted = 0;
    if (!log.findText("OrderShipped", wanted)) {
        report.failed("filter on an interned column", "the log has no such type");
        return;
    }
    double asked = 0;
    report.compare(
        {.what = "filter on an interned column", .baselineName = "QSortFilterProxyModel", .target = 12},
        [&] { return filterByView(log, worker, "OrderShipped", asked); },
        [&] {
            proxy.want(wanted);
            return Work{static_cast<double>(log.size()), static_cast<std::uint64_t>(proxy.rowCount())};
        });
    report.figure({.what = "of that on the asking thread, at most",
        .unit = "ms",
        .value = asked * 1000,
        .boundName = "a twentieth of a frame",
        .bound = 0.8});
}
