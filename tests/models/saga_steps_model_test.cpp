// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "event_format.h"
#include "saga_steps_model.h"

#include <QAbstractItemModelTester>
#include <gtest/gtest.h>

using namespace eventscope;
using models::SagaStepsModel;
using namespace std::chrono_literals;

TEST(SagaSteps, ShowSharesAndDurations)
{
    SagaStepsModel model;
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::Fatal);
    core::SagaStepFigures payment;
    payment.name = "process payment";
    payment.runs = 1000;
    payment.failed = 31;
    payment.attempts = 1062;
    payment.p50 = 240ms;
    model.setFigures({payment});
    core::SagaStepFigures shipment;
    shipment.name = "create shipment";
    shipment.runs = 1;
    model.setFigures({payment, shipment});
    ASSERT_EQ(model.rowCount(), 2);
    EXPECT_EQ(model.index(0, SagaStepsModel::FailsColumn).data().toString(), models::formatShare(0.031));
    EXPECT_EQ(models::formatShare(0.031), QStringLiteral("3.1\u00A0%"));
    EXPECT_EQ(model.index(0, SagaStepsModel::AttemptsColumn).data().toString(), QStringLiteral("1.06"));
    EXPECT_EQ(model.index(0, SagaStepsModel::P50Column).data().toString(), QStringLiteral("240\u00A0ms"));
    model.setFigures({});
    EXPECT_EQ(model.rowCount(), 0);
}
