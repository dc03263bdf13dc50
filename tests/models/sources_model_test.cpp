// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sources_model.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <fmt/format.h>
#include <gtest/gtest.h>

using namespace eventscope;
using models::SourcesModel;
using models::SourceSnapshot;

namespace {

using Catalog = std::vector<core::CatalogEntry>;

core::CatalogEntry stream(std::string name, std::int64_t count)
{
    return {.name = std::move(name), .count = count};
}

SourceSnapshot source(std::string name, Catalog catalog, core::ConnectionState state = core::ConnectionState::Live)
{
    SourceSnapshot snapshot;
    snapshot.name = std::move(name);
    snapshot.status.state = state;
    snapshot.catalog = std::make_shared<const models::GroupedCatalog>(
        models::groupCatalog(std::make_shared<const Catalog>(std::move(catalog))));
    return snapshot;
}

class SourcesModelTest : public testing::Test {
protected:
    SourcesModelTest() { tester.setUseFetchMore(false); }

    std::string read(const QModelIndex& parent = {}, int depth = 0)
    {
        std::string text;
        while (model.canFetchMore(parent)) {
            model.fetchMore(parent);
        }
        for (int row = 0; row < model.rowCount(parent); ++row) {
            const QModelIndex index = model.index(row, 0, parent);
            const QVariant count = index.data(SourcesModel::CountRole);
            text += std::string(static_cast<std::size_t>(depth), ' ') + index.data().toString().toStdString()
                + (count.isValid() ? " " + std::to_string(count.toULongLong()) : std::string()) + "\n"
                + read(index, depth + 1);
        }
        return text;
    }

    SourcesModel model;
    QAbstractItemModelTester tester{&model, QAbstractItemModelTester::FailureReportingMode::Fatal};
};

} // namespace

TEST_F(SourcesModelTest, GroupsStreamsByCategoryAndTheRestByKind)
{
    model.update({source("demo",
        {stream("payment-2", 1), stream("order-b", 3), stream("order-a", 2),
            {.name = "orders", .kind = core::CatalogKind::Topic, .count = 9},
            {.name = "mail", .kind = core::CatalogKind::DeadLetter, .count = 2}})});
    EXPECT_EQ(read(),
        "demo\n streams 3\n  order 2\n   order-a 2\n   order-b 3\n  payment 1\n   payment-2 1\n topics 9\n  orders 9\n"
        " dead letters 2\n  mail 2\n");
}

TEST_F(SourcesModelTest, KeepsRowsThatStayAndChangesOnlyTheirCounts)
{
    model.update({source("demo", {stream("order-a", 1), stream("order-c", 1)})});
    read();
    const QPersistentModelIndex kept = model.index(1, 0, model.index(0, 0, model.index(0, 0, model.index(0, 0))));
    ASSERT_EQ(kept.data().toString(), QStringLiteral("order-c"));
    QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
    model.update({source("demo", {stream("order-a", 1), stream("order-b", 1), stream("order-c", 5)})});
    EXPECT_EQ(kept.row(), 2);
    EXPECT_EQ(kept.data(SourcesModel::CountRole).toInt(), 5);
    model.update({source("demo", {stream("order-c", 6)})});
    EXPECT_EQ(kept.row(), 0);
    EXPECT_EQ(reset.count(), 0);
}

TEST_F(SourcesModelTest, FollowsConnectionsThatComeAndGo)
{
    model.update({source("a", {}), source("b", {})});
    model.update({source("b", {}), source("c", {}, core::ConnectionState::Reconnecting)});
    EXPECT_EQ(read(), "b\nc\n");
    EXPECT_EQ(model.index(1, 0).data(SourcesModel::StateWordRole).toString(), QStringLiteral("reconnecting"));
    EXPECT_TRUE(model.index(0, 0).data(SourcesModel::StateWordRole).toString().isEmpty());
    EXPECT_FALSE(model.connectionIndex(QStringLiteral("a")).isValid());
}

TEST_F(SourcesModelTest, FetchesThousandsOfStreamsInPages)
{
    Catalog many;
    for (int i = 0; i < 5000; ++i) {
        many.push_back(stream(fmt::format("order-{:05}", i), 1));
    }
    model.update({source("demo", many)});
    const QModelIndex category = model.index(0, 0, model.index(0, 0, model.index(0, 0)));
    EXPECT_EQ(category.data(SourcesModel::CountRole).toInt(), 5000);
    EXPECT_EQ(model.rowCount(category), 0);
    model.fetchMore(category);
    EXPECT_EQ(model.rowCount(category), static_cast<int>(SourcesModel::kPage));
    many.push_back(stream("order-99999", 1));
    many.insert(many.begin(), stream("order-00000x", 1));
    model.update({source("demo", many)});
    EXPECT_EQ(model.rowCount(category), static_cast<int>(SourcesModel::kPage) + 1);
    EXPECT_EQ(model.index(1, 0, category).data().toString(), QStringLiteral("order-00000x"));
}

TEST_F(SourcesModelTest, AlarmsAboutDeadLettersOnlyWhileThereAreSome)
{
    const auto letters = [](std::int64_t count) {
        return source("demo", {{.name = "mail", .kind = core::CatalogKind::DeadLetter, .count = count}});
    };
    model.update({letters(0)});
    const QModelIndex group = model.index(0, 0, model.index(0, 0));
    EXPECT_FALSE(group.data(SourcesModel::AlarmRole).toBool());
    model.update({letters(3)});
    EXPECT_TRUE(group.data(SourcesModel::AlarmRole).toBool());
}

TEST_F(SourcesModelTest, AgreesWithFreshPicturesAfterManyUpdates)
{
    std::uint32_t random = 1;
    const auto next = [&random] { return (random = random * 1664525U + 1013904223U) >> 16U; };
    for (int step = 0; step < 200; ++step) {
        Catalog catalog;
        for (std::uint32_t i = 0; i < next() % 12; ++i) {
            catalog.push_back(stream(fmt::format("{}-{}", next() % 3 == 0 ? "pay" : "order", next() % 20), next() % 5));
        }
        std::ranges::sort(catalog, {}, &core::CatalogEntry::name);
        catalog.erase(std::unique(catalog.begin(), catalog.end(), [](auto& a, auto& b) { return a.name == b.name; }),
            catalog.end());
        model.update({source("demo", catalog)});
        const std::string now = read();
        std::size_t streams = 0;
        for (const auto& entry : catalog) {
            EXPECT_NE(now.find("   " + entry.name + " "), std::string::npos) << entry.name;
            ++streams;
        }
        EXPECT_EQ(static_cast<std::size_t>(std::count(now.begin(), now.end(), '-')), streams);
    }
}
