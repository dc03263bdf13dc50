// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "postgres_event_store.h"
#include "postgres_source.h"

#include "collecting_sink.h"
#include "test_server.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace eventscope::test {

namespace {

using core::ErrorCode;
using postgres::PostgresSource;
using postgres::PostgresSourceOptions;

core::Error refusal(const postgres::PgLogin& login, const PostgresSourceOptions& options = {.table = {}, .mapping = {}})
{
    const auto opened = PostgresSource::open("pg", login, options);
    EXPECT_FALSE(opened);
    return opened ? core::Error{} : opened.error();
}

bool says(const core::Error& error, std::string_view text)
{
    return error.message.find(text) != std::string::npos;
}

/// A database of its own with a role that may only connect.
class BadInput : public ::testing::Test {
protected:
    BadInput()
    {
        login.database = database.name();
        stage = std::make_unique<Stage>(login);
    }
    void makeEvents(const std::string& data = "data JSONB NOT NULL")
    {
        stage->run(
            "CREATE TABLE events (id BIGSERIAL PRIMARY KEY, event_id UUID NOT NULL, stream_id VARCHAR(255), event_type "
            "VARCHAR(255), version INTEGER, "
            + data + ", metadata JSONB, created_at TIMESTAMP DEFAULT NOW())");
    }
    void insert(const std::string& values)
    {
        stage->run("INSERT INTO events (event_id, stream_id, event_type, version, data) VALUES (gen_random_uuid(), "
            + values + ")");
    }

    TestDatabase database;
    postgres::PgLogin login = testLogin();
    std::unique_ptr<Stage> stage;
};

} // namespace

TEST_F(BadInput, WrongPassword)
{
    login.password = "canary-8812";
    const core::Error error = refusal(login);
    EXPECT_EQ(error.code, ErrorCode::Refused);
    EXPECT_TRUE(says(error, "refused the password")) << error.message;
    EXPECT_FALSE(says(error, "canary-8812"));
}

TEST_F(BadInput, NoPassword)
{
    login.password.clear();
    EXPECT_TRUE(says(refusal(login), "asks for a password"));
}

TEST_F(BadInput, UnknownHost)
{
    login.hosts = {{"no-such-host.invalid", 5432}};
    const core::Error error = refusal(login);
    EXPECT_EQ(error.code, ErrorCode::Unreachable);
    EXPECT_TRUE(says(error, "is unknown")) << error.message;
}

TEST_F(BadInput, NobodyListens)
{
    login.hosts = {{"127.0.0.1", 1}};
    const core::Error error = refusal(login);
    EXPECT_EQ(error.code, ErrorCode::Unreachable);
    EXPECT_TRUE(says(error, "No PostgreSQL server listens")) << error.message;
}

TEST_F(BadInput, NoSuchDatabase)
{
    login.database = "nowhere";
    const core::Error error = refusal(login);
    EXPECT_EQ(error.code, ErrorCode::NotFound);
    EXPECT_TRUE(says(error, "check the database's name")) << error.message;
}

TEST_F(BadInput, UnverifiableCertificate)
{
    login.options = {{"sslmode", "verify-full"}, {"sslrootcert", "/nowhere/ca.crt"}};
    const core::Error error = refusal(login);
    EXPECT_EQ(error.code, ErrorCode::Refused);
    EXPECT_TRUE(says(error, "cannot be verified")) << error.message;
}

TEST_F(BadInput, ACertificateForTheRightAuthorityIsTaken)
{
    makeEvents();
    login.hosts.front().name = "localhost";
    login.options
        = {{"sslmode", "verify-full"}, {"sslrootcert", serverVariable("EVENTSCOPE_TEST_POSTGRES_FOLDER") + "/ca.crt"}};
    const auto link = postgres::PgLink::open(login, postgres::PgAccess::Read);
    ASSERT_TRUE(link) << link.error().message;
    EXPECT_TRUE((*link)->usesTls());
}

TEST_F(BadInput, TlsIsRefused)
{
    stage->run("ALTER SYSTEM SET ssl = off");
    stage->run("SELECT pg_reload_conf()");
    login.options = {{"sslmode", "require"}};
    core::Error error;
    // The server takes its new settings a moment later.
    for (int attempt = 0; attempt < 2000 && !says(error, "offers no TLS"); ++attempt) {
        const auto link = postgres::PgLink::open(login, postgres::PgAccess::Read);
        error = link ? core::Error{} : postgres::toError(link.error(), login.display());
    }
    stage->run("ALTER SYSTEM RESET ssl");
    stage->run("SELECT pg_reload_conf()");
    EXPECT_TRUE(says(error, "offers no TLS")) << error.message;
}

TEST_F(BadInput, NoTableOfEvents)
{
    stage->run("CREATE TABLE customers (id int, name text)");
    EXPECT_TRUE(says(refusal(login), "has no table of events that is known"));
    EXPECT_TRUE(says(refusal(login, {.table = "nothing", .mapping = {}}), "has no table nothing"));
    EXPECT_TRUE(says(refusal(login, {.table = "customers", .mapping = {}}), "is no table of events that is known"));
}

TEST_F(BadInput, NoRightShowsTheGrant)
{
    makeEvents();
    const std::string role = "reader_" + database.name();
    stage->run("CREATE ROLE " + role + " LOGIN PASSWORD 'reader'");
    postgres::PgLogin reader = login;
    reader.user = role;
    reader.password = "reader";
    const core::Error error = refusal(reader);
    EXPECT_EQ(error.code, ErrorCode::Refused);
    EXPECT_TRUE(says(error, "GRANT SELECT ON \"public\".\"events\" TO \"" + role + "\";")) << error.message;
    stage->run("GRANT SELECT ON \"public\".\"events\" TO " + role);
    EXPECT_TRUE(PostgresSource::open("pg", reader, {.table = {}, .mapping = {}}));
    stage->run("DROP OWNED BY " + role);
    stage->run("DROP ROLE " + role);
}

TEST_F(BadInput, AHouseTableIsOpenedOnceItsColumnsAreConfirmed)
{
    stage->run("CREATE TABLE history (seq bigserial PRIMARY KEY, entity_id text, revision int, event_name text, body "
               "json, occurred_at timestamptz)");
    stage->run("INSERT INTO history (entity_id, revision, event_name, body, occurred_at) VALUES ('a', 1, 'Made', "
               "'{\"x\":1}', now())");
    const core::Error error = refusal(login);
    EXPECT_EQ(error.code, ErrorCode::NotAStore);
    EXPECT_TRUE(says(error,
        "?table=public.history&stream=entity_id&version=revision&position=seq&type=event_name&data=body&time=occurred_"
        "at"))
        << error.message;
    using postgres::EventField;
    const auto opened = PostgresSource::open("pg", login,
        {.table = "history",
            .mapping = {{EventField::Stream, "entity_id"}, {EventField::Position, "seq"},
                {EventField::Version, "revision"}, {EventField::Type, "event_name"}, {EventField::Data, "body"}}});
    ASSERT_TRUE(opened) << opened.error().message;
    CollectingSink sink;
    ASSERT_TRUE((*opened)->read({}, sink, {}));
    ASSERT_EQ(sink.events().size(), 1U);
    EXPECT_EQ(sink.events()[0].stream, "a");
    EXPECT_EQ(sink.events()[0].payload, R"({"x":1})");
    EXPECT_TRUE(
        says(refusal(login, {.table = "history", .mapping = {{EventField::Stream, "nix"}}}), "has no column 'nix'"));
}

TEST_F(BadInput, AViewIsRead)
{
    makeEvents();
    stage->run("ALTER TABLE events RENAME TO kept");
    stage->run("CREATE VIEW events AS SELECT * FROM kept WHERE version > 0");
    stage->run("INSERT INTO kept (event_id, stream_id, event_type, version, data) VALUES (gen_random_uuid(), 's-1', "
               "'T', 1, '{}')");
    const auto opened = PostgresSource::open("pg", login, {.table = "public.events", .mapping = {}});
    ASSERT_TRUE(opened) << opened.error().message;
    CollectingSink sink;
    ASSERT_TRUE((*opened)->read({}, sink, {}));
    EXPECT_EQ(sink.events().size(), 1U);
    ASSERT_EQ((*opened)->notices().size(), 1U);
    EXPECT_EQ((*opened)->notices().front(),
        "\"public\".\"events\" is a view: a gap in its positions stays open as long as any transaction of the server "
        "runs.");
}

TEST_F(BadInput, NullsVersionGapsAndDoubledVersionsAreShownAsTheyAre)
{
    makeEvents("data JSONB");
    insert("'s-1', 'T', 1, NULL");
    insert("'s-1', 'T', 4, '{}'");
    insert("'s-1', 'T', 4, '{}'");
    insert("NULL, NULL, NULL, '{}'");
    const auto opened = PostgresSource::open("pg", login, {.table = {}, .mapping = {}});
    ASSERT_TRUE(opened) << opened.error().message;
    CollectingSink sink;
    const auto receipt = (*opened)->read({}, sink, {});
    ASSERT_TRUE(receipt) << receipt.error().message;
    ASSERT_EQ(sink.events().size(), 4U);
    EXPECT_TRUE(sink.events()[0].payloadIsNull);
    EXPECT_EQ(sink.events()[2].version, 4);
    EXPECT_EQ(sink.events()[3].undecodable, "Its stream is NULL. Its type is NULL.");
    EXPECT_EQ(receipt->undecodable, 1U);
    EXPECT_EQ((*opened)->notices(), std::vector<std::string>{"1 of 4 events have no payload: theirs is NULL."});
    CollectingSink ofStream;
    ASSERT_TRUE((*opened)->read({.stream = "s-1"}, ofStream, {}));
    EXPECT_EQ((*opened)->notices(),
        (std::vector<std::string>{"1 of 3 events have no payload: theirs is NULL.",
            "The stream 's-1' has no versions 2 to 3; what a replay makes of it may not be what was.",
            "The stream 's-1' has version 4 more than once; all of them are shown."}));
}

TEST_F(BadInput, AWriterIsToldWhatATableLacks)
{
    stage->run("CREATE TABLE events (id int, what text)");
    const auto opened = postgres::PostgresEventStore::open(login, {.access = postgres::PgAccess::Write});
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, ErrorCode::NotAStore);
    EXPECT_TRUE(says(opened.error(), "has the columns id integer,what text")) << opened.error().message;
}

TEST_F(BadInput, LookingWritesNothing)
{
    makeEvents();
    const auto link = postgres::PgLink::open(login, postgres::PgAccess::Read);
    ASSERT_TRUE(link);
    const auto refused = (*link)->query("DELETE FROM events");
    ASSERT_FALSE(refused);
    EXPECT_EQ(postgres::toError(refused.error(), "x").code, ErrorCode::ReadOnly);
    EXPECT_FALSE((*link)->query("SELECT 1; DELETE FROM events"));
}

} // namespace eventscope::test
