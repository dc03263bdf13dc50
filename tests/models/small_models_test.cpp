// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "event_format.h"
#include "headers_model.h"
#include "partition_places_model.h"
#include "problem_model.h"

#include <QAbstractItemModelTester>
#include <gtest/gtest.h>

#include <memory>
#include <vector>

using namespace eventscope;

TEST(HeadersModel, KeepsTheOrderAndDoubledNames)
{
    models::HeadersModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::Fatal);
    model.setHeaders({{"trace", "1"}, {"user", "u\n204"}, {"trace", "2"}});
    ASSERT_EQ(model.rowCount(), 3);
    EXPECT_EQ(model.index(2, 0).data().toString(), QStringLiteral("trace"));
    EXPECT_EQ(model.index(1, 1).data().toString(), QStringLiteral("u↵204"));
    EXPECT_EQ(model.index(1, 1).data(models::HeadersModel::PlainValueRole).toString(), QStringLiteral("u\n204"));
}

TEST(ProblemModel, TakesWhatIsNewAndCountsRepetitions)
{
    core::ManualClock clock(core::Timestamp{std::chrono::hours(9)});
    core::ProblemLog log(clock);
    log.add(core::Severity::Note, "demo", "connected");
    models::ProblemModel model(log);
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::Fatal);
    EXPECT_EQ(model.rowCount(), 1);
    log.add(core::Severity::Problem, "shop", "The file is gone.");
    model.refresh();
    log.add(core::Severity::Problem, "shop", "The file is gone.");
    model.refresh();
    ASSERT_EQ(model.rowCount(), 2);
    EXPECT_EQ(model.index(1, models::ProblemModel::SeverityColumn).data().toString(), QStringLiteral("Problem"));
    EXPECT_EQ(model.index(1, models::ProblemModel::SentenceColumn).data().toString(),
        QStringLiteral("The file is gone. (2 times)"));
    EXPECT_EQ(model.index(0, models::ProblemModel::TimeColumn).data().toString(), QStringLiteral("09:00:00.000"));
}

TEST(PartitionPlacesModel, PutsWhoIsFurthestBehindFirstAndStaysWhereFiguresChangeOnly)
{
    using Model = models::PartitionPlacesModel;
    Model model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::Fatal);
    const auto placesAt = [](std::int64_t end) {
        return std::make_shared<const std::vector<core::PartitionPlace>>(
            std::vector<core::PartitionPlace>{{.topic = "orders", .partition = 0, .first = 0, .end = end},
                {.topic = "orders", .partition = 1, .first = 5, .end = end, .group = "billing", .next = 3},
                {.topic = "orders", .partition = 2, .first = 0, .end = end, .group = "billing", .next = end}});
    };
    model.setPlaces({{QStringLiteral("kafka"), placesAt(1005)}});
    ASSERT_EQ(model.rowCount(), 3);
    const auto text = [&](int row, int column) { return model.index(row, column).data().toString(); };
    EXPECT_EQ(text(0, Model::GroupColumn), QStringLiteral("billing"));
    EXPECT_EQ(text(0, Model::LagColumn), models::formatCount(1000)) << "what retention took does not lag";
    EXPECT_EQ(text(1, Model::LagColumn), QStringLiteral("0"));
    EXPECT_EQ(text(2, Model::GroupColumn), QStringLiteral("—"));
    EXPECT_EQ(text(2, Model::LagColumn), QStringLiteral("—"));
    bool wasReset = false;
    QObject::connect(&model, &Model::modelReset, &model, [&] { wasReset = true; });
    model.setPlaces({{QStringLiteral("kafka"), placesAt(1006)}});
    EXPECT_FALSE(wasReset);
    EXPECT_EQ(text(0, Model::EndColumn), models::formatCount(1006));
    model.setPlaces({});
    EXPECT_EQ(model.rowCount(), 0);
}
