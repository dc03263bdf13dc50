// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "chart_lines.h"
#include "theme/colours.h"

#include <QHash>
#include <QPen>
#include <QSet>
#include <QWidget>
#include <functional>
#include <optional>

class QCustomPlot;
class QCPGraph;
class QHBoxLayout;
class QLabel;
class QToolButton;

namespace eventscope::ui {

/// One chart over time: its title, a legend whose entries show and hide their lines, and the plot.
/// The wheel zooms, dragging pans, dragging with Shift (or in brush mode) selects a range of time;
/// from the keyboard: + and - zoom, ← and → pan, Home goes back to live. It draws what it is
/// given and knows nothing of where that came from. // GUI thread
class TimeChart final : public QWidget {
    Q_OBJECT

public:
    enum class Style { Lines, Steps };
    TimeChart(const QString& title, const QString& unit, Style style, QWidget* parent = nullptr);

    void setLines(const std::vector<models::ChartLine>& lines);
    void setRange(models::ChartRange range);
    models::ChartRange range() const;
    void setBrushMode(bool on);
    /// What the plot says while it has no line.
    void setEmptyText(const QString& text);
    void setZone(bool utc);
    /// Lines that have a meaning, and so its colour; before the first lines.
    void setRoles(std::function<std::optional<Role>(const QString& key)> roleOf);

    QStringList visibleKeys() const;

Q_SIGNALS:
    /// The user zoomed or panned.
    void rangeChosen(models::ChartRange range);
    /// The user selected this time, to filter by it.
    void rangeBrushed(models::ChartRange range);
    /// A click on the plot at this time.
    void timeClicked(core::Timestamp time);
    void liveWanted();

protected:
    void changeEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void setUpPlot();
    void applyColours();
    void showLegend(const std::vector<models::ChartLine>& lines);
    QToolButton* legendEntry(const QString& key);
    void chooseShade(const QString& key);
    QColor colourOf(const QString& key) const;
    QPen penOf(const QString& key, bool isNamed) const;
    void fitValues();
    void zoom(double factor);
    void pan(double share);

    const Style m_style;
    QLabel* m_title;
    QHBoxLayout* m_legend;
    QLabel* m_further; // "+ 12 more"
    QLabel* m_empty;
    QCustomPlot* m_plot;
    QHash<QString, QCPGraph*> m_graphs;
    QHash<QString, QToolButton*> m_entries;
    QHash<QString, int> m_shades; ///< of the lines that are shown
    std::function<std::optional<Role>(const QString& key)> m_roleOf;
    QSet<QString> m_hidden;
    bool m_brushMode = false;
    bool m_ownRangeChange = false;
};

} // namespace eventscope::ui
