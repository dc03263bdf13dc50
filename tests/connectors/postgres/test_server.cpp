// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "test_server.h"

#include <atomic>
#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <stdexcept>

#include <unistd.h>

namespace eventscope::test {

std::string serverVariable(const char* name)
{
    const char* value = std::getenv(name);
    if (value == nullptr)
        throw std::runtime_error(std::string("there is no PostgreSQL server for the tests: ") + name
            + " is not set; run ./dev test postgres");
    return value;
}

std::string testUrl()
{
    return serverVariable("EVENTSCOPE_TEST_POSTGRES");
}

postgres::PgLogin testLogin()
{
    return loginOf(testUrl(), serverVariable("EVENTSCOPE_TEST_POSTGRES_PASSWORD"));
}

postgres::PgLogin loginOf(const std::string& url, const std::string& password)
{
    // postgres://user@host:port/database
    const std::size_t at = url.find('@'), colon = url.find(':', at), slash = url.find('/', colon);
    postgres::PgLogin login;
    login.user = url.substr(11, at - 11);
    std::uint16_t port = 0;
    std::from_chars(url.data() + colon + 1, url.data() + slash, port);
    login.hosts.push_back({url.substr(at + 1, colon - at - 1), port});
    login.database = url.substr(slash + 1);
    login.password = password;
    return login;
}

Stage::Stage(const postgres::PgLogin& login)
{
    auto opened = postgres::PgLink::open(login, postgres::PgAccess::Write);
    if (!opened)
        throw std::runtime_error(postgres::toError(opened.error(), login.display()).message);
    m_link = std::move(*opened);
}

postgres::PgRows Stage::run(const std::string& sql)
{
    auto rows = m_link->query(sql);
    if (!rows)
        throw std::runtime_error(rows.error().message + " in: " + sql);
    return std::move(*rows);
}

std::string Stage::value(const std::string& sql)
{
    const auto rows = run(sql);
    return rows.size() == 0 ? std::string() : rows.text(0, 0);
}

namespace {

std::string freshName()
{
    static std::atomic<int> count = 0;
    return "t" + std::to_string(getpid()) + "_" + std::to_string(++count);
}

} // namespace

TestDatabase::TestDatabase() : m_name(freshName())
{
    Stage().run("CREATE DATABASE " + m_name);
}

TestDatabase::~TestDatabase()
{
    try {
        Stage().run("DROP DATABASE " + m_name + " WITH (FORCE)");
    } catch (const std::exception& error) {
        ADD_FAILURE() << error.what();
    }
}

TestSchema::TestSchema() : m_name(freshName())
{
    Stage().run("CREATE SCHEMA " + m_name);
}

TestSchema::~TestSchema()
{
    try {
        Stage().run("DROP SCHEMA " + m_name + " CASCADE");
    } catch (const std::exception& error) {
        ADD_FAILURE() << error.what();
    }
}

std::string TestSchema::table(std::string_view name) const
{
    return postgres::quotedIdentifier(m_name) + '.' + postgres::quotedIdentifier(name);
}

} // namespace eventscope::test
