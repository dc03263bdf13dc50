// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "kept_sagas_model.h"

#include <QAbstractItemModelTester>
#include <gtest/gtest.h>

#include <memory>
#include <vector>

using namespace eventscope;
using models::KeptSagasModel;

namespace {

std::shared_ptr<const std::vector<core::KeptSaga>> listOf(const core::KeptSaga& saga)
{
    return std::make_shared<const std::vector<core::KeptSaga>>(1, saga);
}

} // namespace

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
    model.setSagas({{"shop", listOf(saga)}});
    ASSERT_EQ(model.rowCount(), 1);
    EXPECT_EQ(model.index(0, KeptSagasModel::SagaColumn).data().toString(), QStringLiteral("s1"));
    EXPECT_EQ(model.index(0, KeptSagasModel::StatusColumn).data().toString(), QStringLiteral("running"));
    EXPECT_EQ(
        model.index(0, KeptSagasModel::FoundByColumn).data().toString(), QStringLiteral("orderId = 7, paymentId = 8"));
    EXPECT_FALSE(model.index(0, 0).data(Qt::ToolTipRole).toString().contains(QStringLiteral("<b>")));
    saga.step = "Submitted";
    model.setSagas({{"shop", listOf(saga)}});
    EXPECT_EQ(model.index(0, KeptSagasModel::StatusColumn).data().toString(), QStringLiteral("Submitted"));
    model.setSagas({});
    EXPECT_EQ(model.rowCount(), 0);
}

TEST(KeptSagas, StayUntilAConnectionHasReadThemAnew)
{
    KeptSagasModel model;
    int resets = 0;
    QObject::connect(&model, &KeptSagasModel::modelReset, &model, [&] { ++resets; });
    const auto read = listOf({.framework = "axon", .id = "s1"});
    model.setSagas({{"shop", read}});
    model.setSagas({{"shop", read}});
    EXPECT_EQ(resets, 1);
    model.setSagas({{"shop", listOf({.framework = "axon", .id = "s2"})}});
    EXPECT_EQ(resets, 2);
}
