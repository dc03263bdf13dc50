// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/kept_saga.h"
#include "postgres_source.h"

#include "test_server.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace eventscope::test {

namespace {

using core::KeptSaga;

class KeptSagas : public ::testing::Test {
protected:
    KeptSagas()
    {
        m_login.database = m_database.name();
        m_stage = std::make_unique<Stage>(m_login);
        run("CREATE TABLE events (id BIGSERIAL PRIMARY KEY, event_id UUID NOT NULL UNIQUE, stream_id VARCHAR(255) NOT "
            "NULL, event_type VARCHAR(255) NOT NULL, version INTEGER NOT NULL, data JSONB NOT NULL, metadata JSONB, "
            "created_at TIMESTAMP NOT NULL DEFAULT NOW(), UNIQUE (stream_id, version))");
    }
    void run(const std::string& sql) { m_stage->run(sql); }
    std::vector<KeptSaga> sagas()
    {
        const auto source = postgres::PostgresSource::open("pg", m_login, {.table = {}, .mapping = {}});
        EXPECT_TRUE(source) << source.error().message;
        const auto kept = (*source)->keptSagas({});
        EXPECT_TRUE(kept) << kept.error().message;
        return *kept;
    }

    TestDatabase m_database;
    postgres::PgLogin m_login = testLogin();
    std::unique_ptr<Stage> m_stage;
};

} // namespace

TEST_F(KeptSagas, OfAxonAreShownWithWhatFindsThem)
{
    // JPA's names; the blob is a large object there.
    run("CREATE TABLE saga_entry (saga_id varchar(255) PRIMARY KEY, revision varchar(255), saga_type varchar(255), "
        "serialized_saga oid)");
    run("CREATE TABLE association_value_entry (id bigint PRIMARY KEY, association_key varchar(255) NOT NULL, "
        "association_value varchar(255), saga_id varchar(255) NOT NULL, saga_type varchar(255))");
    run("INSERT INTO saga_entry VALUES ('s1', NULL, 'shop.OrderSaga', lo_from_bytea(0, convert_to('<saga/>', "
        "'UTF8')))");
    run("INSERT INTO association_value_entry VALUES (1, 'paymentId', 'p-7', 's1', 'shop.OrderSaga'), (2, 'orderId', "
        "'o-1', 's1', 'shop.OrderSaga'), (3, 'orderId', 'o-2', 'another', 'shop.OrderSaga')");
    const KeptSaga wanted{.framework = "axon",
        .id = "s1",
        .type = "shop.OrderSaga",
        .status = "running",
        .step = {},
        .correlationId = {},
        .associations = {{"orderId", "o-1"}, {"paymentId", "p-7"}},
        .state = "<saga/>"};
    EXPECT_EQ(sagas(), std::vector{wanted});
}

TEST_F(KeptSagas, OfAxonOverJdbcAreShownToo)
{
    run("CREATE TABLE SagaEntry (sagaId varchar(255) NOT NULL PRIMARY KEY, revision varchar(255), sagaType "
        "varchar(255), "
        "serializedSaga bytea)");
    run("CREATE TABLE AssociationValueEntry (id bigserial PRIMARY KEY, associationKey varchar(255), associationValue "
        "varchar(255), sagaId varchar(255), sagaType varchar(255))");
    run("INSERT INTO SagaEntry VALUES ('s1', NULL, 'OrderSaga', '\\x7b7d')");
    const auto all = sagas();
    ASSERT_EQ(all.size(), 1U);
    EXPECT_EQ(all[0].state, "{}");
    EXPECT_TRUE(all[0].associations.empty());
}

TEST_F(KeptSagas, OfMassTransitSayTheStateOfTheirMachine)
{
    run(R"(CREATE TABLE "OrderState" ("CorrelationId" uuid PRIMARY KEY, "CurrentState" varchar(64) NOT NULL, "Total" int))");
    run(R"(INSERT INTO "OrderState" VALUES ('00000000-0000-0000-0000-000000000001', 'Submitted', 5),
        ('00000000-0000-0000-0000-000000000002', 'Final', 6))");
    const auto all = sagas();
    ASSERT_EQ(all.size(), 2U);
    EXPECT_EQ(all[0].id, "00000000-0000-0000-0000-000000000002");
    EXPECT_EQ(all[0].status, "completed");
    EXPECT_EQ(all[1].type, "OrderState");
    EXPECT_EQ(all[1].step, "Submitted");
    EXPECT_EQ(all[1].status, "running");
    EXPECT_EQ(all[1].correlationId, all[1].id);
    EXPECT_NE(all[1].state.find(R"("Total": 5)"), std::string::npos) << all[1].state;
}

TEST_F(KeptSagas, OfNServiceBusWolverineMartenAndRebusAreShown)
{
    run(R"(CREATE TABLE "Sales_OrderSaga" ("Id" uuid PRIMARY KEY, "Metadata" text NOT NULL, "Data" jsonb NOT NULL,
        "PersistenceVersion" varchar(23), "SagaTypeVersion" varchar(23), "Concurrency" int, "Correlation_OrderId" varchar(200)))");
    run(R"(INSERT INTO "Sales_OrderSaga" VALUES (gen_random_uuid(), '{}', '{"OrderId": "n"}', '1', '1', 1, 'n'))");
    run("CREATE TABLE order_saga (id varchar PRIMARY KEY, body jsonb NOT NULL, version int NOT NULL DEFAULT 1, created "
        "timestamptz NOT NULL DEFAULT now(), last_modified timestamptz NOT NULL DEFAULT now())");
    run("INSERT INTO order_saga (id, body, last_modified) VALUES ('w', '{}', '2024-01-02T03:04:05Z')");
    run("CREATE TABLE mt_doc_ordersaga (id varchar PRIMARY KEY, data jsonb NOT NULL, mt_last_modified timestamptz "
        "DEFAULT "
        "now(), mt_version uuid, mt_dotnet_type varchar)");
    run("INSERT INTO mt_doc_ordersaga (id, data, mt_dotnet_type) VALUES ('m', '{}', 'Shop.OrderSaga')");
    run("CREATE TABLE rebus_sagas (id uuid PRIMARY KEY, revision int NOT NULL, data bytea NOT NULL)");
    run("CREATE TABLE rebus_saga_index (saga_type text NOT NULL, key text NOT NULL, value text NOT NULL, saga_id uuid "
        "NOT "
        "NULL, PRIMARY KEY (key, value, saga_type))");
    run("INSERT INTO rebus_sagas VALUES ('00000000-0000-0000-0000-000000000009', 3, '\\x7b7d')");
    run("INSERT INTO rebus_saga_index VALUES ('S', 'OrderId', '7', '00000000-0000-0000-0000-000000000009')");
    std::string found;
    for (const KeptSaga& saga : sagas()) {
        found += saga.framework + ":" + saga.type + " ";
        if (saga.framework == "wolverine") {
            EXPECT_EQ(core::formatTimestamp(saga.changedAt.value_or(core::Timestamp{})), "2024-01-02T03:04:05.000000Z");
        }
        if (saga.framework == "rebus") {
            EXPECT_EQ(saga.associations, (std::vector<std::pair<std::string, std::string>>{{"OrderId", "7"}}));
        }
    }
    EXPECT_EQ(found, "nservicebus:Sales_OrderSaga marten:Shop.OrderSaga wolverine:order_saga rebus:rebus_sagas ");
}

TEST_F(KeptSagas, WhosePayloadsMayNotBeReadAreSaidAndCostNothingElse)
{
    run("CREATE TABLE saga_entry (saga_id varchar(255) PRIMARY KEY, revision varchar(255), saga_type varchar(255), "
        "serialized_saga oid)");
    run("INSERT INTO saga_entry VALUES ('s1', NULL, 'OrderSaga', lo_from_bytea(0, 'x'))");
    const std::string role = "sagas_" + m_database.name();
    run("CREATE ROLE " + role + " LOGIN PASSWORD 'reader'");
    run("GRANT SELECT ON events, saga_entry TO " + role);
    postgres::PgLogin reader = m_login;
    reader.user = role;
    reader.password = "reader";
    {
        const auto source = postgres::PostgresSource::open("pg", reader, {.table = {}, .mapping = {}});
        ASSERT_TRUE(source) << source.error().message;
        const auto kept = (*source)->keptSagas({});
        ASSERT_TRUE(kept) << kept.error().message;
        EXPECT_TRUE(kept->empty());
        ASSERT_EQ((*source)->notices().size(), 1U);
        EXPECT_NE((*source)->notices().front().find("GRANT SELECT ON LARGE OBJECT"), std::string::npos);
    }
    run("DROP OWNED BY " + role);
    run("DROP ROLE " + role);
}

TEST_F(KeptSagas, AreNoneWhereNoFrameworkKeepsThem)
{
    EXPECT_TRUE(sagas().empty());
}

} // namespace eventscope::test
