// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "event_detail/hex_view.h"

#include "event_format.h"
#include "theme/colours.h"
#include "theme/fonts.h"

#include <QByteArray>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QGuiApplication>
#include <QKeyEvent>
#include <QMenu>
#include <QMouseEvent>
#include <QPainter>
#include <QScrollBar>
#include <algorithm>

namespace eventscope::ui {

namespace {

constexpr int kMargin = 12;
constexpr int kOffsetDigits = 8;
constexpr std::size_t kMaxCopied = std::size_t{16} << 20;

QChar shownByte(char c)
{
    return c >= 0x20 && c < 0x7F ? QChar(QLatin1Char(c)) : QChar(0x00B7);
}

} // namespace

HexView::HexView(QWidget* parent) : QAbstractScrollArea(parent)
{
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::StrongFocus);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    viewport()->setCursor(Qt::IBeamCursor);
    setAccessibleName(tr("Payload as bytes"));
    layOut();
}

void HexView::setBytes(std::string_view bytes)
{
    m_bytes = bytes;
    m_anchor = m_current = -1;
    verticalScrollBar()->setValue(0);
    layOut();
    viewport()->update();
}

void HexView::layOut()
{
    const QFontMetricsF metrics(fonts::data());
    m_rowHeight = static_cast<int>(metrics.height()) + 4;
    m_character = metrics.horizontalAdvance(QLatin1Char('0'));
    // Offset, two blanks, three characters a byte and one more in the middle, two blanks, the text.
    const int characters = static_cast<int>((viewport()->width() - 2 * kMargin) / m_character);
    const int room = (characters - kOffsetDigits - 4) / 4;
    m_perRow = room >= 16 ? 16 : room >= 8 ? 8 : 4;
    const auto rows = (m_bytes.size() + static_cast<std::size_t>(m_perRow) - 1) / static_cast<std::size_t>(m_perRow);
    const int visible = std::max(1, viewport()->height() / m_rowHeight);
    verticalScrollBar()->setRange(0, std::max(0, static_cast<int>(std::min<std::size_t>(rows, 1U << 30)) - visible));
    verticalScrollBar()->setPageStep(visible);
    verticalScrollBar()->setSingleStep(3);
}

int HexView::hexColumn(int byte) const
{
    return kOffsetDigits + 2 + byte * 3 + (byte >= m_perRow / 2 ? 1 : 0);
}

QString HexView::rowText(std::uint64_t row) const
{
    const std::size_t begin = static_cast<std::size_t>(row) * static_cast<std::size_t>(m_perRow);
    if (begin >= m_bytes.size()) {
        return {};
    }
    const std::string_view bytes = m_bytes.substr(begin, static_cast<std::size_t>(m_perRow));
    QString text = QString::number(begin, 16).rightJustified(kOffsetDigits, QLatin1Char('0'));
    QString readable;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        text = text.leftJustified(hexColumn(static_cast<int>(i)));
        text += QString::number(static_cast<unsigned char>(bytes[i]), 16).rightJustified(2, QLatin1Char('0'));
        readable += shownByte(bytes[i]);
    }
    return text.leftJustified(hexColumn(m_perRow) + 1) + readable;
}

void HexView::paintEvent(QPaintEvent*)
{
    const Colours colours(palette());
    QPainter painter(viewport());
    painter.fillRect(viewport()->rect(), colours.base);
    painter.setFont(fonts::data());
    if (m_bytes.empty()) {
        painter.setPen(colours.muted);
        painter.drawText(viewport()->rect(), Qt::AlignCenter, tr("No bytes"));
        return;
    }
    const QFontMetricsF metrics(fonts::data());
    const double baseline = (m_rowHeight - metrics.height()) / 2 + metrics.ascent();
    const auto first = static_cast<std::uint64_t>(verticalScrollBar()->value());
    const auto selectionBegin = static_cast<std::int64_t>(selectionStart());
    const auto selectionEnd = selectionBegin + static_cast<std::int64_t>(selectionLength());
    for (int line = 0; line * m_rowHeight < viewport()->height(); ++line) {
        const QString text = rowText(first + static_cast<std::uint64_t>(line));
        if (text.isEmpty()) {
            break;
        }
        const int top = line * m_rowHeight;
        const std::int64_t begin = static_cast<std::int64_t>(first + static_cast<std::uint64_t>(line)) * m_perRow;
        for (int i = 0; i < m_perRow; ++i) {
            if (begin + i < selectionBegin || begin + i >= selectionEnd) {
                continue;
            }
            const auto cell = [&](int column, int width) {
                return QRectF(kMargin + column * m_character, top, width * m_character, m_rowHeight);
            };
            painter.fillRect(cell(hexColumn(i), 2), colours.selection);
            painter.fillRect(cell(hexColumn(m_perRow) + 1 + i, 1), colours.selection);
        }
        const auto draw = [&](int column, const QString& part, const QColor& ink) {
            painter.setPen(ink);
            painter.drawText(QPointF(kMargin + column * m_character, top + baseline), part);
        };
        const int textColumn = hexColumn(m_perRow) + 1;
        draw(0, text.left(kOffsetDigits), colours.muted);
        draw(kOffsetDigits, text.mid(kOffsetDigits, textColumn - kOffsetDigits), colours.text);
        draw(textColumn, text.mid(textColumn), colours.string);
    }
}

void HexView::resizeEvent(QResizeEvent* event)
{
    QAbstractScrollArea::resizeEvent(event);
    layOut();
}

void HexView::changeEvent(QEvent* event)
{
    QAbstractScrollArea::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange) {
        layOut();
    }
}

// Choosing bytes.

std::size_t HexView::selectionStart() const
{
    return m_current < 0 ? 0 : static_cast<std::size_t>(std::min(m_anchor, m_current));
}

std::size_t HexView::selectionLength() const
{
    return m_current < 0 ? 0 : static_cast<std::size_t>(std::abs(m_current - m_anchor)) + 1;
}

void HexView::select(std::size_t begin, std::size_t end)
{
    if (begin >= end || end > m_bytes.size()) {
        return;
    }
    moveTo(static_cast<std::int64_t>(end) - 1, false);
    moveTo(static_cast<std::int64_t>(begin), true);
}

std::string_view HexView::selected() const
{
    return m_bytes.substr(std::min(selectionStart(), m_bytes.size()), std::min(selectionLength(), kMaxCopied));
}

std::int64_t HexView::byteAt(const QPoint& at) const
{
    const std::int64_t row = verticalScrollBar()->value() + at.y() / m_rowHeight;
    const int column = static_cast<int>((at.x() - kMargin) / m_character);
    const int textColumn = hexColumn(m_perRow) + 1;
    int byte = 0;
    if (column >= textColumn) {
        byte = column - textColumn;
    } else {
        while (byte + 1 < m_perRow && column >= hexColumn(byte + 1)) {
            ++byte;
        }
    }
    return row * m_perRow + std::clamp(byte, 0, m_perRow - 1);
}

void HexView::moveTo(std::int64_t byte, bool extend)
{
    if (m_bytes.empty()) {
        return;
    }
    m_current = std::clamp<std::int64_t>(byte, 0, static_cast<std::int64_t>(m_bytes.size()) - 1);
    if (!extend || m_anchor < 0) {
        m_anchor = m_current;
    }
    const int row = static_cast<int>(m_current / m_perRow);
    QScrollBar* bar = verticalScrollBar();
    if (row < bar->value()) {
        bar->setValue(row);
    } else if (row >= bar->value() + bar->pageStep()) {
        bar->setValue(row - bar->pageStep() + 1);
    }
    viewport()->update();
}

void HexView::keyPressEvent(QKeyEvent* event)
{
    const bool extend = event->modifiers() & Qt::ShiftModifier;
    const std::int64_t from = std::max<std::int64_t>(0, m_current);
    const std::int64_t page = std::int64_t{m_perRow} * std::max(1, verticalScrollBar()->pageStep() - 1);
    if (event->matches(QKeySequence::Copy)) {
        copyHex();
    } else if (event->matches(QKeySequence::SelectAll)) {
        m_anchor = 0;
        m_current = static_cast<std::int64_t>(m_bytes.size()) - 1;
        viewport()->update();
    } else {
        switch (event->key()) {
        case Qt::Key_Left: moveTo(from - 1, extend); break;
        case Qt::Key_Right: moveTo(from + 1, extend); break;
        case Qt::Key_Up: moveTo(from - m_perRow, extend); break;
        case Qt::Key_Down: moveTo(from + m_perRow, extend); break;
        case Qt::Key_PageUp: moveTo(from - page, extend); break;
        case Qt::Key_PageDown: moveTo(from + page, extend); break;
        case Qt::Key_Home: moveTo(0, extend); break;
        case Qt::Key_End: moveTo(static_cast<std::int64_t>(m_bytes.size()) - 1, extend); break;
        default: QAbstractScrollArea::keyPressEvent(event); return;
        }
    }
    event->accept();
}

void HexView::mousePressEvent(QMouseEvent* event)
{
    if (event->button() == Qt::LeftButton) {
        moveTo(byteAt(event->pos()), event->modifiers() & Qt::ShiftModifier);
    }
}

void HexView::mouseMoveEvent(QMouseEvent* event)
{
    if (event->buttons() & Qt::LeftButton) {
        moveTo(byteAt(event->pos()), true);
    }
}

void HexView::copyHex()
{
    const std::string_view bytes = selected();
    QGuiApplication::clipboard()->setText(
        QString::fromLatin1(QByteArray::fromRawData(bytes.data(), static_cast<qsizetype>(bytes.size())).toHex(' ')));
    Q_EMIT said(tr("%1 copied as hex").arg(models::formatBytes(bytes.size())));
}

void HexView::copyText()
{
    const std::string_view bytes = selected();
    QGuiApplication::clipboard()->setText(QString::fromUtf8(bytes.data(), static_cast<qsizetype>(bytes.size())));
    Q_EMIT said(tr("%1 copied as text").arg(models::formatBytes(bytes.size())));
}

void HexView::contextMenuEvent(QContextMenuEvent* event)
{
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    QAction* hex = menu->addAction(tr("Copy as hex") + QLatin1String("\tCtrl+C"), this, &HexView::copyHex);
    QAction* text = menu->addAction(tr("Copy as text"), this, &HexView::copyText);
    hex->setEnabled(selectionLength() > 0);
    text->setEnabled(selectionLength() > 0);
    menu->popup(event->globalPos());
}

} // namespace eventscope::ui
