// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pg_link.h"
#include "pg_login.h"

#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace eventscope::test {

/// The value of a variable that tests/services/postgres/service leaves; a test without its server fails.
std::string serverVariable(const char* name);
postgres::PgLogin testLogin();
postgres::PgLogin loginOf(const std::string& url, const std::string& password);
std::string testUrl(); ///< without the password, which EVENTSCOPE_PASSWORD may carry

/// A schema of its own, gone with the object.
class TestSchema {
public:
    TestSchema();
    ~TestSchema();
    TestSchema(const TestSchema&) = delete;
    TestSchema& operator=(const TestSchema&) = delete;

    const std::string& name() const { return m_name; }
    /// "schema"."table"
    std::string table(std::string_view name) const;

private:
    std::string m_name;
};

/// A database of its own, gone with the object.
class TestDatabase {
public:
    TestDatabase();
    ~TestDatabase();
    TestDatabase(const TestDatabase&) = delete;
    TestDatabase& operator=(const TestDatabase&) = delete;

    const std::string& name() const { return m_name; }

private:
    std::string m_name;
};

/// A session to set the stage with; a statement that fails fails the test.
class Stage {
public:
    explicit Stage(const postgres::PgLogin& login = testLogin());
    /// One statement at a time.
    postgres::PgRows run(const std::string& sql);
    std::string value(const std::string& sql); ///< the first column of the first row
    postgres::PgLink& link() { return *m_link; }

private:
    std::unique_ptr<postgres::PgLink> m_link;
};

} // namespace eventscope::test
