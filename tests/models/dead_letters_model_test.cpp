// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dead_letter_groups_model.h"
#include "dead_letters_model.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <gtest/gtest.h>

using namespace eventscope;
using models::DeadLetterGroupsModel;
using models::DeadLettersModel;
using models::DeadLettersSeen;

namespace {

core::DeadLetter letter(const std::string& id, const std::string& type)
{
    core::DeadLetter letter;
    letter.id = id;
    letter.queue = "inventory";
    letter.convention = "spring-amqp";
    letter.original.stream = "orders";
    letter.original.partition = 2;
    letter.original.position = 8810;
    letter.original.key = "order-" + id;
    letter.error.type = type;
    letter.attempts = 3;
    return letter;
}

models::DeadLettersSeenPtr seen(std::vector<core::DeadLetter> letters)
{
    auto seen = std::make_shared<DeadLettersSeen>();
    seen->desks.push_back({"demo", {}, {}, std::move(letters), {}, 0});
    for (core::DeadLetterGroup& cause : core::groupByCause(seen->desks[0].letters, core::Timestamp()))
        seen->groups.push_back({0, std::move(cause)});
    return seen;
}

constexpr auto kFatal = QAbstractItemModelTester::FailureReportingMode::Fatal;

} // namespace

TEST(HomeOfALetter, IsWhereItFailed)
{
    core::DeadLetter letter;
    letter.convention = "eventscope";
    letter.queue = "notifications";
    letter.original.stream = "order-7";
    letter.original.position = 12; // an event of a store, refused by a handler
    EXPECT_EQ(models::homeOf(letter), "notifications");
    letter.queue = "events.order.placed.dead-letter";
    letter.original.stream = "notifications";
    letter.original.position.reset(); // of a broker's queue
    EXPECT_EQ(models::homeOf(letter), "notifications");
    letter.original.stream.clear();
    EXPECT_EQ(models::homeOf(letter), "events.order.placed.dead-letter");
}

TEST(DeadLetterGroupsModel, PutsTheLargestCauseFirst)
{
    DeadLetterGroupsModel model;
    const QAbstractItemModelTester tester(&model, kFatal);
    model.setSeen(seen({letter("1", "Parse"), letter("2", "Timeout"), letter("3", "Timeout")}));
    ASSERT_EQ(model.rowCount(), 2);
    EXPECT_EQ(model.index(0).data().toString(), QStringLiteral("Timeout"));
    EXPECT_EQ(model.index(0).data(DeadLetterGroupsModel::CountRole).toULongLong(), 2u);
    EXPECT_FALSE(model.index(0).data(DeadLetterGroupsModel::TrendTextRole).toString().isEmpty());
}

TEST(DeadLetterGroupsModel, KeepsItsRowsWhenOnlyCountsChange)
{
    DeadLetterGroupsModel model;
    const QAbstractItemModelTester tester(&model, kFatal);
    model.setSeen(seen({letter("1", "Timeout")}));
    const QPersistentModelIndex row = model.index(0);
    const QString key = model.key(row);
    model.setSeen(seen({letter("1", "Timeout"), letter("2", "Timeout")}));
    EXPECT_TRUE(row.isValid());
    EXPECT_EQ(model.indexOf(key), QModelIndex(row));
    EXPECT_EQ(row.data(DeadLetterGroupsModel::CountRole).toULongLong(), 2u);
}

TEST(DeadLettersModel, ShowsAnotherGroupWithEveryLetterTicked)
{
    DeadLettersModel model;
    const QAbstractItemModelTester tester(&model, kFatal);
    const auto both = seen({letter("1", "Timeout"), letter("2", "Timeout")});
    model.setGroup(both, both->groups[0]);
    EXPECT_EQ(model.tickedCount(), 2u);
    EXPECT_EQ(model.index(0, DeadLettersModel::StreamColumn).data().toString(), QStringLiteral("order-1"));
    EXPECT_EQ(model.index(0, DeadLettersModel::FromColumn).data().toString(), QStringLiteral("orders/2 @ 8810"));
    EXPECT_EQ(model.index(0, DeadLettersModel::AttemptsColumn).data().toString(), QStringLiteral("3"));
}

TEST(DeadLettersModel, DoesNotTickWhatArrivesLater)
{
    DeadLettersModel model;
    const QAbstractItemModelTester tester(&model, kFatal);
    const auto first = seen({letter("1", "Timeout"), letter("2", "Timeout")});
    model.setGroup(first, first->groups[0]);
    ASSERT_TRUE(model.setData(model.index(1, 0), Qt::Unchecked, Qt::CheckStateRole));
    const auto later = seen({letter("1", "Timeout"), letter("2", "Timeout"), letter("3", "Timeout")});
    model.updateGroup(later, later->groups[0]);
    ASSERT_EQ(model.rowCount(), 3);
    ASSERT_EQ(model.ticked().size(), 1u);
    EXPECT_EQ(model.ticked()[0].id, "1");
    EXPECT_EQ(model.allTicked(), Qt::PartiallyChecked);
}

TEST(DeadLettersModel, MakesSelectedRowsAlikeWhenTheyAreToggled)
{
    DeadLettersModel model;
    const QAbstractItemModelTester tester(&model, kFatal);
    const auto both = seen({letter("1", "Timeout"), letter("2", "Timeout")});
    model.setGroup(both, both->groups[0]);
    model.toggle({1});
    EXPECT_EQ(model.tickedCount(), 1u);
    QSignalSpy ticks(&model, &DeadLettersModel::ticksChanged);
    model.toggle({0, 1});
    EXPECT_EQ(model.tickedCount(), 2u);
    EXPECT_EQ(ticks.count(), 1);
}

TEST(DeadLettersModel, NotesNewerEventsAndDoubts)
{
    DeadLettersModel model;
    const QAbstractItemModelTester tester(&model, kFatal);
    auto one = std::make_shared<DeadLettersSeen>(*seen({letter("1", "Timeout")}));
    one->desks[0].doubts["1"] = core::Timestamp();
    model.setGroup(one, one->groups[0]);
    model.setPasts({{"1", {.newerOfSameKey = 2, .requeuedBefore = {}}}});
    const QString note = model.index(0, DeadLettersModel::NoteColumn).data().toString();
    EXPECT_TRUE(note.contains(QStringLiteral("2 newer events"))) << note.toStdString();
    EXPECT_TRUE(note.contains(QStringLiteral("in doubt since 00:00:00"))) << note.toStdString();
}
