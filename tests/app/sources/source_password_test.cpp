// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sources/source_password.h"

#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

using namespace eventscope;

namespace {

/// The environment of a test: without any password, and as before at the end.
class SourcePassword : public testing::Test {
protected:
    SourcePassword()
    {
        for (const char* name : kNames) {
            const char* value = std::getenv(name);
            m_before.emplace_back(value ? value : "");
            unsetenv(name);
        }
    }
    ~SourcePassword() override
    {
        for (std::size_t i = 0; i < m_before.size(); ++i) {
            m_before[i].empty() ? unsetenv(kNames[i]) : setenv(kNames[i], m_before[i].c_str(), 1);
        }
    }

    static core::SourceUrl url(std::string_view text) { return core::parseSourceUrl(text).value(); }

private:
    static constexpr std::array kNames{"PGPASSWORD", "PGPASSFILE", "EVENTSCOPE_PASSWORD"};
    std::vector<std::string> m_before;
};

} // namespace

TEST_F(SourcePassword, ComesFromTheEnvironmentWhereTheUrlHasNone)
{
    setenv("EVENTSCOPE_PASSWORD", "canary", 1);
    EXPECT_EQ(app::withPasswordFromEnvironment(url("kafka://anna@h")).password, "canary");
    EXPECT_EQ(app::withPasswordFromEnvironment(url("amqp://anna@h")).password, "canary");
    EXPECT_EQ(app::withPasswordFromEnvironment(url("postgres://h/db")).password, "canary");
    EXPECT_EQ(app::withPasswordFromEnvironment(url("amqp://anna:own@h")).password, "own");
}

TEST_F(SourcePassword, IsGivenToNobodyWhoSignsInWithoutAName)
{
    setenv("EVENTSCOPE_PASSWORD", "canary", 1);
    EXPECT_EQ(app::withPasswordFromEnvironment(url("kafka://h")).password, "");
    EXPECT_EQ(app::withPasswordFromEnvironment(url("sqlite:orders.db")).password, "");
}

TEST_F(SourcePassword, LeavesPostgresItsOwnVariables)
{
    setenv("EVENTSCOPE_PASSWORD", "ours", 1);
    setenv("PGPASSWORD", "theirs", 1);
    EXPECT_EQ(app::withPasswordFromEnvironment(url("postgres://anna@h/db")).password, "");
    EXPECT_EQ(app::withPasswordFromEnvironment(url("amqp://anna@h")).password, "ours");
    EXPECT_FALSE(app::wantsPassword(url("postgres://anna@h/db")));
}

TEST_F(SourcePassword, IsAskedForWhereANameStandsAlone)
{
    EXPECT_TRUE(app::wantsPassword(url("postgres://anna@h/db")));
    EXPECT_FALSE(app::wantsPassword(url("postgres://anna:own@h/db")));
    EXPECT_FALSE(app::wantsPassword(url("kafka://h")));
    EXPECT_FALSE(app::wantsPassword(url("demo:")));
    EXPECT_TRUE(app::wantsPassword(url("amqp://guest@h")));
    EXPECT_TRUE(app::hasKnownPassword(url("amqp://guest@h"))) << "which every broker has from the start";
    EXPECT_FALSE(app::hasKnownPassword(url("amqp://anna@h")));
    EXPECT_FALSE(app::hasKnownPassword(url("postgres://guest@h/db")));
    setenv("EVENTSCOPE_PASSWORD", "canary", 1);
    EXPECT_FALSE(app::wantsPassword(url("postgres://anna@h/db")));
}
