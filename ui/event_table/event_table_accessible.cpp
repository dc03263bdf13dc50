// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "event_table/event_table_accessible.h"

#include "event_table/event_table.h"

#include <QAccessible>
#include <QAccessibleWidget>
#include <QHash>
#include <QPointer>
#include <algorithm>
#include <limits>

namespace eventscope::ui {

namespace {

/// Screen readers count in int.
int capped(std::uint64_t count)
{
    return static_cast<int>(std::min<std::uint64_t>(count, std::numeric_limits<int>::max() / models::kEventColumns));
}

/// One cell. The table makes it when it is asked for.
class Cell final : public QAccessibleInterface, public QAccessibleTableCellInterface {
public:
    Cell(EventTable* table, int row, models::EventColumn column) : m_table(table), m_row(row), m_column(column) { }

    bool isValid() const override { return m_table && static_cast<std::uint64_t>(m_row) < m_table->rowCount(); }
    QObject* object() const override { return nullptr; }
    QAccessibleInterface* parent() const override { return QAccessible::queryAccessibleInterface(m_table); }
    QAccessibleInterface* child(int) const override { return nullptr; }
    QAccessibleInterface* childAt(int, int) const override { return nullptr; }
    int childCount() const override { return 0; }
    int indexOfChild(const QAccessibleInterface*) const override { return -1; }
    QAccessible::Role role() const override { return QAccessible::Cell; }
    void setText(QAccessible::Text, const QString&) override { }

    QString text(QAccessible::Text kind) const override
    {
        if (!isValid())
            return {};
        if (kind == QAccessible::Description)
            return m_table->titleOf(m_column);
        return kind == QAccessible::Name || kind == QAccessible::Value
            ? m_table->cells()->text(m_table->rows()->rowAt(static_cast<std::uint64_t>(m_row)), m_column)
            : QString();
    }
    QRect rect() const override
    {
        const QRect cell = isValid() ? m_table->cellRect(static_cast<std::uint64_t>(m_row), m_column) : QRect();
        return cell.isEmpty() ? QRect() : QRect(m_table->viewport()->mapToGlobal(cell.topLeft()), cell.size());
    }
    QAccessible::State state() const override
    {
        QAccessible::State state;
        state.selectable = true;
        state.focusable = true;
        state.readOnly = true;
        state.selected = isSelected();
        state.focused = isValid() && m_table->hasFocus() && m_table->currentIndex() == static_cast<std::uint64_t>(m_row)
            && m_table->currentColumn() == m_column;
        state.offscreen = rect().isEmpty();
        return state;
    }
    void* interface_cast(QAccessible::InterfaceType type) override
    {
        return type == QAccessible::TableCellInterface ? static_cast<QAccessibleTableCellInterface*>(this) : nullptr;
    }

    bool isSelected() const override
    {
        return isValid() && m_table->selection().contains(static_cast<std::uint64_t>(m_row));
    }
    QList<QAccessibleInterface*> columnHeaderCells() const override { return {}; }
    QList<QAccessibleInterface*> rowHeaderCells() const override { return {}; }
    int columnIndex() const override
    {
        const auto columns = m_table->visibleColumns();
        return static_cast<int>(std::ranges::find(columns, m_column) - columns.begin());
    }
    int rowIndex() const override { return m_row; }
    int columnExtent() const override { return 1; }
    int rowExtent() const override { return 1; }
    QAccessibleInterface* table() const override { return parent(); }

private:
    QPointer<EventTable> m_table;
    int m_row;
    models::EventColumn m_column;
};

class Table final : public QAccessibleWidget, public QAccessibleTableInterface {
public:
    explicit Table(EventTable* table) : QAccessibleWidget(table, QAccessible::Table) { }
    ~Table() override { forgetCells(); }

    void* interface_cast(QAccessible::InterfaceType type) override
    {
        return type == QAccessible::TableInterface ? static_cast<QAccessibleTableInterface*>(this)
                                                   : QAccessibleWidget::interface_cast(type);
    }
    int childCount() const override { return rowCount() * columnCount(); }
    QAccessibleInterface* child(int index) const override
    {
        const int columns = columnCount();
        return columns == 0 || index < 0 ? nullptr : cellAt(index / columns, index % columns);
    }
    int indexOfChild(const QAccessibleInterface* child) const override
    {
        auto* cell = const_cast<QAccessibleInterface*>(child)->tableCellInterface();
        return cell ? cell->rowIndex() * columnCount() + cell->columnIndex() : -1;
    }
    QAccessibleInterface* childAt(int x, int y) const override
    {
        const QPoint at = table()->viewport()->mapFromGlobal(QPoint(x, y));
        const auto row = table()->indexAt(at.y());
        if (!row)
            return nullptr;
        const auto columns = table()->visibleColumns();
        const auto found = std::ranges::find(columns, table()->columnAt(at.x()));
        return found == columns.end() ? nullptr : cellAt(capped(*row), static_cast<int>(found - columns.begin()));
    }

    QAccessibleInterface* caption() const override { return nullptr; }
    QAccessibleInterface* summary() const override { return nullptr; }
    QAccessibleInterface* cellAt(int row, int column) const override
    {
        const auto columns = table()->visibleColumns();
        if (row < 0 || row >= rowCount() || column < 0 || column >= static_cast<int>(columns.size()))
            return nullptr;
        const auto what = columns[static_cast<std::size_t>(column)];
        const auto key = std::pair(row, static_cast<int>(what));
        if (const auto known = m_cells.constFind(key); known != m_cells.constEnd())
            return QAccessible::accessibleInterface(*known);
        // A reader walks about for hours: only the latest thousand cells stay.
        if (m_cells.size() > 1000)
            forgetCells();
        auto* cell = new Cell(table(), row, what);
        m_cells.insert(key, QAccessible::registerAccessibleInterface(cell));
        return cell;
    }
    int columnCount() const override { return static_cast<int>(table()->visibleColumns().size()); }
    int rowCount() const override { return capped(table()->rowCount()); }
    QString columnDescription(int column) const override
    {
        const auto columns = table()->visibleColumns();
        return column >= 0 && column < static_cast<int>(columns.size())
            ? table()->titleOf(columns[static_cast<std::size_t>(column)])
            : QString();
    }
    QString rowDescription(int row) const override { return QString::number(row + 1); }

    int selectedCellCount() const override { return selectedRowCount() * columnCount(); }
    int selectedColumnCount() const override { return 0; }
    int selectedRowCount() const override { return capped(table()->selection().count()); }
    QList<QAccessibleInterface*> selectedCells() const override
    {
        QList<QAccessibleInterface*> cells;
        for (const int row : selectedRows())
            for (int column = 0; column < columnCount(); ++column)
                cells += cellAt(row, column);
        return cells;
    }
    QList<int> selectedColumns() const override { return {}; }
    QList<int> selectedRows() const override
    {
        static constexpr int kMost = 100; // a reader wants to hear some, not a million
        QList<int> rows;
        for (const auto& range : table()->selection().ranges())
            for (std::uint64_t row = range.first; row <= range.last && rows.size() < kMost; ++row)
                rows += capped(row);
        return rows;
    }
    bool isColumnSelected(int) const override { return false; }
    bool isRowSelected(int row) const override
    {
        return table()->selection().contains(static_cast<std::uint64_t>(row));
    }
    bool selectRow(int row) override
    {
        table()->setCurrentIndex(static_cast<std::uint64_t>(row), table()->currentColumn());
        return true;
    }
    bool selectColumn(int) override { return false; }
    bool unselectRow(int) override
    {
        table()->clearSelection();
        return true;
    }
    bool unselectColumn(int) override { return false; }
    void modelChange(QAccessibleTableModelChangeEvent*) override { forgetCells(); }

private:
    EventTable* table() const { return static_cast<EventTable*>(widget()); }
    void forgetCells() const
    {
        for (const QAccessible::Id id : std::as_const(m_cells))
            QAccessible::deleteAccessibleInterface(id);
        m_cells.clear();
    }

    mutable QHash<std::pair<int, int>, QAccessible::Id> m_cells;
};

QAccessibleInterface* makeInterface(const QString& className, QObject* object)
{
    if (className == QLatin1String("eventscope::ui::EventTable"))
        return new Table(static_cast<EventTable*>(object));
    return nullptr;
}

} // namespace

void installEventTableAccessibility()
{
    QAccessible::installFactory(makeInterface);
}

} // namespace eventscope::ui
