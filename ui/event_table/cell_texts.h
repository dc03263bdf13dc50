// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QFont>
#include <QPointF>
#include <QRawFont>
#include <QRectF>
#include <QString>
#include <array>
#include <vector>

class QPainter;

namespace eventscope::ui {

/// Draws the texts of many cells in one font and few colours. QPainter lays out each text anew, which is most of
/// what a page of a table costs; here plain Latin texts of one colour are one run of glyphs, and only others (accents
/// apart, emoji, scripts that join) are laid out. // GUI thread
class CellTexts {
public:
    explicit CellTexts(const QFont& font);

    const QFont& font() const { return m_font; }
    /// Of a figure; of every character, the font being fixed in width.
    double characterWidth() const { return m_advances['0']; }

    /// `at`: where its baseline begins. `cell`: what a text that must be laid out is cut off at; others are taken to
    /// be as long as they have room.
    void add(const QPointF& at, const QString& text, const QColor& colour, const QRectF& cell);
    /// Draws what was added, and forgets it.
    void draw(QPainter& painter);

private:
    struct Run {
        QRgb colour = 0;
        std::vector<quint32> glyphs;
        std::vector<QPointF> positions;
    };
    struct LaidOut {
        QPointF at;
        QString text;
        QColor colour;
        QRectF cell;
    };
    static constexpr char16_t kKnown = 0x180;
    static constexpr char16_t kEllipsis = 0x2026;

    bool isPlain(const QString& text) const;
    Run& runOf(QRgb colour);

    QFont m_font;
    QRawFont m_raw;
    std::array<quint32, kKnown> m_glyphs{}; ///< by character; 0: the font has none
    std::array<double, kKnown> m_advances{};
    quint32 m_ellipsis = 0;
    double m_ellipsisAdvance = 0;
    std::vector<Run> m_runs;
    std::vector<LaidOut> m_laidOut;
};

} // namespace eventscope::ui
