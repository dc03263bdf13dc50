// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "replay/step_slider.h"

#include "plain_text.h"
#include "replay_session.h"
#include "theme/colours.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QPainter>
#include <QToolTip>
#include <algorithm>
#include <cmath>

namespace eventscope::ui {

namespace {
constexpr int kMargin = 12;
constexpr double kTickWidth = 4, kTickHeight = 16;
constexpr double kFrame = 4;
} // namespace

StepSlider::StepSlider(QWidget* parent) : QWidget(parent)
{
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(tr("Step of the replay"));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void StepSlider::setStream(std::shared_ptr<const models::ReplayStream> stream)
{
    m_stream = std::move(stream);
    m_step = std::min(m_step, count());
    update();
}

void StepSlider::setStep(std::size_t step)
{
    m_step = std::min(step, count());
    update();
}

QSize StepSlider::sizeHint() const
{
    return {240, 36};
}

std::size_t StepSlider::count() const
{
    return m_stream ? m_stream->events.size() : 0;
}

double StepSlider::xOf(std::size_t step) const
{
    const double room = width() - 2.0 * kMargin;
    return kMargin + (count() == 0 ? 0 : room * static_cast<double>(step) / static_cast<double>(count()));
}

std::size_t StepSlider::stepAt(double x) const
{
    const double room = std::max(1.0, width() - 2.0 * kMargin);
    const double share = std::clamp((x - kMargin) / room, 0.0, 1.0);
    return static_cast<std::size_t>(std::lround(share * static_cast<double>(count())));
}

void StepSlider::choose(std::size_t step)
{
    if (step != m_step && count() > 0) {
        Q_EMIT stepChosen(std::min(step, count()));
    }
}

void StepSlider::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const Colours colours(palette());
    const double middle = height() / 2.0;
    painter.setPen(QPen(colours.line, 1));
    painter.drawLine(QPointF(kMargin, middle), QPointF(width() - kMargin, middle));
    painter.setPen(Qt::NoPen);
    double lastX = -1;
    for (std::size_t step = 1; step <= count(); ++step) {
        const double x = xOf(step);
        if (x - lastX < 1) {
            continue; // shares its pixel with the one before
        }
        lastX = x;
        const models::ReplayEvent& event = m_stream->events[step - 1];
        const QColor colour = event.skipped ? colours.faint
            : event.refused                 ? colours.negative
                                            : colours.stable(event.type.toStdString());
        painter.setBrush(colour);
        painter.drawRoundedRect(
            QRectF(x - kTickWidth / 2, middle - kTickHeight / 2, kTickWidth, kTickHeight), 1.5, 1.5);
    }
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(hasFocus() ? colours.accent : colours.muted, 2));
    const QRectF frame(xOf(m_step) - kTickWidth / 2 - kFrame, middle - kTickHeight / 2 - kFrame,
        kTickWidth + 2 * kFrame, kTickHeight + 2 * kFrame);
    painter.drawRoundedRect(frame, 4, 4);
}

void StepSlider::mousePressEvent(QMouseEvent* event)
{
    if (event->button() == Qt::LeftButton) {
        choose(stepAt(event->position().x()));
    }
}

void StepSlider::mouseMoveEvent(QMouseEvent* event)
{
    if (event->buttons().testFlag(Qt::LeftButton)) {
        choose(stepAt(event->position().x()));
    }
}

void StepSlider::wheelEvent(QWheelEvent* event)
{
    const int delta = event->angleDelta().y();
    if (delta < 0) {
        choose(m_step + 1);
    } else if (delta > 0 && m_step > 0) {
        choose(m_step - 1);
    }
    event->accept();
}

void StepSlider::keyPressEvent(QKeyEvent* event)
{
    switch (event->key()) {
    case Qt::Key_Left: return choose(m_step > 0 ? m_step - 1 : 0);
    case Qt::Key_Right: return choose(m_step + 1);
    case Qt::Key_Home: return choose(0);
    case Qt::Key_End: return choose(count());
    default: QWidget::keyPressEvent(event);
    }
}

bool StepSlider::event(QEvent* event)
{
    if (event->type() == QEvent::ToolTip && count() > 0) {
        auto* help = static_cast<QHelpEvent*>(event);
        const std::size_t step = stepAt(help->pos().x());
        const QString text = step == 0
            ? tr("before the first event")
            : QStringLiteral("v%1 %2").arg(m_stream->events[step - 1].version).arg(m_stream->events[step - 1].type);
        QToolTip::showText(help->globalPos(), models::plainToolTip(text), this);
        return true;
    }
    return QWidget::event(event);
}

} // namespace eventscope::ui
