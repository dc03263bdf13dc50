// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "postgres_source.h"

#include "foreign_stores.h"
#include "test_server.h"

#include "collecting_sink.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <chrono>
#include <string>

namespace eventscope::test {

namespace {

/// The schema alone in sight, as in a database of its own.
postgres::PgLogin loginTo(const TestDatabase& database)
{
    postgres::PgLogin login = testLogin();
    login.database = database.name();
    return login;
}

void runAll(Stage& stage, std::string_view sql)
{
    while (!sql.empty()) {
        const std::size_t end = std::min(sql.find(";\n"), sql.size());
        const std::string one(sql.substr(0, end));
        if (one.find_first_not_of(" \n;") != std::string::npos)
            stage.run(one);
        sql.remove_prefix(std::min(sql.size(), end + 2));
    }
}

class Dialects : public ::testing::TestWithParam<ForeignStore> { };

} // namespace

TEST_P(Dialects, AreRecognisedAndRead)
{
    const ForeignStore& foreign = GetParam();
    const TestDatabase database;
    Stage stage(loginTo(database));
    runAll(stage, foreign.sql);
    const auto opened = postgres::PostgresSource::open("pg", loginTo(database), {.table = {}, .mapping = {}});
    ASSERT_TRUE(opened) << opened.error().message;
    postgres::PostgresSource& source = **opened;
    EXPECT_EQ(source.dialect(), foreign.dialect);

    CollectingSink sink;
    const auto receipt = source.read({}, sink, {});
    ASSERT_TRUE(receipt) << receipt.error().message;
    EXPECT_TRUE(receipt->complete);
    ASSERT_EQ(sink.events().size(), foreign.events.size());
    for (std::size_t i = 0; i < foreign.events.size(); ++i) {
        const ShownEvent& wanted = foreign.events[i];
        const core::SourceEvent& event = sink.events()[i];
        EXPECT_EQ(event.stream, wanted.stream);
        if (foreign.dialect != "disintegrate") {
            EXPECT_EQ(event.version, wanted.version);
        }
        EXPECT_EQ(event.type, wanted.type);
        EXPECT_EQ(event.payloadIsNull ? "NULL" : event.payload, wanted.payload);
        EXPECT_EQ(event.correlationId, wanted.correlation);
        EXPECT_EQ(event.causationId, wanted.causation);
        EXPECT_EQ(event.undecodable, "");
        EXPECT_TRUE(!event.hasTime || event.time > core::Timestamp(std::chrono::hours(24 * 365 * 40)));
    }
    CollectingSink ofStream;
    ASSERT_TRUE(source.read({.stream = foreign.events.front().stream}, ofStream, {}));
    EXPECT_FALSE(ofStream.events().empty());
    CollectingSink newest;
    ASSERT_TRUE(source.read({.last = 1}, newest, {}));
    ASSERT_EQ(newest.events().size(), 1U);
    EXPECT_EQ(newest.events()[0].payload, sink.events().back().payload);
    const auto catalog = source.catalog({});
    ASSERT_TRUE(catalog) << catalog.error().message;
    ASSERT_FALSE(catalog->empty());
    const auto probe = source.probe({});
    ASSERT_TRUE(probe) << probe.error().message;
}

INSTANTIATE_TEST_SUITE_P(All, Dialects, ::testing::ValuesIn(foreignStores()), [](const auto& each) {
    std::string name;
    for (const char c : each.param.dialect)
        name += std::isalnum(static_cast<unsigned char>(c)) ? std::string(1, c) : std::string();
    return name + std::to_string(each.index);
});

} // namespace eventscope::test
