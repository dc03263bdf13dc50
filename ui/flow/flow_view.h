// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "flow/flow_layout.h"

#include <QAbstractScrollArea>
#include <QPointF>
#include <memory>
#include <optional>
#include <vector>

namespace eventscope::models {
class FlowModel;
}

namespace eventscope::ui {

class Colours;

/// A flow on an axis of time: one lane a stream, a dot an event, arrows from causes to their effects.
/// ← and → go along the time, ↑ and ↓ to the next lane, Enter or a double click asks for the event;
/// Ctrl and the wheel, + and − stretch the time, 0 shows all of it.
class FlowView final : public QAbstractScrollArea {
    Q_OBJECT

public:
    /// Both must outlive this.
    FlowView(const core::EventLog& log, const models::FlowModel& model, QWidget* parent = nullptr);

    /// Takes the model's flow as it is now.
    void refresh();
    void setCurrent(std::optional<core::LogRow> row); ///< emits nothing
    std::optional<core::LogRow> current() const { return m_current; }
    /// Where an event is drawn in the viewport; nothing when it is not in the flow.
    std::optional<QPoint> placeOf(core::LogRow row) const;
    void setZoom(double zoom); ///< 1 shows the whole time

Q_SIGNALS:
    void currentChanged(quint64 row);
    void activated(quint64 row);

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    bool viewportEvent(QEvent* event) override;

private:
    static constexpr int kLabelWidth = 180, kAxisHeight = 24, kLaneHeight = FlowLayout::kLaneHeight;
    static constexpr int kInset = 18;       ///< before the first event
    static constexpr int kRightSpace = 130; ///< for the last event's name

    void arrange();
    void updateScrollBars();
    QPointF offset() const;
    std::optional<std::size_t> dotAt(const QPoint& point) const; ///< an index into the flow's nodes
    const core::Flow& flow() const { return m_layout.flow(); }
    std::optional<std::size_t> currentNode() const;
    QPointF place(std::size_t node) const; ///< in the whole picture
    void choose(std::size_t node);
    void stepInTime(int by);
    void stepToLane(int by);
    void ensureVisible(const QPointF& place);
    void paintLanes(QPainter& painter, const Colours& colours) const;
    void paintAxis(QPainter& painter, const Colours& colours) const;
    void paintArrow(QPainter& painter, const QPointF& from, const QPointF& to) const;
    void paintDot(QPainter& painter, std::size_t node, const Colours& colours) const;
    bool isOnChain(std::size_t node, const std::vector<std::size_t>& chain) const;
    std::vector<std::size_t> causesOf(std::optional<std::size_t> node) const;

    const core::EventLog& m_log;
    const models::FlowModel& m_model;
    FlowLayout m_layout;
    std::optional<core::LogRow> m_current;
    std::optional<std::size_t> m_hovered;
    double m_zoom = 1;
};

} // namespace eventscope::ui
