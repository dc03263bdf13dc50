// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <memory>

namespace eventscope::models {
struct ReplayStream;
}

namespace eventscope::ui {

/// A stream's events as ticks on a line, coloured by type, spaced evenly; the step shown is framed.
/// Thousands of events share pixels. Click or drag jumps; arrows, Home, End and the wheel step.
class StepSlider final : public QWidget {
    Q_OBJECT

public:
    explicit StepSlider(QWidget* parent = nullptr);

    void setStream(std::shared_ptr<const models::ReplayStream> stream);
    void setStep(std::size_t step); ///< 0: before the first event
    std::size_t step() const { return m_step; }

    QSize sizeHint() const override;

Q_SIGNALS:
    void stepChosen(std::size_t step);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    bool event(QEvent* event) override;

private:
    std::size_t count() const;
    double xOf(std::size_t step) const;
    std::size_t stepAt(double x) const;
    void choose(std::size_t step);

    std::shared_ptr<const models::ReplayStream> m_stream;
    std::size_t m_step = 0;
};

} // namespace eventscope::ui
