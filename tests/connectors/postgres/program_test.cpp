// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "child_process.h"
#include "temp_dir.h"
#include "test_server.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace eventscope::test {

namespace {

/// The program on a database of its own.
class PostgresProgram : public ::testing::Test {
protected:
    std::string url() const
    {
        const std::string test = testUrl();
        return test.substr(0, test.rfind('/') + 1) + m_database.name();
    }
    Finished run(std::vector<std::string> arguments) const
    {
        arguments.insert(arguments.begin(), EVENTSCOPE_PROGRAM);
        return runProgram(arguments,
            {.environment = {"EVENTSCOPE_PASSWORD=" + serverVariable("EVENTSCOPE_TEST_POSTGRES_PASSWORD"),
                 "PGPASSWORD=", "PGPASSFILE=", "XDG_STATE_HOME=" + (m_folder / "state").string(),
                 "XDG_DATA_HOME=" + (m_folder / "data").string()}});
    }

    TestDatabase m_database;
    TempDir m_folder;
};

} // namespace

TEST_F(PostgresProgram, KeepsTheDemosStoryAndShowsIt)
{
    const Finished locked = run({"demo", "--seconds", "1", "--to", url()});
    EXPECT_EQ(locked.exitCode, 1);
    EXPECT_EQ(run({"streams", url()}).exitCode, 3) << "nothing was made while it was locked";

    const Finished demo = run({"demo", "--seconds", "2", "--to", url(), "--unlock"});
    ASSERT_EQ(demo.exitCode, 0) << demo.errors;
    const Finished streams = run({"streams", url()});
    EXPECT_EQ(streams.exitCode, 0) << streams.errors;
    EXPECT_NE(streams.output.find(R"({"name":"order-)"), std::string::npos);
    const Finished sagas = run({"sagas", url()});
    EXPECT_EQ(sagas.exitCode, 0) << sagas.errors;
    EXPECT_NE(sagas.output.find(R"("type":"order-saga")"), std::string::npos);
    const Finished letters = run({"dead-letters", url()});
    EXPECT_EQ(letters.exitCode, 0) << letters.errors;
    EXPECT_EQ(letters.output, "");
}

TEST_F(PostgresProgram, GivesBackIdenticalWhatWasImported)
{
    const std::string first = (m_folder / "first.ndjson").string(), second = (m_folder / "second.ndjson").string();
    {
        std::ofstream file(first);
        file
            << R"({"stream":"order-1","version":1,"id":"0190b6f0-7c1a-7000-8000-00000000abcd","type":"OrderPlaced",)"
               R"("time":"2026-11-23T09:00:00.000001Z","correlationId":"c","headers":[["z","1"],["a","2"]],"data":{"total":38.00,"b":[1]}})"
            << '\n'
            << R"({"stream":"order-1","version":2,"id":"any text","type":"OrderPaid","time":"2026-11-23T09:00:01.000000Z","data":{"amount":1e2}})"
            << '\n';
    }
    const Finished imported = run({"import", first, url(), "--unlock"});
    ASSERT_EQ(imported.exitCode, 0) << imported.errors;
    const Finished exported = run({"export", url(), second});
    ASSERT_EQ(exported.exitCode, 0) << exported.errors;
    const auto withoutPlace = [](const std::string& path) {
        std::ifstream file(path);
        std::stringstream text;
        text << file.rdbuf();
        std::vector<std::string> lines = splitLines(text.str());
        for (std::string& line : lines)
            line.erase(0, line.find(R"("version")"));
        return lines;
    };
    EXPECT_EQ(withoutPlace(second), withoutPlace(first));
}

TEST_F(PostgresProgram, SaysHowAFilterIsReadAndReadsItSo)
{
    ASSERT_EQ(run({"demo", "--seconds", "2", "--to", url(), "--unlock"}).exitCode, 0);
    const std::string filter = "type = 'OrderPlaced' AND subject MATCHES '^order-'";
    const Finished plan = run({"read", url(), "--filter", filter, "--explain"});
    EXPECT_EQ(plan.exitCode, 0) << plan.errors;
    EXPECT_NE(
        plan.output.find(R"("pushed":"type = 'OrderPlaced'","here":"subject MATCHES '^order-'")"), std::string::npos)
        << plan.output;
    EXPECT_NE(plan.output.find(R"("parameters":["OrderPlaced"])"), std::string::npos) << plan.output;
    const Finished read = run({"read", url(), "--filter", filter});
    EXPECT_EQ(read.exitCode, 0) << read.errors;
    EXPECT_NE(read.errors.find(R"("complete":true,"pushed":"type = 'OrderPlaced'")"), std::string::npos) << read.errors;
    const std::size_t placed = splitLines(read.output).size();
    EXPECT_GE(placed, 5U);
    EXPECT_NE(read.errors.find("\"scanned\":" + std::to_string(placed) + ","), std::string::npos) << read.errors;
}

TEST_F(PostgresProgram, PrintsTheSagasThatAFrameworkKeeps)
{
    postgres::PgLogin login = testLogin();
    login.database = m_database.name();
    Stage stage(login);
    ASSERT_EQ(run({"demo", "--seconds", "1", "--to", url(), "--unlock"}).exitCode, 0);
    stage.run(
        "CREATE TABLE saga_entry (saga_id varchar(255) PRIMARY KEY, revision varchar(255), saga_type varchar(255), "
        "serialized_saga bytea)");
    stage.run("INSERT INTO saga_entry VALUES ('s1', NULL, 'OrderSaga', '\\x7b226e223a317d')");
    const Finished sagas = run({"sagas", url()});
    EXPECT_EQ(sagas.exitCode, 0) << sagas.errors;
    EXPECT_NE(sagas.output.find(R"("type":"order-saga")"), std::string::npos);
    EXPECT_NE(sagas.output.find(
                  R"({"id":"s1","type":"OrderSaga","status":"running","steps":[],"framework":"axon","state":{"n":1}})"),
        std::string::npos)
        << sagas.output;
}

TEST_F(PostgresProgram, SaysNoPasswordAnywhere)
{
    const std::string test = url();
    const std::string withPassword = "postgres://eventscope:canary-4711" + test.substr(test.find('@'));
    const Finished refused = run({"streams", withPassword});
    EXPECT_EQ(refused.exitCode, 3);
    EXPECT_NE(refused.errors.find("refused the password"), std::string::npos) << refused.errors;
    EXPECT_EQ(refused.errors.find("canary-4711"), std::string::npos) << refused.errors;
}

TEST_F(PostgresProgram, UnderstandsItsOptions)
{
    EXPECT_EQ(run({"streams", url() + "?colour=red"}).exitCode, 2);
    EXPECT_NE(run({"streams", url() + "?colour=red"}).errors.find("no option 'colour'"), std::string::npos);
    EXPECT_NE(run({"streams", url() + "?counts=some"}).errors.find("exact or estimate"), std::string::npos);
}

} // namespace eventscope::test
