// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QPalette>
#include <cstdint>
#include <string_view>

namespace eventscope::ui {

/// What a colour means. A colour never says it alone: an icon or a word goes with it.
enum class Role { Text, Muted, Accent, Positive, Warning, Negative, OnAccent };

/// The meanings of colours, derived from a palette: whoever paints asks for a meaning, and follows
/// the palette (ours, light or dark, or the desktop's). // GUI thread
class Colours {
public:
    explicit Colours(const QPalette& palette);

    QColor of(Role role) const;
    bool isDark() const { return m_dark; }

    QColor base;      ///< behind rows
    QColor alternate; ///< behind every other row
    QColor chrome;    ///< behind tabs, status, plans: the frame of the window
    QColor raised;    ///< a button
    QColor hover;     ///< under the mouse
    QColor line;      ///< between parts of the window
    QColor rowLine;   ///< between rows
    QColor selection; ///< behind what is selected
    QColor text, muted, faint;
    QColor accent, onAccent;
    QColor positive, warning, negative;
    QColor failureRow;              ///< behind a row that failed
    QColor added, changed, removed; ///< behind parts of a state
    // Syntax of data.
    QColor key, string, number, keyword;
    // Bars of a histogram.
    QColor bar, barFailed;

    /// Behind a row that a rule colours, by the number of models::RowColour; texts stay legible on it.
    QColor row(int colour) const;
    /// The same colour where it stands alone: at an edge, in a menu.
    QColor rowEdge(int colour) const;

    /// The same text always has the same colour: types, streams, ticks.
    QColor stable(std::string_view text) const;

private:
    bool m_dark;
};

/// `colour` with its lightness moved until it stands out from `background` by `ratio` (WCAG 2).
QColor legible(QColor colour, const QColor& background, double ratio);
double contrast(const QColor& a, const QColor& b);
/// `share` (0…1) of `over` on `under`.
QColor blend(const QColor& under, const QColor& over, double share);

} // namespace eventscope::ui
