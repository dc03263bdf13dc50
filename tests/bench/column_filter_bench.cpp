// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench.h"
#include "order_events.h"

#include "inspect/log_view.h"

#include <QAbstractTableModel>
#include <QSortFilterProxyModel>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace eventscope::bench {

namespace {

using namespace eventscope::core;
using SteadyClock = std::chrono::steady_clock;

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
    void want(TextId type)
    {
        m_wanted = type;
        invalidateFilter();
    }

protected:
    bool filterAcceptsRow(int row, const QModelIndex&) const override
    {
        return m_wanted == 0 || m_model.types[static_cast<std::size_t>(row)] == m_wanted;
    }

private:
    const TypesModel& m_model;
    TextId m_wanted = 0;
};

/// Until the view has looked at every row; the calling thread only asks for it.
Work filterByView(EventLog& log, LogWorker& worker, const std::string& type, double& askedFor)
{
    std::mutex mutex;
    std::condition_variable changed;
    const auto began = SteadyClock::now();
    auto view = std::make_shared<LogView>(log, RowFilter{.type = type});
    const auto bell = view->onChanged([&] {
        const std::scoped_lock lock(mutex);
        changed.notify_one();
    });
    worker.add(view);
    askedFor = std::max(askedFor, std::chrono::duration<double>(SteadyClock::now() - began).count());
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
            const auto began = SteadyClock::now();
            proxy.want(wanted);
            const double seconds = std::chrono::duration<double>(SteadyClock::now() - began).count();
            const Work work{static_cast<double>(log.size()), static_cast<std::uint64_t>(proxy.rowCount()), seconds};
            proxy.want(0);
            return work;
        });
    report.figure({.what = "of that on the asking thread, at most",
        .unit = "ms",
        .value = asked * 1000,
        .boundName = "a twentieth of a frame",
        .bound = 0.8});
}
