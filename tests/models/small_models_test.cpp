// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "headers_model.h"
#include "problem_model.h"

#include <QAbstractItemModelTester>
#include <gtest/gtest.h>

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
