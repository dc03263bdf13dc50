// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event_histogram.h"
#include "event_rows.h"
#include "filter_checker.h"
#include "filter_text.h"
#include "inspect/log_worker.h"
#include "inspect/row_filter.h"
#include "marked_event_rows.h"
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

    /// Only rows that somebody marked, of those that the filters let through.
    void setOnlyMarked(bool on);
    bool isOnlyMarked() const { return m_onlyMarked; }
    /// What the table shows, for an export; null: all that the log has, in its order.
    models::EventRows::Lister shownRows() const;
    /// The rows chosen in the table, at most so many.
    std::vector<std::uint32_t> chosenRows(std::uint64_t limit) const;
    /// "type = 'A' AND …": all that narrows what is shown, as an expression; empty: nothing does.
    QString filterText() const;

    /// "16 of 1 204 331 match · complete", or an empty text when nothing is filtered.
    QString verdict() const;
    bool verdictIsComplete() const;

    void load(const QSettings& settings);
    void save(QSettings& settings) const;

public Q_SLOTS:
    bool showRow(quint64 row);
    /// To be called when a connection may stand otherwise than before.
    void updateOverlay();
    void toggleMarks();
    void editNote(quint64 row);
    void goToMark(int step);
    void askForColumn();

Q_SIGNALS:
    void currentRowChanged(bool hasCurrent, quint64 row);
    void activated(quint64 row);
    void filterTermWanted(const QString& term, eventscope::models::FilterJoin join);
    void timeRangeChosen(core::Timestamp from, core::Timestamp to);
    void timeRangeCleared();
    void verdictChanged();
    void clearFiltersWanted();
    void onlyMarkedChanged(bool on);
    void colourWanted(const QString& term);

private:
    void connectTable();
    void connectMarks();
    QString urlOf(const QString& source) const;
    QString scopeText() const;
    void rebuildRows();
    void showRows();
    void updateTimeFormat();

    core::Workspace& m_workspace;
    core::EventLog& m_log;
    core::LogWorker& m_worker;
    ViewSettings& m_settings;
    models::AllEventRows m_all;
    std::unique_ptr<models::ViewEventRows> m_filtered;
    bool m_onlyMarked = false;
    bool m_notesShown = false;                         ///< the column of notes was shown because there were some
    std::unique_ptr<models::MarkedEventRows> m_marked; ///< of what the filter lets through
    std::optional<core::RowOrder> m_order;
    std::unique_ptr<models::SortedEventRows> m_sorted; ///< of what the filter lets through
    core::RowFilter m_filter;
    std::optional<core::FilterExpression> m_expression;
    QString m_category;
    models::FrameBell m_bell, m_marksBell;
    models::EventHistogram m_counts;
    EventTable* m_table;
    HistogramStrip* m_histogram;
    StateOverlay* m_overlay;
};

} // namespace eventscope::ui
