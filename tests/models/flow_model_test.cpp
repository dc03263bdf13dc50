// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "flow_model.h"

#include "sample_flow.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <gtest/gtest.h>
#include <numeric>

using namespace eventscope;
using namespace Qt::StringLiterals;
using models::FlowModel;

namespace {

class FlowModelTest : public testing::Test {
protected:
    void show()
    {
        std::vector<core::LogRow> rows(log.size());
        std::iota(rows.begin(), rows.end(), 0);
        model.setFlow(std::make_shared<const core::Flow>(core::buildFlow(log, rows)));
    }
    QString text(const QModelIndex& index, FlowModel::Column column) const
    {
        return index.siblingAtColumn(column).data().toString();
    }

    core::EventLog log;
    test::SampleFlow flow{log, "c-1"};
    FlowModel model{log};
    QAbstractItemModelTester tester{&model, QAbstractItemModelTester::FailureReportingMode::Fatal};
};

} // namespace

TEST_F(FlowModelTest, PutsEffectsUnderTheirCause)
{
    flow.addOrder();
    show();
    ASSERT_EQ(model.rowCount(), 1);
    const QModelIndex placed = model.index(0, 0);
    EXPECT_EQ(text(placed, FlowModel::TypeColumn), u"OrderPlaced"_s);
    ASSERT_EQ(model.rowCount(placed), 2);
    const QModelIndex declined = model.index(0, 0, placed);
    EXPECT_EQ(text(declined, FlowModel::StreamColumn), u"payment-91"_s);
    EXPECT_EQ(text(declined, FlowModel::DelayColumn), u"+207\u00A0ms"_s);
    EXPECT_EQ(text(declined, FlowModel::DepthColumn), u"1"_s);
    EXPECT_EQ(declined.data(FlowModel::ToneRole).toInt(), static_cast<int>(models::EventTone::Failure));
    EXPECT_TRUE(model.describe(1).contains(u"a failure"_s));
}

TEST_F(FlowModelTest, GrowsWithoutMovingWhatIsThere)
{
    flow.addOrder();
    show();
    const QPersistentModelIndex shipped(model.indexOf(4));
    QSignalSpy resets(&model, &QAbstractItemModel::modelReset);
    QSignalSpy inserted(&model, &QAbstractItemModel::rowsInserted);
    flow.add("e6", "e1", "mail-1", "MailSent", 220).add("e7", "e6", "mail-1", "MailOpened", 5000);
    show();
    EXPECT_TRUE(resets.isEmpty());
    EXPECT_EQ(inserted.count(), 1) << "an effect comes with its own effects";
    ASSERT_TRUE(shipped.isValid());
    EXPECT_EQ(text(shipped, FlowModel::TypeColumn), u"OrderShipped"_s);
    const QModelIndex mail = model.indexOf(5);
    EXPECT_EQ(mail.row(), 1);
    EXPECT_EQ(model.indexOf(6).parent(), mail);
}

TEST_F(FlowModelTest, TakesWhatIsNewSideBySideAtOnce)
{
    flow.addOrder();
    show();
    QSignalSpy inserted(&model, &QAbstractItemModel::rowsInserted);
    for (int i = 0; i < 500; ++i) {
        const std::string id = "m" + std::to_string(i);
        flow.add(id, "e1", "mail-1", "MailSent", 6000 + i).add(id + "o", id, "mail-1", "MailOpened", 9000 + i);
    }
    flow.add("early", "e1", "audit-1", "OrderAudited", 1); // before the others of its cause
    show();
    EXPECT_EQ(inserted.count(), 2);
    const QModelIndex placed = model.index(0, 0);
    ASSERT_EQ(model.rowCount(placed), 503);
    EXPECT_EQ(text(model.index(0, 0, placed), FlowModel::TypeColumn), u"OrderAudited"_s);
    EXPECT_EQ(model.rowCount(model.index(502, 0, placed)), 1);
    for (int row = 0; row < model.rowCount(placed); ++row) {
        const QModelIndex index = model.index(row, 0, placed);
        ASSERT_EQ(model.indexOf(index.data(FlowModel::RowRole).toULongLong()), index);
    }
}

TEST_F(FlowModelTest, BuildsTheTreeAnewWhenACauseTurnsUpLate)
{
    flow.add("e2", "e1", "payment-91", "PaymentConfirmed", 10);
    show();
    EXPECT_TRUE(model.describe(0).contains(u"its cause is not among the events"_s));
    flow.add("e1", "c-1", "order-1", "OrderPlaced", 0);
    show();
    EXPECT_EQ(model.indexOf(0).parent(), model.indexOf(1));
}
