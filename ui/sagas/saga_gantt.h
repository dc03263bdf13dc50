// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "saga_timeline.h"

#include <QWidget>
#include <optional>

namespace eventscope::ui {

class Colours;

/// The selected saga over time: a row a step, then a row a compensation, a bar an attempt. ↑ and ↓
/// choose a row, ← and → a bar in it, Enter or a double click asks for the event that began it.
class SagaGantt final : public QWidget {
    Q_OBJECT

public:
    explicit SagaGantt(QWidget* parent = nullptr);

    void setTimeline(models::SagaTimeline timeline);
    const models::SagaTimeline& timeline() const { return m_timeline; }
    /// Where a bar is drawn, for tool tips and tests; invalid when there is none.
    QRect barRect(std::size_t line, std::size_t bar) const;
    /// The chosen row in words.
    QString currentDescription() const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

Q_SIGNALS:
    void barActivated(qint64 startVersion);

protected:
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    struct Place {
        std::size_t line = 0, bar = 0;
    };
    QRect trackRect(std::size_t line) const;
    int xOf(core::Timestamp time) const;
    std::optional<Place> placeAt(const QPoint& point) const;
    void choose(std::size_t line, std::size_t bar);
    void paintLine(QPainter& painter, std::size_t line, const Colours& colours) const;
    void paintBar(QPainter& painter, std::size_t line, std::size_t bar, const Colours& colours) const;

    models::SagaTimeline m_timeline;
    Place m_current;
};

} // namespace eventscope::ui
