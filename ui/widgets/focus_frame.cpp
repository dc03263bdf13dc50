// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/focus_frame.h"

#include "theme/colours.h"

#include <QAbstractScrollArea>
#include <QApplication>
#include <QEvent>
#include <QPainter>

namespace eventscope::ui {

namespace {

constexpr int kWidth = 2;

/// Nothing but its edge, so that what is inside is painted without it.
class Line final : public QWidget {
public:
    explicit Line(QWidget* parent) : QWidget(parent) { setAttribute(Qt::WA_TransparentForMouseEvents); }

    void surround(const QRect& area)
    {
        setGeometry(area);
        setMask(QRegion(rect()).subtracted(rect().adjusted(kWidth, kWidth, -kWidth, -kWidth)));
        raise();
        show();
    }

protected:
    void paintEvent(QPaintEvent*) override { QPainter(this).fillRect(rect(), Colours(palette()).accent); }
};

bool isFramed(const QWidget* widget)
{
    return qobject_cast<const QAbstractScrollArea*>(widget) || widget->property(FocusFrame::kFramed).toBool();
}

} // namespace

FocusFrame::FocusFrame(QObject* parent) : QObject(parent)
{
    connect(qApp, &QApplication::focusChanged, this, [this](QWidget*, QWidget* now) { follow(now); });
}

void FocusFrame::follow(QWidget* focused)
{
    if (m_around) {
        m_around->removeEventFilter(this);
    }
    delete m_line.data();
    // Whoever clicked knows where.
    const bool byKeyboard = focused && focused->window()->testAttribute(Qt::WA_KeyboardFocusChange)
        && QApplication::mouseButtons() == Qt::NoButton;
    m_around = byKeyboard && isFramed(focused) ? focused : nullptr;
    if (m_around) {
        m_around->installEventFilter(this);
        auto* line = new Line(m_around);
        line->surround(m_around->rect());
        m_line = line;
    }
}

bool FocusFrame::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::Resize && watched == m_around && m_line) {
        static_cast<Line*>(m_line.data())->surround(m_around->rect());
    }
    return QObject::eventFilter(watched, event);
}

} // namespace eventscope::ui
