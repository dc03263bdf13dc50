// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "event_table/cell_texts.h"

#include <QFontMetricsF>
#include <QGlyphRun>
#include <QPainter>
#include <QVarLengthArray>
#include <algorithm>

namespace eventscope::ui {

CellTexts::CellTexts(const QFont& font) : m_font(font), m_raw(QRawFont::fromFont(font))
{
    m_advances.fill(QFontMetricsF(font).horizontalAdvance(QLatin1Char('0')));
    if (!m_raw.isValid())
        return;
    // One by one: a character that the font does not have must not move the others' glyphs.
    const auto glyphOf = [this](char16_t character, quint32& glyph, double& advance) {
        const QList<quint32> glyphs = m_raw.glyphIndexesForString(QString(QChar(character)));
        if (glyphs.size() != 1 || glyphs.front() == 0)
            return;
        glyph = glyphs.front();
        advance = m_raw.advancesForGlyphIndexes(glyphs).front().x();
    };
    for (char16_t character = 0x20; character < kKnown; ++character) {
        const bool isControl = (character >= 0x7f && character < 0xa1) || character == 0xad;
        if (!isControl)
            glyphOf(character, m_glyphs[character], m_advances[character]);
    }
    glyphOf(kEllipsis, m_ellipsis, m_ellipsisAdvance);
}

bool CellTexts::isPlain(const QString& text) const
{
    return std::ranges::all_of(text, [this](QChar c) {
        const char16_t unicode = c.unicode();
        return unicode < kKnown ? m_glyphs[unicode] != 0 : unicode == kEllipsis && m_ellipsis != 0;
    });
}

CellTexts::Run& CellTexts::runOf(QRgb colour)
{
    const auto found = std::ranges::find(m_runs, colour, &Run::colour);
    if (found != m_runs.end())
        return *found;
    m_runs.push_back({.colour = colour, .glyphs = {}, .positions = {}});
    return m_runs.back();
}

void CellTexts::add(const QPointF& at, const QString& text, const QColor& colour, const QRectF& cell)
{
    if (!isPlain(text)) {
        m_laidOut.push_back({at, text, colour, cell});
        return;
    }
    Run& run = runOf(colour.rgba());
    double x = at.x();
    for (const QChar c : text) {
        const char16_t unicode = c.unicode();
        const bool isKnown = unicode < kKnown;
        if (unicode != u' ') {
            run.glyphs.push_back(isKnown ? m_glyphs[unicode] : m_ellipsis);
            run.positions.emplace_back(x, at.y());
        }
        x += isKnown ? m_advances[unicode] : m_ellipsisAdvance;
    }
}

void CellTexts::draw(QPainter& painter)
{
    painter.setFont(m_font);
    for (Run& run : m_runs) {
        if (run.glyphs.empty())
            continue;
        QGlyphRun glyphs;
        glyphs.setRawFont(m_raw);
        glyphs.setRawData(run.glyphs.data(), run.positions.data(), static_cast<int>(run.glyphs.size()));
        painter.setPen(QColor::fromRgba(run.colour));
        painter.drawGlyphRun(QPointF(), glyphs);
        run.glyphs.clear();
        run.positions.clear();
    }
    for (const LaidOut& text : m_laidOut) {
        painter.save();
        painter.setClipRect(text.cell, Qt::IntersectClip);
        painter.setPen(text.colour);
        painter.drawText(text.at, text.text);
        painter.restore();
    }
    m_laidOut.clear();
}

} // namespace eventscope::ui
