// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "postgres_letters.h"
#include "postgres_source.h"

#include "test_server.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace eventscope::test {

namespace {

class FrameworkLetters : public ::testing::Test {
protected:
    FrameworkLetters()
    {
        login.database = database.name();
        stage = std::make_unique<Stage>(login);
    }
    std::unique_ptr<postgres::PostgresLetters> open(postgres::PgAccess access = postgres::PgAccess::Read)
    {
        auto letters = postgres::PostgresLetters::open(login, access, {});
        EXPECT_TRUE(letters) << letters.error().message;
        return std::move(*letters);
    }

    TestDatabase database;
    postgres::PgLogin login = testLogin();
    std::unique_ptr<Stage> stage;
};

} // namespace

TEST_F(FrameworkLetters, OfAxonAreShownWithWhyTheyFailed)
{
    stage->run(
        "CREATE TABLE dead_letter_entry (dead_letter_id varchar(255) PRIMARY KEY, processing_group varchar(255), "
        "sequence_identifier varchar(255), sequence_index bigint, message_type varchar(255), event_identifier "
        "varchar(255), "
        "time_stamp varchar(255), payload_type varchar(255), payload oid, meta_data oid, type varchar(255), "
        "aggregate_identifier varchar(255), sequence_number bigint, enqueued_at timestamptz, last_touched timestamptz, "
        "processing_started timestamptz, cause_type varchar(255), cause_message varchar(1023), diagnostics oid)");
    stage->run(
        "INSERT INTO dead_letter_entry (dead_letter_id, processing_group, sequence_identifier, sequence_index, "
        "event_identifier, payload_type, payload, aggregate_identifier, enqueued_at, cause_type, cause_message) VALUES "
        "('l1', 'mailer', 'a1', 0, 'e1', 'Issued', lo_from_bytea(0, convert_to('{\"n\":1}', 'UTF8')), 'a1', "
        "'2024-01-02T03:04:05Z', 'java.io.IOException', 'no route')");
    const auto letters = open()->list({}, {});
    ASSERT_TRUE(letters) << letters.error().message;
    ASSERT_EQ(letters->size(), 1U);
    const core::DeadLetter& letter = letters->front();
    EXPECT_EQ(letter.convention, "axon");
    EXPECT_EQ(letter.queue, "mailer");
    EXPECT_EQ(letter.original.stream, "a1");
    EXPECT_EQ(letter.original.type, "Issued");
    EXPECT_EQ(letter.original.data, R"({"n":1})");
    EXPECT_EQ(letter.error.type, "java.io.IOException");
    EXPECT_EQ(letter.error.message, "no route");
    EXPECT_EQ(core::formatTimestamp(letter.failedAt), "2024-01-02T03:04:05.000000Z");
    const auto sent = open(postgres::PgAccess::Write)
                          ->send({.sendId = "s", .letter = letter, .target = {}, .data = letter.original.data});
    ASSERT_FALSE(sent);
    EXPECT_EQ(sent.error().code, core::ErrorCode::Unsupported);
}

TEST_F(FrameworkLetters, OfWolverineAreMarkedAsReplayable)
{
    stage->run(
        "CREATE TABLE wolverine_dead_letters (id uuid PRIMARY KEY, execution_time timestamptz, body bytea NOT NULL, "
        "message_type varchar NOT NULL, received_at varchar, source varchar, exception_type varchar, exception_message "
        "varchar, "
        "sent_at timestamptz, replayable boolean)");
    stage->run("INSERT INTO wolverine_dead_letters VALUES ('00000000-0000-0000-0000-000000000001', NULL, '\\x7b7d', "
               "'PlaceOrder', "
               "'rabbitmq://queue/orders', 's', 'System.Exception', 'boom', now(), false)");
    const auto looking = open();
    const auto letters = looking->list("wolverine_dead_letters", {});
    ASSERT_TRUE(letters) << letters.error().message;
    ASSERT_EQ(letters->size(), 1U);
    EXPECT_EQ(letters->front().original.data, "{}");
    EXPECT_EQ(letters->front().error.message, "boom");
    const core::Requeue requeue{.sendId = "s", .letter = letters->front(), .target = {}, .data = "{}"};
    EXPECT_EQ(looking->send(requeue).error().code, core::ErrorCode::ReadOnly);
    const auto writing = open(postgres::PgAccess::Write);
    ASSERT_TRUE(writing->send(requeue));
    EXPECT_EQ(stage->value("SELECT replayable FROM wolverine_dead_letters"), "t");
}

TEST_F(FrameworkLetters, OfMartenAreShown)
{
    stage->run("CREATE TABLE mt_doc_deadletterevent (id uuid PRIMARY KEY, data jsonb NOT NULL)");
    stage->run(
        "INSERT INTO mt_doc_deadletterevent VALUES (gen_random_uuid(), '{\"EventSequence\": 12, \"ProjectionName\": "
        "\"Trips\", "
        "\"ExceptionType\": \"X\", \"ExceptionMessage\": \"no\", \"Timestamp\": \"2024-01-02T03:04:05+00:00\"}')");
    const auto letters = open()->list({}, {});
    ASSERT_TRUE(letters) << letters.error().message;
    ASSERT_EQ(letters->size(), 1U);
    EXPECT_EQ(letters->front().queue, "Trips");
    EXPECT_EQ(letters->front().original.position, 12);
    EXPECT_EQ(letters->front().error.message, "no");
}

TEST_F(FrameworkLetters, AreMissedWithASentence)
{
    const auto letters = open();
    EXPECT_TRUE(letters->list({}, {})->empty());
    EXPECT_EQ(letters->notices().size(), 1U);
}

} // namespace eventscope::test
