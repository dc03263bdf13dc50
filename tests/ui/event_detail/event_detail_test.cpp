// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "envelope_model.h"
#include "event_detail/event_detail.h"
#include "event_detail/hex_view.h"
#include "event_detail/payload_text.h"
#include "json_tree/json_tree_view.h"
#include "sample_orders.h"
#include "widgets/labels.h"

#include <QApplication>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QMenu>
#include <QPushButton>
#include <QSignalSpy>
#include <QTabBar>
#include <QTableView>
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

TEST_F(EventDetailTest, ShowsTheBytesOfTheFieldThatIsChosenInTheTree)
{
    const std::string payload = R"({"a": {"list": [10, "two"]}, "b": 3})";
    detail.showRow(append(payload));
    auto& tree = *detail.findChild<ui::JsonTreeView*>();
    const auto choose = [&](const QString& pointer) {
        auto& model = static_cast<models::JsonTreeModel&>(*tree.model());
        tree.setCurrentIndex(model.indexOf(0, pointer));
        detail.setCurrentTab(EventDetail::HexTab);
        const auto& hex = *detail.findChild<ui::HexView*>();
        const std::string bytes = payload.substr(hex.selectionStart(), hex.selectionLength());
        detail.setCurrentTab(EventDetail::TreeTab);
        return bytes;
    };
    EXPECT_EQ(choose(QStringLiteral("/a/list/1")), "\"two\"");
    EXPECT_EQ(choose(QStringLiteral("/b")), "3");
    EXPECT_EQ(choose(QStringLiteral("/a/list")), R"([10, "two"])");
}

TEST_F(EventDetailTest, SaysWhatWasTriedToReadTheEnvelope)
{
    detail.showRow(append("{\"broken\": "));
    detail.setCurrentTab(EventDetail::EnvelopeTab);
    const auto* table = detail.findChildren<QTableView*>().back();
    auto* model = static_cast<models::EnvelopeModel*>(table->model());
    ASSERT_TRUE(QTest::qWaitFor([&] { return !model->isLooking() && model->rowCount() > 0; }));
    QStringList failures, facts;
    for (int row = 0; row < model->rowCount(); ++row) {
        const QModelIndex at = model->index(row, models::EnvelopeModel::ValueColumn);
        const QString text = at.siblingAtColumn(0).data().toString() + QLatin1Char('=') + at.data().toString();
        const auto kind = at.data(models::EnvelopeModel::KindRole).value<models::EnvelopeModel::Kind>();
        (kind == models::EnvelopeModel::Kind::Failure ? failures : facts) += text;
    }
    EXPECT_FALSE(failures.filter(QStringLiteral("JSON=")).isEmpty()) << failures.join(QLatin1Char('\n')).toStdString();
    EXPECT_TRUE(facts.contains(QStringLiteral("type=Odd"))) << facts.join(QLatin1Char('\n')).toStdString();
}

TEST_F(EventDetailTest, OpensEveryTabOfAPayloadOfFiftyMegabytes)
{
    detail.showRow(append(R"({"first":[1,2,{"blob":")" + std::string(50'000'000, 'x') + R"("}]})"));
    for (int tab = EventDetail::TreeTab; tab < EventDetail::TabCount; ++tab) {
        detail.setCurrentTab(static_cast<EventDetail::Tab>(tab));
        detail.grab();
    }
    EXPECT_TRUE(treeText().contains(QLatin1String("first=[3]"))) << treeText().left(300).toStdString();
    detail.clear();
}

TEST_F(EventDetailTest, OffersTheFieldAsAColumn)
{
    QSignalSpy column(&detail, &EventDetail::columnRequested);
    detail.showRow(append(R"({"a":{"b":1}})"));
    auto& tree = *detail.findChild<ui::JsonTreeView*>();
    auto& model = static_cast<models::JsonTreeModel&>(*tree.model());
    tree.setCurrentIndex(model.indexOf(0, QStringLiteral("/a/b")));
    QContextMenuEvent event(QContextMenuEvent::Keyboard, QPoint(), QPoint());
    QApplication::sendEvent(&tree, &event);
    auto* menu = tree.findChild<QMenu*>(QStringLiteral("valueMenu"));
    ASSERT_NE(menu, nullptr);
    menu->findChild<QAction*>(QStringLiteral("makeColumn"))->trigger();
    ASSERT_EQ(column.count(), 1);
    EXPECT_EQ(column[0][0].toString(), QStringLiteral("data.a.b"));
    menu->close();
}
