// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "chart_lines.h"
#include "page.h"
#include "partition_places_model.h"

#include <QTimer>
#include <chrono>
#include <optional>

class QComboBox;
class QTableView;
class QToolButton;

namespace eventscope::core {
class Workspace;
}

namespace eventscope::ui {

class StateOverlay;
class TimeChart;

/// Live charts over one shared time: events a second by type, source or stream; how sagas ended;
/// what waits (dead letters, lag, outbox); how long events took to be seen; and, of sources that have
/// them, what each partition holds and how far its consumer groups are behind. Drawn from counters that
/// are kept while they come in. Pausing holds the view, not the counting.
class ThroughputPage final : public Page {
    Q_OBJECT

public:
    explicit ThroughputPage(core::Workspace& workspace, QWidget* parent = nullptr);

    QString title() const override { return tr("Throughput"); }
    QLatin1String iconName() const override { return QLatin1String("eventscope-throughput"); }
    QString screenshotName() const override { return QStringLiteral("throughput"); }
    void focusStart() override;
    void setUtc(bool utc) override;

    bool isPaused() const;
    void setPaused(bool paused);
    /// Draws what is known now. The timer calls it while the page is visible.
    void refresh();

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    QWidget* makeBar();
    QWidget* makePlaces();
    void connectChart(TimeChart* chart);
    models::ChartRange shownRange() const;
    void chooseRange(models::ChartRange range);
    void goLive();
    void showPlaces();

    core::Workspace& m_workspace;
    QComboBox* m_dimension;
    QComboBox* m_span;
    QToolButton* m_pause;
    QToolButton* m_brush;
    QToolButton* m_live;
    TimeChart* m_rates;
    TimeChart* m_outcomes;
    TimeChart* m_waiting;
    TimeChart* m_delays;
    models::PartitionPlacesModel m_placesModel;
    QWidget* m_places; ///< the table with its heading; hidden where no source has partitions
    StateOverlay* m_overlay;
    QTimer m_timer;
    std::optional<models::ChartRange> m_chosen; ///< zoomed or panned; nothing while live
};

} // namespace eventscope::ui
