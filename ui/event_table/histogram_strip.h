// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event_format.h"
#include "inspect/time_histogram.h"

#include <QWidget>
#include <memory>
#include <optional>
#include <vector>

namespace eventscope::ui {

/// Events over time as bars, failures on top in their colour. Dragging selects a range of time; a
/// click, Esc or a double click lets it go. The wheel zooms around the mouse, a double click on the
/// labels shows all again. // GUI thread
class HistogramStrip final : public QWidget {
    Q_OBJECT

public:
    struct TimeRange {
        core::Timestamp from, to; ///< `to` not included
        bool operator==(const TimeRange&) const = default;
    };

    explicit HistogramStrip(QWidget* parent = nullptr);

    void setHistogram(std::shared_ptr<const core::TimeHistogram> histogram);
    void setTimeFormat(const models::TimeFormat& format);

    const std::optional<TimeRange>& selectedRange() const { return m_selected; }
    void setSelectedRange(std::optional<TimeRange> range);

    QSize sizeHint() const override;

Q_SIGNALS:
    /// After a drag; not while it goes on.
    void rangeSelected();
    void rangeCleared();

protected:
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    QRect barArea() const;
    void layOut();
    core::Timestamp timeAt(int x) const;
    int xOf(core::Timestamp time) const;
    QString rangeText(const TimeRange& range) const;
    void clearSelection();

    std::shared_ptr<const core::TimeHistogram> m_histogram;
    models::TimeFormat m_time;
    std::optional<TimeRange> m_zoom; ///< unset: all there is
    std::optional<TimeRange> m_selected;
    std::optional<int> m_pressX;

    // What is shown now.
    core::Timestamp m_start{};
    std::chrono::seconds m_barWidth{1};
    std::vector<core::TimeHistogram::Bar> m_bars;
};

} // namespace eventscope::ui
