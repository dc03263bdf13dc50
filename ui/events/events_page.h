// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event_histogram.h"
#include "event_rows.h"
#include "filter_checker.h"
#include "filter_text.h"
#include "inspect/log_worker.h"
#include "inspect/row_filter.h"
#include "page.h"
#include "sorted_event_rows.h"
#include "view_event_rows.h"

#include <memory>
#include <optional>

class QSettings;

namespace eventscope::core {
class Workspace;
}

namespace eventscope::ui {

class EventTable;
class HistogramStrip;
class StateOverlay;
class ViewSettings;

/// All events, or those that a filter, a chosen stream and a range of time let through: the table and
/// under it their number over time. // GUI thread
class EventsPage final : public Page {
    Q_OBJECT

public:
    /// All must outlive the page.
    EventsPage(core::Workspace& workspace, core::LogWorker& worker, ViewSettings& settings, QWidget* parent = nullptr);
    ~EventsPage() override;

    QString title() const override { return tr("Events"); }
    QLatin1String iconName() const override { return QLatin1String("eventscope-event"); }
    QString screenshotName() const override { return QStringLiteral("events"); }
    void focusStart() override;
    void showExample() override;
    bool choosesEvents() const override { return true; }

    EventTable* table() const { return m_table; }
    HistogramStrip* histogram() const { return m_histogram; }

    /// Only what this expression lets through; nothing: no expression.
    void setExpression(std::optional<core::FilterExpression> expression);
    /// Only events of this source and stream; empty: of any.
    void setScope(const QString& source, const QString& stream);
    /// Only this category's streams of the source.
    void setCategoryScope(const QString& source, const QString& category);
    void setTimeRange(std::optional<core::Timestamp> from, std::optional<core::Timestamp> to);
    bool isFiltered() const { return m_filtered != nullptr; }
    /// In the order of a column; nothing: in that of the log.
    void setOrder(std::optional<core::RowOrder> order);

    /// "16 of 1 204 331 match · complete", or an empty text when nothing is filtered.
    QString verdict() const;
    bool verdictIsComplete() const;

    void load(const QSettings& settings);
    void save(QSettings& settings) const;

public Q_SLOTS:
    bool showRow(quint64 row);
    /// To be called when a connection may stand otherwise than before.
    void updateOverlay();

Q_SIGNALS:
    void currentRowChanged(bool hasCurrent, quint64 row);
    void activated(quint64 row);
    void filterTermWanted(const QString& term, eventscope::models::FilterJoin join);
    void timeRangeChosen(core::Timestamp from, core::Timestamp to);
    void timeRangeCleared();
    void verdictChanged();
    void clearFiltersWanted();

private:
    void connectTable();
    void rebuildRows();
    void showRows();
    void updateTimeFormat();

    core::Workspace& m_workspace;
    core::EventLog& m_log;
    core::LogWorker& m_worker;
    ViewSettings& m_settings;
    models::AllEventRows m_all;
    std::unique_ptr<models::ViewEventRows> m_filtered;
    std::optional<core::RowOrder> m_order;
    std::unique_ptr<models::SortedEventRows> m_sorted; ///< of what the filter lets through
    core::RowFilter m_filter;
    std::optional<core::FilterExpression> m_expression;
    QString m_category;
    models::FrameBell m_bell;
    models::EventHistogram m_counts;
    EventTable* m_table;
    HistogramStrip* m_histogram;
    StateOverlay* m_overlay;
};

} // namespace eventscope::ui
