// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "flow/flow_page.h"

#include "flow/flow_view.h"
#include "inspect/workspace.h"
#include "sample_flow.h"
#include "shell/state_overlay.h"

#include <QSignalSpy>
#include <QTest>
#include <QTreeView>
#include <gtest/gtest.h>

using namespace eventscope;
using namespace Qt::StringLiterals;

namespace {

class FlowPageTest : public testing::Test {
protected:
    FlowPageTest()
    {
        page.resize(1100, 600);
        page.show();
    }

    bool waitForEvents(int count)
    {
        return QTest::qWaitFor([this, count] {
            int seen = 0;
            for (QModelIndex index = page.tree().model()->index(0, 0); index.isValid();
                 index = page.tree().indexBelow(index))
                ++seen;
            // The parts get their sizes after the window does.
            return seen == count && page.view().viewport()->width() > 400;
        });
    }
    ui::StateOverlay& overlay() { return *page.findChild<ui::StateOverlay*>(); }
    void key(QWidget& widget, Qt::Key key) { QTest::keyClick(&widget, key); }

    core::ManualClock clock{test::SampleFlow::kStart};
    core::Workspace workspace{clock};
    ui::FlowPage page{workspace};
};

} // namespace

TEST_F(FlowPageTest, SaysHowToGetAFlowAndWhenThereIsNone)
{
    EXPECT_TRUE(overlay().isVisible());
    EXPECT_EQ(overlay().headline(), u"No source is open"_s);
    test::SampleFlow(workspace.log(), "c-0").add("x1", "", "order-1", "OrderPlaced", 0);
    EXPECT_TRUE(QTest::qWaitFor([this] { return overlay().sentence().contains(u"Follow flow"_s); }));
    EXPECT_FALSE(page.showFlow({}));
    EXPECT_TRUE(page.showFlow(u"c-none"_s));
    EXPECT_TRUE(QTest::qWaitFor([this] { return overlay().sentence().contains(u"c-none"_s); }));
}

TEST_F(FlowPageTest, ShowsTheSameEventsOverTimeAndAsATree)
{
    test::SampleFlow(workspace.log(), "c-0").add("x1", "", "order-1", "OrderPlaced", 0);
    test::SampleFlow(workspace.log(), "c-1").addOrder();
    ASSERT_TRUE(page.showFlow(u"c-1"_s));
    ASSERT_TRUE(waitForEvents(5));
    EXPECT_FALSE(overlay().isVisible());
    EXPECT_FALSE(page.view().placeOf(0));
    const QPoint placed = page.view().placeOf(1).value(), declined = page.view().placeOf(2).value();
    EXPECT_LT(placed.x(), declined.x());
    EXPECT_LT(placed.y(), declined.y()) << "each stream has a lane of its own";
    EXPECT_EQ(page.view().placeOf(5)->y(), placed.y());
}

TEST_F(FlowPageTest, ChoosesInBothPartsAndLeadsToTheEvent)
{
    test::SampleFlow(workspace.log(), "c-1").addOrder();
    page.showFlow(u"c-1"_s);
    ASSERT_TRUE(waitForEvents(5));
    QTest::mouseClick(page.view().viewport(), Qt::LeftButton, {}, page.view().placeOf(3).value());
    EXPECT_EQ(page.current(), 3U);
    EXPECT_EQ(page.tree().currentIndex().data().toString(), u"PaymentConfirmed"_s);

    QSignalSpy wanted(&page, &ui::Page::eventWanted);
    page.tree().setFocus();
    key(page.tree(), Qt::Key_Down);
    key(page.tree(), Qt::Key_Return);
    ASSERT_EQ(wanted.count(), 1);
    EXPECT_EQ(wanted.first().at(0).toULongLong(), 4U);
    EXPECT_EQ(page.view().current(), 4U);

    page.view().setFocus();
    key(page.view(), Qt::Key_Home);
    EXPECT_EQ(page.current(), 0U);
    key(page.view(), Qt::Key_Down);
    EXPECT_EQ(page.current(), 1U);
    key(page.view(), Qt::Key_Right);
    EXPECT_EQ(page.current(), 2U);
    key(page.view(), Qt::Key_Return);
    EXPECT_EQ(wanted.count(), 2);
}

TEST_F(FlowPageTest, GrowsAsEventsArriveAndKeepsWhatWasChosen)
{
    test::SampleFlow flow(workspace.log(), "c-1");
    flow.addOrder();
    page.showFlow(u"c-1"_s);
    ASSERT_TRUE(waitForEvents(5));
    QTest::mouseClick(page.view().viewport(), Qt::LeftButton, {}, page.view().placeOf(1).value());
    EXPECT_EQ(page.current(), 1U);
    const QAbstractItemModel& model = *page.tree().model();
    const QModelIndex placed = model.index(0, 0), declined = model.index(0, 0, placed);
    EXPECT_TRUE(page.tree().isExpanded(declined));
    page.tree().collapse(declined);
    flow.add("e6", "e2", "mail-1", "MailSent", 400).add("e7", "e6", "mail-1", "MailOpened", 450);
    ASSERT_TRUE(QTest::qWaitFor([&] { return model.rowCount(declined) == 2; }));
    EXPECT_FALSE(page.tree().isExpanded(declined)) << "somebody closed it";
    EXPECT_TRUE(page.tree().isExpanded(model.index(0, 0, declined))) << "what is new is open";
    EXPECT_EQ(page.current(), 1U);
    EXPECT_TRUE(page.view().placeOf(5));
}

TEST_F(FlowPageTest, ShowsWhatCameWhileItWasHidden)
{
    page.hide();
    test::SampleFlow(workspace.log(), "c-1").addOrder();
    page.showFlow(u"c-1"_s);
    page.show();
    EXPECT_TRUE(waitForEvents(5));
}
