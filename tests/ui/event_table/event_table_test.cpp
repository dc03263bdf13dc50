// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "column_looks.h"
#include "event_table/event_table.h"
#include "event_table/new_events_chip.h"
#include "inspect/event_marks.h"
#include "inspect/log_worker.h"
#include "sample_orders.h"
#include "sorted_event_rows.h"
#include "theme/colours.h"
#include "view_event_rows.h"

#include <QAccessible>
#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QHeaderView>
#include <QMenu>
#include <QMimeData>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTest>
#include <QWheelEvent>
#include <gtest/gtest.h>

using namespace eventscope;
using models::EventColumn;

namespace {

class EventTableTest : public testing::Test {
protected:
    EventTableTest()
    {
        sample.appendTo(log, 1000);
        rows.refresh();
        table.setRows(&rows);
        table.resize(900, 500);
        table.show();
        QCoreApplication::processEvents();
    }

    void grow(std::size_t count)
    {
        sample.appendTo(log, count);
        rows.refresh();
    }
    QPoint cellCentre(std::uint64_t index, EventColumn column = EventColumn::Type) const
    {
        return table.cellRect(index, column).center();
    }
    void click(std::uint64_t index, Qt::KeyboardModifiers modifiers = Qt::NoModifier)
    {
        QTest::mouseClick(table.viewport(), Qt::LeftButton, modifiers, cellCentre(index));
    }
    void key(int key, Qt::KeyboardModifiers modifiers = Qt::NoModifier)
    {
        QTest::keyClick(&table, static_cast<Qt::Key>(key), modifiers);
    }
    QString typeOf(core::LogRow row) const
    {
        const std::string_view type = log.text(log.typeAt(row));
        return QString::fromUtf8(type.data(), static_cast<qsizetype>(type.size()));
    }
    ui::NewEventsChip& chip() { return *table.viewport()->findChild<ui::NewEventsChip*>(); }
    std::uint64_t lastVisible() const { return *table.indexAt(table.viewport()->height() - 2); }

    core::EventLog log;
    test::SampleOrders sample;
    models::AllEventRows rows{log};
    ui::EventTable table;
};

} // namespace

TEST_F(EventTableTest, FollowsTheEndFromTheStart)
{
    EXPECT_TRUE(table.isFollowing());
    EXPECT_EQ(lastVisible(), 999U);
    grow(50);
    EXPECT_EQ(lastVisible(), 1049U);
}

TEST_F(EventTableTest, MovesNothingOnceARowIsRead)
{
    click(990);
    EXPECT_FALSE(table.isFollowing());
    const QRect before = table.cellRect(990, EventColumn::Type);
    grow(312);
    EXPECT_EQ(table.cellRect(990, EventColumn::Type), before);
    EXPECT_EQ(table.newEvents(), 312U);
    EXPECT_EQ(table.currentIndex(), 990U);
}

TEST_F(EventTableTest, KeepsTheChosenRowWhileRowsAreBeingPutInOrder)
{
    table.setCurrentIndex(500, EventColumn::Type);
    QSignalSpy changed(&table, &ui::EventTable::currentRowChanged);
    models::SortedEventRows sorted(rows, {.by = core::OrderBy::Type, .descending = true, .field = {}});
    table.setRows(&sorted);
    ASSERT_TRUE(QTest::qWaitFor([this] { return table.currentRow() == 500U; }));
    EXPECT_EQ(sorted.rowAt(*table.currentIndex()), 500U);
    EXPECT_TRUE(table.selection().contains(*table.currentIndex()));
    EXPECT_FALSE(table.cellRect(*table.currentIndex(), EventColumn::Type).isEmpty()) << "and shows it";
    EXPECT_TRUE(changed.isEmpty()) << "its details stay";
    table.setRows(nullptr);
}

TEST_F(EventTableTest, KeepsTheChosenRowWhileAFilterSearches)
{
    table.setCurrentIndex(500, EventColumn::Type);
    QSignalSpy changed(&table, &ui::EventTable::currentRowChanged);
    core::LogWorker worker(log);
    const auto filtered = [&](const char* sign) {
        const std::string text = "type " + std::string(sign) + " '" + typeOf(500).toStdString() + "'";
        core::RowFilter filter;
        filter.expression = *core::FilterExpression::compile(text);
        return std::make_unique<models::ViewEventRows>(log, worker, std::move(filter));
    };
    const auto with = filtered("=");
    table.setRows(with.get());
    ASSERT_TRUE(QTest::qWaitFor([this] { return table.currentRow() == 500U; }));
    EXPECT_TRUE(changed.isEmpty());
    EXPECT_EQ(table.newEvents(), 0U) << "what a search finds was there before";
    const auto without = filtered("!=");
    table.setRows(without.get());
    EXPECT_TRUE(changed.isEmpty()) << "it may still come";
    ASSERT_TRUE(changed.count() == 1 || changed.wait());
    EXPECT_FALSE(changed.front().front().toBool());
    EXPECT_FALSE(table.currentRow());
    table.setRows(nullptr);
}

TEST_F(EventTableTest, ShowsMarksAlsoWhenScrolledSideways)
{
    log.marks().set(990, {});
    table.resize(300, 500);
    QCoreApplication::processEvents();
    table.horizontalScrollBar()->setValue(table.horizontalScrollBar()->maximum());
    ASSERT_GT(table.horizontalScrollBar()->value(), 50);
    const QImage shown = table.viewport()->grab().toImage();
    const int middle = table.cellRect(990, EventColumn::Data).center().y();
    const QColor accent = ui::Colours(table.palette()).accent;
    EXPECT_EQ(shown.pixelColor(3, middle - 3), accent);
    EXPECT_NE(shown.pixelColor(3, middle - 3 + table.rowHeight()), accent);
}

TEST_F(EventTableTest, CountsWhatCameInAChipThatLeadsToTheEnd)
{
    click(990);
    grow(312);
    ASSERT_TRUE(QTest::qWaitFor([this] { return chip().isVisible(); }));
    EXPECT_EQ(chip().text(), QStringLiteral("312 new events"));
    QTest::mouseClick(&chip(), Qt::LeftButton);
    EXPECT_TRUE(table.isFollowing());
    EXPECT_EQ(lastVisible(), 1311U);
    EXPECT_FALSE(chip().isVisible());
}

TEST_F(EventTableTest, ReturnsToTheTailWithEnd)
{
    key(Qt::Key_Home);
    EXPECT_EQ(table.currentIndex(), 0U);
    EXPECT_FALSE(table.isFollowing());
    grow(5);
    key(Qt::Key_End);
    EXPECT_TRUE(table.isFollowing());
    EXPECT_EQ(table.currentIndex(), 1004U);
    grow(5);
    EXPECT_EQ(lastVisible(), 1009U);
}

TEST_F(EventTableTest, LeavesTheTailWithTheWheelAndFindsItAgain)
{
    const auto wheel = [this](int notches) {
        const QPointF at(100, 100);
        QWheelEvent event(at, table.viewport()->mapToGlobal(at), QPoint(), QPoint(0, notches * 120), Qt::NoButton,
            Qt::NoModifier, Qt::NoScrollPhase, false);
        QApplication::sendEvent(table.viewport(), &event);
    };
    wheel(2);
    EXPECT_FALSE(table.isFollowing());
    EXPECT_LT(lastVisible(), 999U);
    wheel(-2);
    EXPECT_TRUE(table.isFollowing());
}

TEST_F(EventTableTest, ScrollsByItsBar)
{
    table.verticalScrollBar()->setValue(0);
    EXPECT_FALSE(table.isFollowing());
    EXPECT_EQ(table.firstVisibleIndex(), 0U);
    table.verticalScrollBar()->setValue(table.verticalScrollBar()->maximum());
    EXPECT_TRUE(table.isFollowing());
}

TEST_F(EventTableTest, PausesTheViewAndNotTheLog)
{
    key(Qt::Key_Space);
    EXPECT_TRUE(table.isPaused());
    grow(20);
    EXPECT_EQ(table.rowCount(), 1000U);
    EXPECT_EQ(table.newEvents(), 20U);
    ASSERT_TRUE(QTest::qWaitFor([this] { return chip().text().contains(QLatin1String("20")); }));
    key(Qt::Key_Space);
    EXPECT_FALSE(table.isPaused());
    EXPECT_EQ(table.rowCount(), 1020U);
    EXPECT_EQ(lastVisible(), 1019U);
}

TEST_F(EventTableTest, SelectsRowsWithShiftAndControl)
{
    click(985);
    click(988, Qt::ShiftModifier);
    EXPECT_EQ(table.selection().count(), 4U);
    click(990, Qt::ControlModifier);
    click(986, Qt::ControlModifier);
    EXPECT_EQ(table.selection().count(), 4U);
    EXPECT_FALSE(table.selection().contains(986));
    key(Qt::Key_A, Qt::ControlModifier);
    EXPECT_EQ(table.selection().count(), 1000U);
}

TEST_F(EventTableTest, MovesByKeys)
{
    click(990);
    key(Qt::Key_Up);
    EXPECT_EQ(table.currentIndex(), 989U);
    key(Qt::Key_Down, Qt::ShiftModifier);
    EXPECT_EQ(table.selection().count(), 2U);
    key(Qt::Key_PageUp);
    EXPECT_EQ(table.currentIndex(), 990U - static_cast<std::uint64_t>(table.visibleRowCount() - 1));
    key(Qt::Key_Right);
    EXPECT_EQ(table.currentColumn(), EventColumn::Data);
    key(Qt::Key_Left);
    EXPECT_EQ(table.currentColumn(), EventColumn::Type);
}

TEST_F(EventTableTest, TellsWhichRowIsCurrent)
{
    QSignalSpy changed(&table, &ui::EventTable::currentRowChanged);
    click(990);
    ASSERT_EQ(changed.count(), 1);
    EXPECT_EQ(changed.last().at(1).toULongLong(), 990U);
    key(Qt::Key_Escape);
    ASSERT_EQ(changed.count(), 2);
    EXPECT_FALSE(changed.last().at(0).toBool());
}

TEST_F(EventTableTest, CopiesRowsAsNdjsonAndAsATable)
{
    click(985);
    click(987, Qt::ShiftModifier);
    key(Qt::Key_C, Qt::ControlModifier);
    const QString lines = QApplication::clipboard()->text();
    EXPECT_EQ(lines.count(QLatin1Char('\n')), 3);
    EXPECT_TRUE(lines.startsWith(QLatin1String("{\"source\":\"demo\"")));
    key(Qt::Key_C, Qt::ControlModifier | Qt::ShiftModifier);
    const QStringList copied = QApplication::clipboard()->text().split(QLatin1Char('\n'), Qt::SkipEmptyParts);
    ASSERT_EQ(copied.size(), 4);
    EXPECT_TRUE(copied.first().startsWith(QLatin1String("Time\tSource\tStream")));
}

TEST_F(EventTableTest, OffersFiltersReplayAndFlowForACell)
{
    click(990);
    QSignalSpy filtered(&table, &ui::EventTable::filterRequested);
    QSignalSpy replayed(&table, &ui::EventTable::replayRequested);
    QContextMenuEvent event(QContextMenuEvent::Mouse, cellCentre(990), table.viewport()->mapToGlobal(cellCentre(990)));
    QApplication::sendEvent(table.viewport(), &event);
    auto* menu = table.findChild<QMenu*>(QStringLiteral("cellMenu"));
    ASSERT_NE(menu, nullptr);
    menu->actions().at(0)->trigger();
    menu->actions().at(1)->trigger();
    ASSERT_EQ(filtered.count(), 2);
    EXPECT_EQ(filtered.at(0).at(0).toString(), QStringLiteral("type = '%1'").arg(typeOf(990)));
    EXPECT_EQ(filtered.at(1).at(1).value<models::FilterJoin>(), models::FilterJoin::AndNot);
    menu->findChild<QAction*>(QStringLiteral("replayStream"))->trigger();
    ASSERT_EQ(replayed.count(), 1);
    EXPECT_EQ(replayed.last().at(0).toULongLong(), 990U);
    menu->close();
}

TEST_F(EventTableTest, KeepsItsColumns)
{
    table.header()->setSectionHidden(static_cast<int>(EventColumn::Correlation), false);
    table.header()->resizeSection(static_cast<int>(EventColumn::Type), 222);
    table.header()->moveSection(0, 2);
    const auto columns = table.visibleColumns();
    ui::EventTable other;
    other.setColumns(models::columnLooksFromJson(models::columnLooksToJson(table.columns())));
    EXPECT_EQ(other.visibleColumns(), columns);
    EXPECT_NEAR(other.header()->sectionSize(static_cast<int>(EventColumn::Type)), 222, 8);
    EXPECT_EQ(other.columns(), table.columns()) << "nothing drifts from one time to the next";
    other.resetColumns();
    EXPECT_EQ(other.visibleColumns().front(), EventColumn::Time);
}

TEST_F(EventTableTest, TakesFieldsAsColumns)
{
    const QSignalSpy said(&table, &ui::EventTable::said);
    EXPECT_FALSE(table.addFieldColumn(QStringLiteral("data. = 3")));
    EXPECT_EQ(said.count(), 1);
    ASSERT_TRUE(table.addFieldColumn(QStringLiteral("data.orderId")));
    ASSERT_TRUE(table.addFieldColumn(QStringLiteral("data.totalAmount")));
    const EventColumn order = models::fieldColumn(0);
    EXPECT_EQ(table.titleOf(order), QStringLiteral("orderId"));
    EXPECT_EQ(table.visibleColumns().back(), EventColumn::Data) << "the payload stays what stretches";
    core::LogRow placed = 900;
    while (typeOf(placed) != QStringLiteral("OrderPlaced"))
        ++placed;
    EXPECT_FALSE(table.cells()->text(placed, order).isEmpty());
    EXPECT_EQ(table.columns(), models::columnLooksFromJson(models::columnLooksToJson(table.columns())));
    QSignalSpy wanted(&table, &ui::EventTable::orderWanted);
    Q_EMIT table.header()->sectionClicked(static_cast<int>(order));
    ASSERT_EQ(wanted.count(), 1);
    const auto asked = wanted[0][0].value<std::optional<core::RowOrder>>();
    ASSERT_TRUE(asked && asked->field);
    EXPECT_EQ(asked->field->text(), "data.orderId");
    table.showOrder(asked);
    table.hideColumn(order);
    EXPECT_EQ(table.titleOf(models::fieldColumn(0)), QStringLiteral("totalAmount")) << "the other one stays";
    ASSERT_EQ(wanted.count(), 2);
    EXPECT_FALSE(wanted[1][0].value<std::optional<core::RowOrder>>()) << "nothing is in order by what is gone";
    table.grab();
}

TEST_F(EventTableTest, AsksForMarksByKeys)
{
    QSignalSpy marked(&table, &ui::EventTable::markWanted);
    QSignalSpy noted(&table, &ui::EventTable::noteWanted);
    QSignalSpy next(&table, &ui::EventTable::nextMarkWanted);
    key(Qt::Key_M);
    EXPECT_EQ(marked.count(), 0) << "no row is chosen";
    table.setCurrentIndex(990, EventColumn::Type);
    key(Qt::Key_M);
    key(Qt::Key_N);
    key(Qt::Key_Period);
    key(Qt::Key_Comma);
    EXPECT_EQ(marked.count(), 1);
    ASSERT_EQ(noted.count(), 1);
    EXPECT_EQ(noted[0][0].toULongLong(), 990U);
    ASSERT_EQ(next.count(), 2);
    EXPECT_EQ(next[0][0].toInt(), 1);
    EXPECT_EQ(next[1][0].toInt(), -1);
}

TEST_F(EventTableTest, CopiesACommandThatReadsTheEventAgain)
{
    table.setCurrentIndex(990, EventColumn::Type);
    QGuiApplication::clipboard()->setText(QStringLiteral("before"));
    table.copyAsCommand();
    EXPECT_EQ(QGuiApplication::clipboard()->text(), QStringLiteral("before")) << "no source could read it";
    table.setSourceUrls([](const QString&) { return QStringLiteral("sqlite:a b.db"); });
    table.copyAsCommand();
    const QString command = QGuiApplication::clipboard()->text();
    EXPECT_TRUE(command.startsWith(QStringLiteral("eventscope read 'sqlite:a b.db' --from "))) << command.toStdString();
    EXPECT_TRUE(command.contains(QStringLiteral(" --filter 'id = '\\''"))) << command.toStdString();
}

TEST_F(EventTableTest, ShowsARowWhereverItIs)
{
    EXPECT_TRUE(table.showLogRow(3));
    EXPECT_EQ(table.currentIndex(), 3U);
    EXPECT_FALSE(table.cellRect(3, EventColumn::Type).isEmpty());
    EXPECT_FALSE(table.showLogRow(5000));
}

TEST_F(EventTableTest, IsATableForAScreenReader)
{
    QAccessibleInterface* accessible = QAccessible::queryAccessibleInterface(&table);
    ASSERT_NE(accessible, nullptr);
    QAccessibleTableInterface* asTable = accessible->tableInterface();
    ASSERT_NE(asTable, nullptr);
    EXPECT_EQ(asTable->rowCount(), 1000);
    EXPECT_EQ(asTable->columnCount(), 6);
    const auto* cell = asTable->cellAt(990, 4);
    ASSERT_NE(cell, nullptr);
    EXPECT_EQ(cell->text(QAccessible::Name), typeOf(990));
    EXPECT_EQ(asTable->columnDescription(4), QStringLiteral("Type"));
    click(990);
    EXPECT_TRUE(asTable->isRowSelected(990));
}

TEST_F(EventTableTest, StaysAtItsRowsWhenTheOldestGo)
{
    core::EventLog small({.budgetBytes = std::size_t{24} << 20, .atLimit = core::LogAtLimit::DropOldest});
    const std::string payload(4000, 'x');
    const auto append = [&](int count) {
        const core::SourceEvent event{.stream = "order-1", .type = "OrderPlaced", .payload = payload};
        for (int i = 0; i < count; ++i)
            small.append({&event, 1});
    };
    append(5000);
    models::AllEventRows shown(small);
    table.setRows(&shown);
    table.setCurrentIndex(4500, EventColumn::Type);
    const core::LogRow top = shown.rowAt(table.firstVisibleIndex());
    append(3000);
    const core::LogRow first = small.firstRow();
    ASSERT_GT(first, 0U);
    ASSERT_LT(first, 4400U);
    shown.refresh();
    EXPECT_EQ(table.currentRow(), 4500U);
    EXPECT_EQ(table.currentIndex(), 4500U - first);
    EXPECT_TRUE(table.selection().contains(4500 - first));
    EXPECT_EQ(shown.rowAt(table.firstVisibleIndex()), top);
    append(20'000);
    ASSERT_GT(small.firstRow(), 8000U);
    shown.refresh();
    EXPECT_FALSE(table.currentIndex());
    EXPECT_EQ(table.firstVisibleIndex(), 0U);
    table.setRows(&rows);
}

TEST_F(EventTableTest, AsksForAnOrderWhenAHeaderIsClicked)
{
    QList<std::optional<core::RowOrder>> wanted;
    QObject::connect(&table, &ui::EventTable::orderWanted, &table, [&](auto order) {
        wanted += order;
        table.showOrder(order);
    });
    const int section = static_cast<int>(EventColumn::Type);
    const QPoint middle(table.header()->sectionViewportPosition(section) + table.header()->sectionSize(section) / 2, 8);
    for (int i = 0; i < 3; ++i)
        QTest::mouseClick(table.header()->viewport(), Qt::LeftButton, {}, middle);
    ASSERT_EQ(wanted.size(), 3);
    EXPECT_EQ(wanted[0], (core::RowOrder{core::OrderBy::Type, false}));
    EXPECT_EQ(wanted[1], (core::RowOrder{core::OrderBy::Type, true}));
    EXPECT_EQ(wanted[2], std::nullopt);
    EXPECT_FALSE(table.header()->isSortIndicatorShown());
}

namespace {

/// More rows than any table of Qt's can show; they are the same thousand again and again.
class EndlessRows final : public models::EventRows {
public:
    explicit EndlessRows(const core::EventLog& log) : m_log(log) { }
    const core::EventLog& log() const override { return m_log; }
    std::uint64_t count() const override { return 5'000'000'000; }
    core::LogRow rowAt(std::uint64_t index) const override { return index % 1000; }
    std::uint64_t firstNotBefore(core::LogRow row) const override { return row; }

private:
    const core::EventLog& m_log;
};

} // namespace

TEST_F(EventTableTest, ScrollsThroughMoreRowsThanAnIntCounts)
{
    EndlessRows endless(log);
    table.setRows(&endless);
    EXPECT_EQ(lastVisible(), 4'999'999'999U);
    key(Qt::Key_Home);
    EXPECT_EQ(table.firstVisibleIndex(), 0U);
    key(Qt::Key_Down);
    EXPECT_EQ(table.currentIndex(), 1U);
    table.verticalScrollBar()->setValue(table.verticalScrollBar()->maximum() / 2);
    EXPECT_NEAR(static_cast<double>(table.firstVisibleIndex()), 2.5e9, 1e7);
    const std::uint64_t middle = table.firstVisibleIndex();
    table.setCurrentIndex(middle + 2, EventColumn::Type);
    key(Qt::Key_Down);
    EXPECT_EQ(table.currentIndex(), middle + 3);
    EXPECT_FALSE(table.grab().isNull());
    table.setRows(&rows);
}
