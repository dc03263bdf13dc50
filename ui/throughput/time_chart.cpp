// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "throughput/time_chart.h"

#include "theme/colours.h"
#include "theme/fonts.h"
#include "throughput/qcustomplot_header.h"
#include "widgets/focus_frame.h"
#include "widgets/labels.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QMouseEvent>
#include <QPainter>
#include <QPixmap>
#include <QStyleOptionToolButton>
#include <QStylePainter>
#include <QTimeZone>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>
#include <string>

namespace eventscope::ui {

namespace {

constexpr int kLegendEntries = 6;
constexpr double kLeastSpan = 1;            // seconds
constexpr double kLongestSpan = 7 * 86'400; // as far as the rings reach
constexpr double kLine = 1.4;

/// Says by its swatch and its ink whether the line is shown, not by a pressed look: six pressed buttons
/// shout louder than the lines.
class LegendEntry final : public QToolButton {
public:
    using QToolButton::QToolButton;

protected:
    void paintEvent(QPaintEvent*) override
    {
        QStylePainter painter(this);
        QStyleOptionToolButton option;
        initStyleOption(&option);
        option.state.setFlag(QStyle::State_On, false);
        if (!isChecked()) {
            option.palette.setColor(QPalette::ButtonText, Colours(palette()).faint);
        }
        painter.drawComplexControl(QStyle::CC_ToolButton, option);
    }
};

QIcon swatch(const QColor& colour, bool on)
{
    QPixmap pixmap(24, 24);
    pixmap.setDevicePixelRatio(2);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(colour, 1.5));
    painter.setBrush(on ? QBrush(colour) : Qt::NoBrush);
    painter.drawRoundedRect(QRectF(2, 2, 8, 8), 2, 2);
    return QIcon(pixmap);
}

} // namespace

TimeChart::TimeChart(const QString& title, const QString& unit, Style style, QWidget* parent)
    : QWidget(parent)
    , m_style(style)
    , m_title(plainLabel(unit.isEmpty() ? title : QStringLiteral("%1 · %2").arg(title, unit), this))
    , m_legend(new QHBoxLayout)
    , m_further(plainLabel({}, this))
    , m_empty(plainLabel(tr("Nothing yet"), this))
    , m_plot(new QCustomPlot(this))
{
    setFocusPolicy(Qt::StrongFocus);
    setProperty(FocusFrame::kFramed, true);
    setAccessibleName(title);
    m_title->setFont(fonts::section());
    m_legend->setSpacing(4);
    m_legend->addWidget(m_title);
    m_legend->addSpacing(12);
    m_legend->addWidget(m_further);
    m_legend->addStretch();
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(12, 6, 12, 0);
    layout->setSpacing(2);
    auto* legend = new QWidget(this);
    legend->setLayout(m_legend);
    legend->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed); // many entries must not widen the window
    m_legend->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(legend);
    layout->addWidget(m_plot, 1);
    m_empty->setAlignment(Qt::AlignCenter);
    m_empty->setAttribute(Qt::WA_TransparentForMouseEvents);
    setUpPlot();
    applyColours();
}

void TimeChart::setUpPlot()
{
    m_plot->setMinimumHeight(80);
    m_plot->setFocusPolicy(Qt::NoFocus);
    // A line wider than a pixel is drawn as a whole by default, with every joint worked out: 20 times as long.
    m_plot->setPlottingHints(QCP::phFastPolylines | QCP::phCacheLabels);
    m_plot->setInteractions(QCP::iRangeDrag | QCP::iRangeZoom);
    m_plot->axisRect()->setRangeDrag(Qt::Horizontal);
    m_plot->axisRect()->setRangeZoom(Qt::Horizontal);
    m_plot->axisRect()->setAutoMargins(QCP::msLeft | QCP::msBottom);
    m_plot->axisRect()->setMargins(QMargins(0, 6, 8, 0));
    m_plot->axisRect()->setMinimumMargins(QMargins(44, 6, 8, 18)); // charts below each other line up
    auto ticker = QSharedPointer<QCPAxisTickerDateTime>::create();
    ticker->setDateTimeFormat(QStringLiteral("HH:mm:ss"));
    ticker->setDateTimeSpec(Qt::UTC);
    m_plot->xAxis->setTicker(ticker);
    m_plot->yAxis->setNumberFormat(QStringLiteral("gb"));
    m_plot->yAxis->setNumberPrecision(4);
    m_plot->yAxis->ticker()->setTickCount(4);
    m_plot->installEventFilter(this);
    connect(m_plot->xAxis, qOverload<const QCPRange&>(&QCPAxis::rangeChanged), this, [this] {
        fitValues();
        if (!m_ownRangeChange)
            Q_EMIT rangeChosen(range());
    });
    connect(m_plot->selectionRect(), &QCPSelectionRect::accepted, this, [this](const QRect& rect) {
        const QCPRange chosen = m_plot->selectionRect()->range(m_plot->xAxis);
        if (rect.width() > 3)
            Q_EMIT rangeBrushed({models::fromSeconds(chosen.lower), models::fromSeconds(chosen.upper)});
    });
    connect(m_plot, &QCustomPlot::mousePress, this, [this](QMouseEvent* event) {
        const bool brush = m_brushMode || event->modifiers().testFlag(Qt::ShiftModifier);
        m_plot->setSelectionRectMode(brush ? QCP::srmCustom : QCP::srmNone);
    });
    connect(m_plot, &QCustomPlot::mouseDoubleClick, this, [this](QMouseEvent* event) {
        Q_EMIT timeClicked(models::fromSeconds(m_plot->xAxis->pixelToCoord(event->pos().x())));
    });
}

bool TimeChart::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_plot && event->type() == QEvent::Resize)
        m_empty->setGeometry(m_plot->geometry());
    if (watched == m_plot && event->type() == QEvent::MouseButtonPress)
        setFocus(Qt::MouseFocusReason);
    return QWidget::eventFilter(watched, event);
}

void TimeChart::setLines(const std::vector<models::ChartLine>& lines)
{
    QSet<QString> present;
    for (const models::ChartLine& line : lines) {
        present.insert(line.key);
        QCPGraph*& graph = m_graphs[line.key];
        if (!graph) {
            graph = m_plot->addGraph();
            graph->setName(line.key);
            graph->setAdaptiveSampling(true);
            graph->setLineStyle(m_style == Style::Steps ? QCPGraph::lsStepLeft : QCPGraph::lsLine);
            chooseShade(line.key);
            graph->setVisible(!m_hidden.contains(line.key));
        }
        graph->setData(line.x, line.y, true);
        graph->setPen(penOf(line.key, present.size() <= kLegendEntries));
    }
    for (auto it = m_graphs.begin(); it != m_graphs.end();) {
        if (present.contains(it.key())) {
            ++it;
            continue;
        }
        m_plot->removeGraph(it.value());
        m_shades.remove(it.key());
        it = m_graphs.erase(it);
    }
    m_empty->setVisible(lines.empty());
    showLegend(lines);
    fitValues();
    m_plot->replot(QCustomPlot::rpQueuedReplot);
}

void TimeChart::showLegend(const std::vector<models::ChartLine>& lines)
{
    QSet<QString> shown;
    for (const models::ChartLine& line : lines) {
        if (shown.size() >= kLegendEntries)
            break;
        QToolButton* entry = legendEntry(line.key);
        const QString key = line.key.isEmpty() ? tr("(none)") : line.key.left(40);
        entry->setText(QStringLiteral("%1  %2").arg(key, line.word));
        shown.insert(line.key);
    }
    for (auto it = m_entries.begin(); it != m_entries.end();) {
        if (shown.contains(it.key())) {
            ++it;
            continue;
        }
        it.value()->deleteLater();
        it = m_entries.erase(it);
    }
    const auto further = static_cast<int>(lines.size()) - static_cast<int>(shown.size());
    m_further->setText(further > 0 ? tr("+ %1 more").arg(further) : QString());
}

QToolButton* TimeChart::legendEntry(const QString& key)
{
    QToolButton*& entry = m_entries[key];
    if (entry)
        return entry;
    entry = new LegendEntry(this);
    entry->setCheckable(true);
    entry->setChecked(!m_hidden.contains(key));
    entry->setAutoRaise(true);
    entry->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    entry->setFont(fonts::small());
    entry->setIconSize(QSize(12, 12));
    entry->setIcon(swatch(colourOf(key), entry->isChecked()));
    entry->setToolTip(tr("Show or hide this line"));
    connect(entry, &QToolButton::toggled, this, [this, key, entry](bool on) {
        if (on)
            m_hidden.remove(key);
        else
            m_hidden.insert(key);
        entry->setIcon(swatch(colourOf(key), on));
        if (QCPGraph* graph = m_graphs.value(key))
            graph->setVisible(on);
        fitValues();
        m_plot->replot(QCustomPlot::rpQueuedReplot);
    });
    m_legend->insertWidget(m_legend->indexOf(m_further), entry);
    return entry;
}

QStringList TimeChart::visibleKeys() const
{
    QStringList keys;
    for (auto it = m_graphs.begin(); it != m_graphs.end(); ++it) {
        if (it.value()->visible())
            keys.append(it.key());
    }
    keys.sort();
    return keys;
}

void TimeChart::setRange(models::ChartRange range)
{
    m_ownRangeChange = true;
    m_plot->xAxis->setRange(models::toSeconds(range.from), models::toSeconds(range.to));
    m_ownRangeChange = false;
    m_plot->replot(QCustomPlot::rpQueuedReplot);
}

models::ChartRange TimeChart::range() const
{
    const QCPRange shown = m_plot->xAxis->range();
    return {models::fromSeconds(shown.lower), models::fromSeconds(shown.upper)};
}

void TimeChart::setBrushMode(bool on)
{
    m_brushMode = on;
    m_plot->setCursor(on ? Qt::IBeamCursor : Qt::ArrowCursor);
}

void TimeChart::setEmptyText(const QString& text)
{
    m_empty->setText(text);
}

void TimeChart::setZone(bool utc)
{
    const auto ticker = m_plot->xAxis->ticker().dynamicCast<QCPAxisTickerDateTime>();
    ticker->setDateTimeSpec(utc ? Qt::UTC : Qt::LocalTime);
    m_plot->replot(QCustomPlot::rpQueuedReplot);
}

/// The highest visible value with some air above it; from zero, because rates have a floor.
void TimeChart::fitValues()
{
    const QCPRange shown = m_plot->xAxis->range();
    double highest = 0;
    for (const QCPGraph* graph : std::as_const(m_graphs)) {
        if (!graph->visible())
            continue;
        bool found = false;
        const QCPRange values = graph->getValueRange(found, QCP::sdBoth, shown);
        if (found)
            highest = std::max(highest, values.upper);
    }
    m_plot->yAxis->setRange(0, highest > 0 ? highest * 1.1 : 1);
}

void TimeChart::zoom(double factor)
{
    const QCPRange shown = m_plot->xAxis->range();
    const double span = std::clamp(shown.size() * factor, kLeastSpan, kLongestSpan);
    m_plot->xAxis->setRange(shown.upper - span, shown.upper);
    m_plot->replot(QCustomPlot::rpQueuedReplot);
}

void TimeChart::pan(double share)
{
    const double by = m_plot->xAxis->range().size() * share;
    m_plot->xAxis->moveRange(by);
    m_plot->replot(QCustomPlot::rpQueuedReplot);
}

void TimeChart::keyPressEvent(QKeyEvent* event)
{
    switch (event->key()) {
    case Qt::Key_Plus:
    case Qt::Key_Equal: return zoom(0.5);
    case Qt::Key_Minus: return zoom(2);
    case Qt::Key_Left: return pan(-0.2);
    case Qt::Key_Right: return pan(0.2);
    case Qt::Key_Home: Q_EMIT liveWanted(); return;
    case Qt::Key_Return:
    case Qt::Key_Enter: Q_EMIT rangeBrushed(range()); return;
    default: QWidget::keyPressEvent(event);
    }
}

/// The name's own colour, or another that no other line here has, as long as one is found.
void TimeChart::chooseShade(const QString& key)
{
    constexpr int kTries = 24;
    const Colours colours(palette());
    const auto colourAt = [&](const QString& name, int shade) {
        return colours.stable(name.toStdString() + std::string(static_cast<std::size_t>(shade), '+'));
    };
    QList<QColor> taken;
    for (auto it = m_shades.cbegin(); it != m_shades.cend(); ++it)
        taken += colourAt(it.key(), it.value());
    int shade = 0;
    while (shade < kTries && taken.contains(colourAt(key, shade)))
        ++shade;
    m_shades.insert(key, shade < kTries ? shade : 0);
}

void TimeChart::setRoles(std::function<std::optional<Role>(const QString& key)> roleOf)
{
    m_roleOf = std::move(roleOf);
}

QColor TimeChart::colourOf(const QString& key) const
{
    if (const auto role = m_roleOf ? m_roleOf(key) : std::nullopt)
        return Colours(palette()).of(*role);
    const auto shade = static_cast<std::size_t>(m_shades.value(key));
    return Colours(palette()).stable(key.toStdString() + std::string(shade, '+'));
}

/// Those that the legend does not name are thin and pale: there may be dozens.
QPen TimeChart::penOf(const QString& key, bool isNamed) const
{
    const QColor colour = colourOf(key);
    return isNamed ? QPen(colour, kLine) : QPen(blend(colour, Colours(palette()).base, 0.45), 1);
}

void TimeChart::applyColours()
{
    const Colours colours(palette());
    m_plot->setBackground(colours.base);
    for (QCPAxis* axis : {m_plot->xAxis, m_plot->yAxis}) {
        axis->setBasePen(QPen(colours.line));
        axis->setTickPen(QPen(colours.line));
        axis->setSubTickPen(Qt::NoPen);
        axis->setTickLabelColor(colours.muted);
        axis->setTickLabelFont(fonts::small());
        axis->grid()->setPen(QPen(colours.rowLine));
        axis->grid()->setZeroLinePen(Qt::NoPen);
    }
    m_plot->xAxis->grid()->setVisible(false);
    QColor brush = colours.accent;
    m_plot->selectionRect()->setPen(QPen(brush));
    brush.setAlpha(50);
    m_plot->selectionRect()->setBrush(brush);
    for (auto it = m_graphs.begin(); it != m_graphs.end(); ++it)
        it.value()->setPen(penOf(it.key(), m_entries.contains(it.key())));
    for (auto it = m_entries.begin(); it != m_entries.end(); ++it)
        it.value()->setIcon(swatch(colourOf(it.key()), it.value()->isChecked()));
    m_plot->replot(QCustomPlot::rpQueuedReplot);
}

void TimeChart::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::PaletteChange)
        applyColours();
    QWidget::changeEvent(event);
}

} // namespace eventscope::ui
