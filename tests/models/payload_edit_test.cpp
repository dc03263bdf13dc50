// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "payload_changes_model.h"
#include "payload_edit.h"

#include <QAbstractItemModelTester>
#include <gtest/gtest.h>

using namespace eventscope;
using models::editableText;
using models::editPayload;
using models::PayloadChangesModel;

TEST(PayloadEdit, TakesTheSameJsonForNoChange)
{
    const std::string original = R"({"total":38.00,"id":9007199254740993})";
    const auto text = editableText(original);
    ASSERT_TRUE(text);
    EXPECT_TRUE(text->contains(QStringLiteral("38.00")));
    const auto edit = editPayload(original, *text);
    EXPECT_FALSE(edit.isChanged);
    EXPECT_EQ(edit.payload, original);
}

TEST(PayloadEdit, KeepsNumbersAsTheyAreTyped)
{
    QString text = editableText(R"({"total":38.00,"id":9007199254740993})").value();
    text.replace(QStringLiteral("38.00"), QStringLiteral("38.10"));
    const auto edit = editPayload(R"({"total":38.00,"id":9007199254740993})", text);
    EXPECT_EQ(edit.payload, R"({"total":38.10,"id":9007199254740993})");
    ASSERT_EQ(edit.changes.size(), 1U);
    EXPECT_EQ(edit.changes.front().path, "/total");
}

TEST(PayloadEdit, RefusesWhatIsNoLongerJson)
{
    const auto edit = editPayload(R"({"a":1})", QStringLiteral("{\"a\":}"));
    EXPECT_FALSE(edit.problem.isEmpty());
    EXPECT_FALSE(edit.isChanged);
}

TEST(PayloadEdit, LeavesTextText)
{
    const auto edit = editPayload("not json", QStringLiteral("nor this"));
    EXPECT_TRUE(edit.problem.isEmpty());
    EXPECT_FALSE(edit.isJson);
    EXPECT_EQ(edit.payload, "nor this");
    EXPECT_FALSE(editableText("\xff\xfe"));
}

TEST(PayloadEdit, MakesTheSameChangeElsewhere)
{
    const auto edit = editPayload(R"({"a":1,"b":2})", QStringLiteral("{\"a\":5,\"b\":2}"));
    EXPECT_EQ(models::applyToPayload(R"({"a":7,"c":1.50})", edit.changes).value(), R"({"a":5,"c":1.50})");
    EXPECT_FALSE(models::applyToPayload(R"({"c":1})", edit.changes));
    EXPECT_FALSE(models::applyToPayload("text", edit.changes));
}

TEST(PayloadChanges, ShowWhatWasAndWhatGoesOut)
{
    PayloadChangesModel model;
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::Fatal);
    core::RequeuePlan plan;
    core::PlannedLetter letter;
    letter.letter.id = "letter-1";
    letter.letter.original.data = R"({"a":1,"b":[1,2],"c":true})";
    letter.data = R"({"a":2,"b":[1],"d":null})";
    letter.edited = true;
    plan.letters = {core::PlannedLetter{}, letter};
    model.setPlan(plan);
    ASSERT_EQ(model.rowCount(), 4);
    EXPECT_EQ(model.index(0, PayloadChangesModel::LetterColumn).data().toString(), QStringLiteral("letter-1"));
    QStringList rows;
    for (int row = 0; row < model.rowCount(); ++row) {
        rows += model.index(row, PayloadChangesModel::PathColumn).data().toString() + QLatin1Char(' ')
            + model.index(row, PayloadChangesModel::WasColumn).data().toString() + QStringLiteral("→")
            + model.index(row, PayloadChangesModel::IsColumn).data().toString();
    }
    rows.sort();
    EXPECT_EQ(rows,
        QStringList({QStringLiteral("/a 1→2"), QStringLiteral("/b/1 2→"), QStringLiteral("/c true→"),
            QStringLiteral("/d →null")}));
    model.setChange("x", "text", "other");
    ASSERT_EQ(model.rowCount(), 1);
    EXPECT_EQ(model.index(0, PayloadChangesModel::IsColumn).data().toString(), QStringLiteral("other"));
}
