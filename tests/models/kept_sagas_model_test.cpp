// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "kept_sagas_model.h"

#include <QAbstractItemModelTester>
#include <gtest/gtest.h>

using namespace eventscope;
using models::KeptSagasModel;

TEST(KeptSagas, ShowWhatFindsThemAndTheirStateAsPlainText)
{
    KeptSagasModel model;
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::Fatal);
    core::KeptSaga saga{.framework = "axon",
        .id = "s1",
        .type = "OrderSaga",
        .status = "running",
        .step = {},
        .correlationId = {},
        .associations = {{"orderId", "7"}, {"paymentId", "8"}},
        .state = "<b>bold</b>"};
    model.setRows({{"shop", saga}});
    ASSERT_EQ(model.rowCount(), 1);
    EXPECT_EQ(model.index(0, KeptSagasModel::SagaColumn).data().toString(), QStringLiteral("s1"));
    EXPECT_EQ(model.index(0, KeptSagasModel::StatusColumn).data().toString(), QStringLiteral("running"));
    EXPECT_EQ(
        model.index(0, KeptSagasModel::FoundByColumn).data().toString(), QStringLiteral("orderId = 7, paymentId = 8"));
    EXPECT_FALSE(model.index(0, 0).data(Qt::ToolTipRole).toString().contains(QStringLiteral("<b>")));
    saga.step = "Submitted";
    model.setRows({{"shop", saga}});
    EXPECT_EQ(model.index(0, KeptSagasModel::StatusColumn).data().toString(), QStringLiteral("Submitted"));
    model.setRows({});
    EXPECT_EQ(model.rowCount(), 0);
}
