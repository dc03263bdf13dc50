// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "event_detail/event_detail.h"
#include "event_detail/hex_view.h"
#include "event_detail/payload_text.h"
#include "json_tree/json_tree_view.h"
#include "sample_orders.h"
#include "widgets/labels.h"

#include <QApplication>
#include <QClipboard>
#include <QPushButton>
#include <QSignalSpy>
#include <QTabBar>
#include <QTest>
#include <gtest/gtest.h>

using namespace eventscope;
using ui::EventDetail;

namespace {

class EventDetailTest : public testing::Test {
protected:
    EventDetailTest()
    {
        sample.appendTo(log, 300);
        detail.resize(380, 720);
        detail.show();
    }

    core::LogRow append(std::string_view payload, bool isNull = false)
    {
        core::SourceEvent event;
        event.source = "demo";
        event.stream = "order-1";
        event.type = "Odd";
        event.id = "odd-1";
        event.payload = payload;
        event.payloadIsNull = isNull;
        log.append(std::span(&event, 1));
        return log.size() - 1;
    }
    core::LogRow find(std::string_view type, core::LogRow from = 50) const
    {
        while (log.text(log.typeAt(from)) != type) {
            ++from;
        }
        return from;
    }
    QString treeText()
    {
        const auto& tree = *detail.findChild<ui::JsonTreeView*>();
        QStringList lines;
        for (QModelIndex at = tree.model()->index(0, 0); at.isValid(); at = tree.indexBelow(at)) {
            lines += at.data().toString() + QLatin1Char('=') + at.siblingAtColumn(1).data().toString();
        }
        return lines.join(QLatin1Char('\n'));
    }
    ui::PayloadText& text() { return *detail.findChild<ui::PayloadText*>(); }

    core::EventLog log;
    test::SampleOrders sample;
    EventDetail detail{log};
};

} // namespace

TEST_F(EventDetailTest, ShowsDataMetadataAndTheEnvelopeAsATree)
{
    QSignalSpy title(&detail, &EventDetail::titleChanged);
    detail.showRow(find("OrderPlaced"));
    const QString tree = treeText();
    EXPECT_TRUE(tree.startsWith(QLatin1String("data=\norderId=\"")));
    EXPECT_TRUE(tree.contains(QLatin1String("\nitems=[2]")));
    EXPECT_TRUE(tree.contains(QLatin1String("\ncorrelationId=\"c-")));
    EXPECT_TRUE(tree.contains(QLatin1String("\ntype=\"OrderPlaced\"")));
    EXPECT_TRUE(title.last().at(0).toString().startsWith(QStringLiteral("OrderPlaced · version 1 · position ")));
}

TEST_F(EventDetailTest, ShowsTextFormattedOrExact)
{
    const core::LogRow row = append(R"({"b":1,   "a":9007199254740993})");
    detail.showRow(row);
    QTest::mouseClick(detail.findChild<QTabBar*>(), Qt::LeftButton, Qt::NoModifier,
        detail.findChild<QTabBar*>()->tabRect(EventDetail::TextTab).center());
    EXPECT_EQ(text().shownText(), QStringLiteral("{\n  \"b\": 1,\n  \"a\": 9007199254740993\n}"));
    text().setFormatted(false);
    EXPECT_EQ(text().shownText(), QStringLiteral("{\"b\":1,   \"a\":9007199254740993}"));
}

TEST_F(EventDetailTest, OpensAHugePayloadAtItsBeginning)
{
    const std::string huge = R"({"first":"here","blob":")" + std::string(20'000'000, 'x') + R"("})";
    detail.showRow(append(huge));
    EXPECT_TRUE(treeText().contains(QLatin1String("first=\"here\"")));
    detail.setCurrentTab(EventDetail::TextTab);
    EXPECT_LT(text().shownText().size(), 70'000);
    text().showMore();
    EXPECT_GT(text().shownText().size(), 300'000);
    detail.setCurrentTab(EventDetail::HexTab);
    EXPECT_TRUE(detail.findChild<ui::HexView*>()->rowText(0).contains(QLatin1String("7b 22")));
}

TEST_F(EventDetailTest, CopiesLongLinesWithoutTheBreaksItDrawsThemWith)
{
    const std::string line = R"({"a":")" + std::string(5000, 'y') + R"("})";
    detail.showRow(append(line));
    detail.setCurrentTab(EventDetail::TextTab);
    text().setFormatted(false);
    auto* edit = text().findChild<ui::LongLineText*>();
    edit->selectAll();
    edit->copy();
    EXPECT_EQ(QApplication::clipboard()->text().toStdString(), line);
}

TEST_F(EventDetailTest, TellsNullEmptyAndUndecodablePayloadsApart)
{
    detail.showRow(append({}, true));
    EXPECT_TRUE(treeText().startsWith(QLatin1String("data=no payload (null)")));
    detail.showRow(append({}));
    EXPECT_TRUE(treeText().startsWith(QLatin1String("data=empty, 0 bytes")));
    detail.showRow(append("\x01\x02 no json"));
    EXPECT_TRUE(treeText().contains(QLatin1String("no JSON")));
}

TEST_F(EventDetailTest, LeadsToTheCauseAndTheFlow)
{
    const core::LogRow paid = find("PaymentConfirmed", 100);
    QSignalSpy chosen(&detail, &EventDetail::rowChosen);
    QSignalSpy flow(&detail, &EventDetail::flowRequested);
    QSignalSpy replay(&detail, &EventDetail::replayRequested);
    detail.showRow(paid);
    ui::LinkButton* cause = nullptr;
    ASSERT_TRUE(QTest::qWaitFor([&] { return (cause = detail.findChild<ui::LinkButton*>()) != nullptr; }));
    QTest::mouseClick(cause, Qt::LeftButton);
    ASSERT_EQ(chosen.count(), 1);
    EXPECT_EQ(log.at(chosen.at(0).at(0).toULongLong()).id, log.at(paid).causationId);
    for (QPushButton* button : detail.findChildren<QPushButton*>()) {
        if (button->isVisible()) {
            QTest::mouseClick(button, Qt::LeftButton);
        }
    }
    EXPECT_EQ(flow.count(), 1);
    EXPECT_EQ(replay.count(), 1);
}

TEST_F(EventDetailTest, ShowsHostileTextLiterally)
{
    detail.showRow(append("{\"<img src='/dev/zero'>\":\"<table><table>\\u202E\\u001b[31m\"}"));
    EXPECT_TRUE(treeText().contains(QStringLiteral("<img src='/dev/zero'>=\"<table><table>‹202E›␛[31m\"")));
    EXPECT_FALSE(detail.grab().isNull());
}
