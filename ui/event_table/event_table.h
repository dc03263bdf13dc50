// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "colour_rules.h"
#include "column_looks.h"
#include "event_cells.h"
#include "event_rows.h"
#include "event_rules.h"
#include "filter_text.h"
#include "inspect/row_order.h"
#include "row_selection.h"

#include <QAbstractScrollArea>
#include <QPointer>
#include <QTimer>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

class QHeaderView;
class QMenu;

namespace eventscope::models {
class FieldsSeen;
}

namespace eventscope::ui {

class CellTexts;
class EventColumnsModel;
class NewEventsChip;

/// The table of events: paints the rows that can be seen and knows nothing of the others, so that a
/// hundred million rows cost what a hundred do. (QTableView keeps 8 bytes a row, asks its model seven
/// times a cell, and shows nothing past 107 million rows.)
///
/// It follows the end of its rows until somebody scrolls away or chooses a row; from then on what
/// comes moves nothing, and a chip counts it. A pause freezes the rows shown, not the log.
/// // GUI thread
class EventTable final : public QAbstractScrollArea {
    Q_OBJECT

public:
    explicit EventTable(QWidget* parent = nullptr);
    ~EventTable() override;

    /// The URL of a source by its name, for commands that read it again; empty: none that could.
    using SourceUrls = std::function<QString(const QString& source)>;
    void setSourceUrls(SourceUrls urls) { m_sourceUrls = std::move(urls); }

    /// `rows` must outlive the table or be replaced; nullptr: none.
    void setRows(models::EventRows* rows);
    models::EventRows* rows() const { return m_rows; }
    /// How many rows are shown: fewer than rows() has while paused.
    std::uint64_t rowCount() const { return m_shown; }

    /// `showDate`: times with their date. The column widens for it where its width is still the usual one.
    void setTimeFormat(const models::TimeFormat& format, bool showDate = false);
    void setRules(const models::EventRules& rules);
    void setColours(const models::ColourRules& rules);
    const models::EventCells* cells() const { return m_cells.get(); }
    models::EventTone toneOf(core::LogRow row) const;
    /// Calls take(log row) for the rows chosen, at most `limit`; how many there are in all.
    std::uint64_t forSelectedRows(std::uint64_t limit, const std::function<bool(core::LogRow)>& take) const;

    bool isFollowing() const { return m_following; }
    void setFollowing(bool on);
    bool isPaused() const { return m_paused; }
    void setPaused(bool on);
    /// What came since the end was left, or since the pause began.
    std::uint64_t newEvents() const;

    /// An index among the rows shown.
    std::optional<std::uint64_t> currentIndex() const { return m_current; }
    std::optional<core::LogRow> currentRow() const;
    models::EventColumn currentColumn() const { return m_currentColumn; }
    const models::RowSelection& selection() const { return m_selection; }
    void setCurrentIndex(std::uint64_t index, models::EventColumn column);
    /// Selects the row where it is shown, in the middle; false when the filter hides it.
    bool showLogRow(core::LogRow row);
    void selectAll();
    void clearSelection();

    QHeaderView* header() const { return m_header; }
    /// What the header says about the order of the rows; putting them in order is setRows()'s caller's.
    void showOrder(std::optional<core::RowOrder> order);
    /// The columns from left to right that can be seen.
    std::vector<models::EventColumn> visibleColumns() const;
    QString titleOf(models::EventColumn column) const;
    /// All of them from left to right, as they stand; for settings and captures.
    std::vector<models::ColumnLook> columns() const;
    void setColumns(const std::vector<models::ColumnLook>& looks);
    void resetColumns();
    void showColumn(models::EventColumn column);
    /// A field's column is gone with it.
    void hideColumn(models::EventColumn column);
    /// A column of what that name of the filter language says ("data.items[0].sku", "headers['x']"); says
    /// and returns false where it names no field.
    bool addFieldColumn(const QString& name);
    QMenu* createColumnsMenu(QWidget* parent);

    /// Left of the first column's text: where a row's sign stands, for a failure or a warning.
    static constexpr int kSignGutter = 13;
    int rowHeight() const { return m_rowHeight; }
    std::uint64_t firstVisibleIndex() const;
    int visibleRowCount() const; ///< whole rows that fit
    /// In viewport coordinates; empty when it cannot be seen.
    QRect cellRect(std::uint64_t index, models::EventColumn column) const;
    std::optional<std::uint64_t> indexAt(int viewportY) const;
    models::EventColumn columnAt(int viewportX) const;

    QSize sizeHint() const override;

public Q_SLOTS:
    void togglePause();
    void scrollToEnd(); ///< and follow
    void copyAsNdjson();
    void copyAsTsv();
    void copyValue();
    /// A command for a shell that reads the current event again, where its source has a URL.
    void copyAsCommand();

Q_SIGNALS:
    /// The row whose details are of interest; hasCurrent false: none.
    void currentRowChanged(bool hasCurrent, quint64 row);
    void followingChanged(bool on);
    void pausedChanged(bool on);
    void newEventsChanged();
    void columnsChanged();
    /// Somebody wants the rows in another order; nothing: in that of the log.
    void orderWanted(std::optional<eventscope::core::RowOrder> order);
    /// Somebody wants a column of a field that he has yet to name.
    void fieldColumnWanted();
    /// Somebody wants the rows chosen marked, or not any more.
    void markWanted();
    void noteWanted(quint64 row);
    /// To the next row with a mark, or the one before.
    void nextMarkWanted(int step);
    /// Rows like this term says are to have a colour.
    void colourWanted(const QString& term);
    /// Somebody wants to see the row closely (double click, Return).
    void activated(quint64 row);
    void replayRequested(quint64 row);
    void flowRequested(quint64 row);
    /// `term` is an expression of the filter language.
    void filterRequested(const QString& term, eventscope::models::FilterJoin join);
    /// A sentence for the status line ("3 events copied").
    void said(const QString& sentence);

protected:
    bool viewportEvent(QEvent* event) override;
    void changeEvent(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void scrollContentsBy(int dx, int dy) override;
    void wheelEvent(QWheelEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    enum class Extend { No, Range, Toggle, KeepSelection };

    void setupHeader();
    void onColumnsChanged();
    void takeFields();
    void removeFieldColumn(std::size_t field);
    int dateWidth(models::EventColumn column) const;
    QString commandFor(core::LogRow row) const;
    void updateMetrics();
    void updateGeometries();
    void onGrown();
    void onTrimmed(quint64 rows);
    void onRebuilt();
    bool findCurrentAgain();
    void lookForCurrent();
    void noteSearch();
    void onHeaderClicked(int section);
    void setShown(std::uint64_t count);
    void placeChip();
    void updateChip();

    std::int64_t contentHeight() const { return static_cast<std::int64_t>(m_shown) * m_rowHeight; }
    std::int64_t maxOffset() const;
    void setOffset(std::int64_t offset);
    void userScrolledTo(std::int64_t offset);
    void syncScrollBar();
    void ensureVisible(std::uint64_t index);
    void ensureColumnVisible(models::EventColumn column);

    void moveCurrentTo(std::uint64_t index, models::EventColumn column, Extend extend);
    void moveColumn(int step);
    bool handleNavigationKey(QKeyEvent* event);
    void autoScroll();
    void showToolTip(const QPoint& viewportPosition, const QPoint& globalPosition);
    void fillCellMenu(QMenu* menu, core::LogRow row, models::EventColumn column);
    void fillFilterActions(QMenu* menu, core::LogRow row, models::EventColumn column);
    void fillMarkActions(QMenu* menu, core::LogRow row);
    void fillCopyActions(QMenu* menu, core::LogRow row, models::EventColumn column);
    void sayCopied(std::uint64_t copied, std::uint64_t selected);

    QPointer<models::EventRows> m_rows;
    std::unique_ptr<models::EventCells> m_cells;
    models::TimeFormat m_timeFormat;
    bool m_showDate = false;
    mutable models::EventTones m_tones;
    QHeaderView* m_header = nullptr;
    EventColumnsModel* m_columns = nullptr;
    bool m_arranging = false; ///< columns are changed together
    std::unique_ptr<models::FieldsSeen> m_fieldsSeen;
    models::ColourRules m_colourRules;
    std::unique_ptr<models::RowColours> m_colours;
    SourceUrls m_sourceUrls;
    NewEventsChip* m_chip = nullptr;
    std::unique_ptr<CellTexts> m_texts, m_boldTexts;
    QTimer m_chipTimer;
    QTimer m_autoScroll;

    int m_rowHeight = 24;
    std::uint64_t m_shown = 0;
    std::uint64_t m_seen = 0; ///< rows there were when the end was left or the pause began
    /// The last row there was when these rows were set, while it is being found out whether it is one of them: what a
    /// search finds up to it is not new.
    std::optional<core::LogRow> m_searchedTo;
    std::int64_t m_offset = 0; ///< pixels above the viewport
    bool m_following = true;
    bool m_paused = false;
    bool m_syncing = false;

    std::optional<core::RowOrder> m_order;
    std::optional<std::uint64_t> m_current;
    /// Survives a rebuild of the rows; without m_current it is not known yet where it stands now.
    std::optional<core::LogRow> m_currentLogRow;
    std::uint64_t m_anchor = 0;
    models::EventColumn m_currentColumn = models::EventColumn::Time;
    models::RowSelection m_selection;
    std::optional<int> m_hoverY; ///< where the mouse is
};

} // namespace eventscope::ui
