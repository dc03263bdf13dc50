// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractScrollArea>
#include <cstdint>
#include <string_view>

namespace eventscope::ui {

/// Bytes as offset, hex and text; paints only what can be seen, so its size does not matter. The
/// bytes are looked at in place and must outlive the view's use of them. // GUI thread
class HexView final : public QAbstractScrollArea {
    Q_OBJECT

public:
    explicit HexView(QWidget* parent = nullptr);

    void setBytes(std::string_view bytes);
    void clear() { setBytes({}); }

    /// Chooses these bytes and shows their beginning.
    void select(std::size_t begin, std::size_t end);

    int bytesPerRow() const { return m_perRow; }
    /// The first byte chosen and how many; 0 bytes: none.
    std::size_t selectionStart() const;
    std::size_t selectionLength() const;
    /// What a row shows, for tests and screen readers: "00000010  7b 22 …  {"…".
    QString rowText(std::uint64_t row) const;

    QSize sizeHint() const override { return {420, 300}; }

Q_SIGNALS:
    void said(const QString& sentence);

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;

private:
    void layOut();
    void moveTo(std::int64_t byte, bool extend);
    std::int64_t byteAt(const QPoint& at) const;
    void copyHex();
    void copyText();
    std::string_view selected() const;
    int hexColumn(int byte) const; ///< x of a byte's hex digits, in characters

    std::string_view m_bytes;
    int m_perRow = 16;
    int m_rowHeight = 18;
    double m_character = 8;
    std::int64_t m_anchor = -1, m_current = -1;
};

} // namespace eventscope::ui
