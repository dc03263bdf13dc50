// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sourcing/memory_order_read_model.h"
#include "sourcing/sqlite_order_read_model.h"

#include "order_read_model_contract.h"
#include "temp_dir.h"

#include <gtest/gtest.h>

namespace eventscope::test {

namespace {

class MemoryFixture {
public:
    core::OrderReadModel& model() { return m_model; }

private:
    core::MemoryOrderReadModel m_model;
};

class SqliteFixture {
public:
    SqliteFixture() : m_model(core::SqliteOrderReadModel::open(core::SqliteDatabase::temporary().value()).value()) { }
    core::OrderReadModel& model() { return *m_model; }

private:
    std::unique_ptr<core::SqliteOrderReadModel> m_model;
};

std::shared_ptr<core::SqliteDatabase> openFile(
    const std::filesystem::path& path, core::SqliteAccess access = core::SqliteAccess::Create)
{
    return core::SqliteDatabase::open(path, {.access = access}).value();
}

} // namespace

INSTANTIATE_TYPED_TEST_SUITE_P(Memory, OrderReadModelContract, MemoryFixture);
INSTANTIATE_TYPED_TEST_SUITE_P(Sqlite, OrderReadModelContract, SqliteFixture);

TEST(SqliteOrderReadModel, IsThereAgainAfterClosing)
{
    const TempDir folder;
    core::MemoryEventStore store;
    OrderWriter orders(store);
    const SomeCustomers customers;
    const auto upcasters = core::orderUpcasters();
    orders.place("1");
    orders.pay("1");
    const auto events = store.readAll().value();
    {
        const auto model = core::SqliteOrderReadModel::open(openFile(folder / "store.db")).value();
        core::OrderProjection projection(*model, store, customers, upcasters);
        ASSERT_TRUE(projection.apply(core::ProjectionTarget::Live, events, {2}));
    }
    const auto model = core::SqliteOrderReadModel::open(openFile(folder / "store.db")).value();
    core::OrderProjection projection(*model, store, customers, upcasters);
    EXPECT_EQ(model->find("1").value()->status, "paid");
    EXPECT_EQ(projection.checkpoint(core::ProjectionTarget::Live), core::GlobalPosition{2});
}

TEST(SqliteOrderReadModel, HasTheColumnsThatOthersRead)
{
    const auto database = core::SqliteDatabase::temporary().value();
    const auto model = core::SqliteOrderReadModel::open(database).value();
    const auto columns = [&] {
        auto read = database->read().value();
        const auto statement
            = read.connection().prepared("SELECT group_concat(name) FROM pragma_table_info('order_read_model')");
        EXPECT_EQ((*statement)->step(), true);
        return std::string((*statement)->text(0));
    };
    const std::string expected = "order_id,customer_id,customer_name,total_amount,status,items,created_at,updated_at";
    EXPECT_EQ(columns(), expected);
    const auto transaction = model->begin().value();
    ASSERT_TRUE(transaction->beginRebuild());
    ASSERT_TRUE(transaction->swapRebuild());
    ASSERT_TRUE(transaction->commit());
    EXPECT_EQ(columns(), expected);
}

TEST(SqliteOrderReadModel, AnswersWhileATransactionAndASwapAreUnderWay)
{
    const auto model = core::SqliteOrderReadModel::open(core::SqliteDatabase::temporary().value()).value();
    const auto row = [](std::string_view id) {
        return core::OrderRow{.orderId = std::string(id),
            .customerId = "c1",
            .customerName = "Ann",
            .totalAmount = "1",
            .status = "pending",
            .items = "[]"};
    };
    {
        const auto transaction = model->begin().value();
        ASSERT_TRUE(transaction->put(core::ProjectionTarget::Live, row("old")));
        ASSERT_TRUE(transaction->commit());
    }
    const auto transaction = model->begin().value();
    ASSERT_TRUE(transaction->beginRebuild());
    ASSERT_TRUE(transaction->put(core::ProjectionTarget::Rebuild, row("new")));
    ASSERT_TRUE(transaction->swapRebuild());
    EXPECT_EQ(model->find("old").value(), row("old"));
    EXPECT_EQ(model->find("new").value(), std::nullopt);
    EXPECT_EQ(model->ofCustomer("c1", core::kNoLimit).value().size(), 1u);
    ASSERT_TRUE(transaction->commit());
    EXPECT_EQ(model->find("old").value(), std::nullopt);
    EXPECT_EQ(model->find("new").value(), row("new"));
}

TEST(SqliteOrderReadModel, HasNoRowsInAReadOnlyFileWithoutThem)
{
    const TempDir folder;
    openFile(folder / "store.db");
    const auto model
        = core::SqliteOrderReadModel::open(openFile(folder / "store.db", core::SqliteAccess::ReadOnly)).value();
    EXPECT_EQ(model->find("1").value(), std::nullopt);
    EXPECT_EQ(model->count(), 0u);
    EXPECT_EQ(model->begin().error().code, core::ErrorCode::ReadOnly);
}

} // namespace eventscope::test
