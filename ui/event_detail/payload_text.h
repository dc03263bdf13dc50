// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPlainTextEdit>
#include <QWidget>
#include <cstddef>
#include <set>
#include <string_view>

class QLabel;
class QPushButton;
class QToolButton;

namespace eventscope::ui {

class JsonHighlighter;

/// Read-only text whose lines, however long, are laid out in pieces: Qt's layout of one line grows
/// with the square of its length. What is copied has the lines as they were.
class LongLineText final : public QPlainTextEdit {
    Q_OBJECT

public:
    static constexpr qsizetype kPiece = 1000;

    explicit LongLineText(QWidget* parent = nullptr);
    void setLongText(const QString& text);

protected:
    QMimeData* createMimeDataFromSelection() const override;

private:
    std::set<int> m_softBreaks; ///< blocks whose end is not a line's end
};

/// A payload as text: laid out to be read, or exactly as it came. Shows the first 64 KB at once and
/// more on request, so that its size does not matter. // GUI thread
class PayloadText final : public QWidget {
    Q_OBJECT

public:
    static constexpr std::size_t kFirst = std::size_t{64} << 10;
    static constexpr std::size_t kMore = std::size_t{256} << 10;

    explicit PayloadText(QWidget* parent = nullptr);

    /// The bytes are looked at in place and must outlive this view's use of them.
    void setPayload(std::string_view payload, bool isNull);
    void clear() { setPayload({}, false); }

    /// What is shown now; for tests.
    QString shownText() const;
    std::size_t shownBytes() const { return m_limit; }
    bool isFormatted() const;
    void setFormatted(bool on);
    void showMore();

private:
    void rebuild();
    void updateBar(bool cut);

    std::string_view m_payload;
    bool m_isNull = false;
    std::size_t m_limit = kFirst;
    LongLineText* m_text;
    JsonHighlighter* m_highlighter;
    QToolButton* m_formatted;
    QToolButton* m_exact;
    QLabel* m_note;
    QWidget* m_bar;
    QLabel* m_shown;
    QPushButton* m_more;
};

} // namespace eventscope::ui
