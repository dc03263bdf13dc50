// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// One visit to the demo from beginning to end, by keyboard and mouse.
#include "dead_letters/dead_letters_page.h"
#include "demo/story.h"
#include "demo_window.h"
#include "event_detail/event_detail.h"
#include "event_table/event_table.h"
#include "events/events_page.h"
#include "flow/flow_page.h"
#include "flow/flow_view.h"
#include "flow_model.h"
#include "json_tree/json_tree_view.h"
#include "json_tree_model.h"
#include "replay/replay_page.h"
#include "replay_events_model.h"
#include "sagas/saga_gantt.h"
#include "sagas/sagas_page.h"
#include "shell/filter_box.h"
#include "throughput/qcustomplot_header.h"
#include "throughput/throughput_page.h"
#include "throughput/time_chart.h"

#include <QAbstractButton>
#include <QAbstractItemModelTester>
#include <QApplication>
#include <QComboBox>
#include <QContextMenuEvent>
#include <QListView>
#include <QMenu>
#include <QTableView>
#include <QTest>
#include <QTreeView>
#include <algorithm>

using namespace eventscope;

namespace {

const QString kPoints = QStringLiteral("LoyaltyPointsEarned");

class Journey : public test::DemoWindow {
protected:
    Journey()
    {
        open();
        std::uint64_t index = 0;
        while (app::planOrder(kSeed, index, app::kDefaultFailureShare).poison != app::Poison::LockedLedger) {
            ++index;
        }
        m_order = QString::fromStdString(app::planOrder(kSeed, index, app::kDefaultFailureShare).orderId);
    }

    QString stream() const { return QStringLiteral("order-") + m_order; }
    QString saga() const { return QStringLiteral("saga-order-") + m_order; }
    ui::EventTable& table() { return *window().events().table(); }
    QString textAt(core::TextId id) { return QString::fromStdString(std::string(log().text(id))); }

    // Each leg of the journey begins where the one before ended.
    void findOrder();
    void replayToVersionTwo();
    void untickAnEvent();
    void followFlow();
    void seeSaga();
    void requeueLetter();

    QAbstractItemModel* stateAfter();
    QString after(const QString& member);
    /// What the chart over the events has counted of that type, in the time it shows.
    double charted(const QString& type);

    QString m_order; ///< its shipment cannot be honoured with points until it is told again
};

void Journey::findOrder()
{
    ASSERT_TRUE(waitFor([&] { return countOf("OrderShipped", stream().toStdString()) == 1; }));
    filter(QStringLiteral("subject = '%1'").arg(stream()));
    ASSERT_TRUE(waitFor([&] { return table().rowCount() == 3; }));
    click(table().viewport(), table().cellRect(0, models::EventColumn::Type).center());
    ASSERT_TRUE(window().detail().row());
    EXPECT_EQ(textAt(log().typeAt(*window().detail().row())), QStringLiteral("OrderPlaced"));
}

void Journey::replayToVersionTwo()
{
    auto& replay = page<ui::ReplayPage>();
    key(Qt::Key_R);
    ASSERT_TRUE(waitFor([&] { return window().currentPage() == &replay && replay.step() == 3; }));
    EXPECT_EQ(after(QStringLiteral("status")), QStringLiteral("\"shipped\""));
    key(Qt::Key_Left);
    ASSERT_TRUE(waitFor([&] { return replay.step() == 2; }));
    EXPECT_EQ(after(QStringLiteral("status")), QStringLiteral("\"paid\""));
    EXPECT_EQ(after(QStringLiteral("trackingNumber")), QStringLiteral("absent"));
}

void Journey::untickAnEvent()
{
    auto* events = page<ui::ReplayPage>().findChild<QListView*>();
    const QRect paid = events->visualRect(events->model()->index(1, 0));
    const QPoint box(paid.left() + 19, paid.center().y());
    click(events->viewport(), box);
    ASSERT_TRUE(waitFor([&] { return after(QStringLiteral("payment")) == QStringLiteral("absent"); }));
    EXPECT_EQ(after(QStringLiteral("status")), QStringLiteral("\"pending\""));
    click(events->viewport(), box);
    ASSERT_TRUE(waitFor([&] { return after(QStringLiteral("status")) == QStringLiteral("\"paid\""); }));
}

void Journey::followFlow()
{
    auto& flow = page<ui::FlowPage>();
    key(Qt::Key_1, Qt::ControlModifier);
    ASSERT_EQ(window().currentPage(), &window().events());
    const QPoint at = table().cellRect(0, models::EventColumn::Stream).center();
    QContextMenuEvent wanted(QContextMenuEvent::Mouse, at, table().viewport()->mapToGlobal(at));
    QApplication::sendEvent(table().viewport(), &wanted);
    auto* menu = table().findChild<QMenu*>(QStringLiteral("cellMenu"));
    ASSERT_NE(menu, nullptr);
    auto* follow = menu->findChild<QAction*>(QStringLiteral("followFlow"));
    ASSERT_NE(follow, nullptr);
    click(menu, menu->actionGeometry(follow).center());
    ASSERT_EQ(window().currentPage(), &flow);
    const auto shows = [&](const QString& type) {
        const QAbstractItemModel& model = *flow.tree().model();
        return !model.match(model.index(0, 0), Qt::DisplayRole, type, 1, Qt::MatchExactly | Qt::MatchRecursive)
                    .isEmpty();
    };
    ASSERT_TRUE(waitFor([&] { return shows(QStringLiteral("OrderShipped")); }));
    for (const char* type : {"SagaStarted", "OrderPlaced", "PaymentAuthorized", "ShipmentCreated"}) {
        EXPECT_TRUE(shows(QLatin1String(type))) << type;
    }
}

void Journey::seeSaga()
{
    auto& sagas = page<ui::SagasPage>();
    click(button(QStringLiteral("Show saga")));
    ASSERT_EQ(window().currentPage(), &sagas);
    ASSERT_TRUE(waitFor([&] { return sagas.current() && sagas.current()->state.hasEnded(); }));
    EXPECT_EQ(sagas.current()->state.id(), "order-" + m_order.toStdString());
    EXPECT_EQ(sagas.current()->state.status(), core::SagaStatus::Completed);
    ASSERT_TRUE(waitFor([&] { return sagas.gantt().timeline().lines.size() >= 4; }));
    for (const models::SagaLine& line : sagas.gantt().timeline().lines) {
        EXPECT_EQ(line.bars.empty(), line.compensation) << line.label.toStdString();
    }
}

void Journey::requeueLetter()
{
    auto& letters = page<ui::DeadLettersPage>();
    key(Qt::Key_5, Qt::ControlModifier);
    ASSERT_EQ(window().currentPage(), &letters);
    auto* causes = letters.findChild<QListView*>(QStringLiteral("causes"));
    auto* table = letters.findChild<QTreeView*>(QStringLiteral("letters"));
    const auto rowOf = [&]() -> QModelIndex {
        for (int row = 0; row < table->model()->rowCount(); ++row) {
            for (int column = 0; column < table->model()->columnCount(); ++column) {
                const QModelIndex cell = table->model()->index(row, column);
                if (cell.data().toString() == stream()) {
                    return cell;
                }
            }
        }
        return {};
    };
    // The cause whose letters include this order's.
    ASSERT_TRUE(waitFor([&] { return causes->model()->rowCount() > 0; }));
    for (int cause = 0; cause < causes->model()->rowCount() && !rowOf().isValid(); ++cause) {
        click(causes->viewport(), causes->visualRect(causes->model()->index(cause, 0)).center());
    }
    ASSERT_TRUE(rowOf().isValid());
    // None but this one.
    auto* all = letters.findChild<QAbstractButton*>(QStringLiteral("all"));
    for (int i = 0; i < 2
         && !letters.findChild<QAbstractButton*>(QStringLiteral("requeue"))->text().contains(QStringLiteral(" 0 "));
         ++i) {
        click(all);
    }
    table->scrollTo(rowOf());
    click(table->viewport(), table->visualRect(rowOf()).center());
    key(Qt::Key_Space);
    EXPECT_TRUE(button(QStringLiteral("requeue"))->text().startsWith(QStringLiteral("Requeue 1 to loyalty")))
        << button(QStringLiteral("requeue"))->text().toStdString();

    click(button(QStringLiteral("requeue")));
    auto* send = letters.findChild<QAbstractButton*>(QStringLiteral("send"));
    ASSERT_TRUE(waitFor([&] { return send->isVisible(); }));
    EXPECT_FALSE(send->isEnabled()) << "the source is read-only";
    answerNextDialog(QStringLiteral("Allow writing"));
    click(button(QStringLiteral("unlock")));
    ASSERT_TRUE(waitFor([&] { return send->isEnabled(); }));
    EXPECT_EQ(send->text(), QStringLiteral("Send 1 letter to loyalty"));
    const int before = letters.badge();
    click(send);
    ASSERT_TRUE(waitFor([&] { return letters.badge() == before - 1; }));
    EXPECT_FALSE(rowOf().isValid());
}

QString Journey::after(const QString& member)
{
    const auto views = page<ui::ReplayPage>().findChildren<ui::JsonTreeView*>();
    const auto view = std::ranges::find(views, QStringLiteral("State after the event"), &QWidget::accessibleName);
    const QAbstractItemModel* model = (*view)->model();
    const QModelIndex state = model->index(0, 0);
    for (int row = 0; row < model->rowCount(state); ++row) {
        if (model->index(row, 0, state).data().toString() == member) {
            return model->index(row, 1, state).data().toString();
        }
    }
    return QStringLiteral("absent");
}

double Journey::charted(const QString& type)
{
    for (const QCustomPlot* plot : page<ui::ThroughputPage>().findChildren<QCustomPlot*>()) {
        for (int i = 0; i < plot->graphCount(); ++i) {
            const QCPGraph& graph = *plot->graph(i);
            if (graph.name() != type || graph.data()->size() < 2) {
                continue;
            }
            const double width = graph.data()->at(1)->key - graph.data()->at(0)->key;
            double sum = 0;
            for (const QCPGraphData& point : *graph.data()) {
                sum += point.value * width;
            }
            return sum;
        }
    }
    return 0;
}

} // namespace

TEST_F(Journey, LeadsFromAnOrderToItsDeadLetterAndBackIntoTheCharts)
{
    ASSERT_NO_FATAL_FAILURE(findOrder());
    ASSERT_NO_FATAL_FAILURE(replayToVersionTwo());
    ASSERT_NO_FATAL_FAILURE(untickAnEvent());
    ASSERT_NO_FATAL_FAILURE(followFlow());
    ASSERT_NO_FATAL_FAILURE(seeSaga());
    ASSERT_NO_FATAL_FAILURE(bringToRest()); // so that from here on everything counts exactly

    // The chart of a quarter of an hour, which no test outlives.
    key(Qt::Key_6, Qt::ControlModifier);
    const auto spans = page<ui::ThroughputPage>().findChildren<QComboBox*>();
    const auto span = std::ranges::find_if(
        spans, [](const QComboBox* box) { return box->findText(QStringLiteral("15 minutes")) >= 0; });
    ASSERT_NE(span, spans.end());
    (*span)->setFocus();
    key(Qt::Key_Down);
    key(Qt::Key_Down);
    ASSERT_EQ((*span)->currentText(), QStringLiteral("15 minutes"));
    const auto stored = static_cast<double>(countOf(kPoints.toStdString()));
    ASSERT_TRUE(waitFor([&] { return std::abs(charted(kPoints) - stored) < 0.01; }));

    ASSERT_NO_FATAL_FAILURE(requeueLetter());
    ASSERT_TRUE(waitFor([&] { return static_cast<double>(countOf(kPoints.toStdString())) > stored; }));

    key(Qt::Key_6, Qt::ControlModifier);
    EXPECT_TRUE(waitFor([&] { return std::abs(charted(kPoints) - stored - 1) < 0.01; })) << charted(kPoints);
    EXPECT_EQ(static_cast<double>(countOf(kPoints.toStdString())), stored + 1);
}

TEST_F(Journey, NarrowsTheEventsToATimeThatIsBrushedInAChart)
{
    ASSERT_TRUE(waitFor([&] { return countOf("SagaCompleted") > 2; }));
    ASSERT_NO_FATAL_FAILURE(bringToRest());
    const auto all = table().rowCount();
    key(Qt::Key_6, Qt::ControlModifier);
    auto* chart = page<ui::ThroughputPage>().findChild<ui::TimeChart*>();
    auto* plot = chart->findChild<QCustomPlot*>();
    ASSERT_TRUE(waitFor([&] { return plot->graphCount() > 0; }));
    const core::Timestamp from = chart->range().from;
    const QRect area = plot->axisRect()->rect();
    const int middle = area.center().x();
    QTest::mousePress(plot, Qt::LeftButton, Qt::ShiftModifier, {middle, area.top() + 5});
    QTest::mouseMove(plot, {middle + 20, area.center().y()});
    QTest::mouseMove(plot, {area.right() - 2, area.center().y()});
    QTest::mouseRelease(plot, Qt::LeftButton, Qt::ShiftModifier, {area.right() - 2, area.center().y()});
    const core::Timestamp to = chart->range().to; // it moves on
    ASSERT_EQ(window().currentPage(), &window().events());
    ASSERT_TRUE(window().events().isFiltered());
    ASSERT_TRUE(waitFor([&] { return window().events().verdictIsComplete(); }));
    EXPECT_LT(table().rowCount(), all);
    for (std::uint64_t at = 0; at < table().rowCount(); ++at) {
        const core::Timestamp time = log().at(table().rows()->rowAt(at)).time;
        EXPECT_GE(time, from);
        EXPECT_LE(time, to);
    }
}
