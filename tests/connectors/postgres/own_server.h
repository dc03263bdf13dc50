// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "temp_dir.h"
#include "test_server.h"

#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>

#include <gtest/gtest.h>

namespace eventscope::test {

/// A server of its own, to kill.
class OwnServer {
public:
    OwnServer()
    {
        // It may run as another user, who has to get there.
        std::filesystem::permissions(m_folder / ".", std::filesystem::perms(0755));
        run("start");
    }
    ~OwnServer() { run("stop"); }
    OwnServer(const OwnServer&) = delete;
    OwnServer& operator=(const OwnServer&) = delete;

    void run(const std::string& action)
    {
        const std::string command = std::string(EVENTSCOPE_TESTS_DIR "/services/postgres/service ") + action + ' '
            + (m_folder / "server").string();
        ASSERT_EQ(std::system(command.c_str()), 0) << command; // NOLINT: a command of ours
        std::ifstream env(m_folder / "server" / "env");
        for (std::string line; std::getline(env, line);) {
            const std::size_t equals = line.find('=');
            m_variables[line.substr(0, equals)] = line.substr(equals + 1);
        }
    }
    postgres::PgLogin login() const { return loginAt("EVENTSCOPE_TEST_POSTGRES"); }
    /// After run("standby").
    postgres::PgLogin standbyLogin() const { return loginAt("EVENTSCOPE_TEST_POSTGRES_STANDBY"); }

private:
    postgres::PgLogin loginAt(const char* variable) const
    {
        return loginOf(m_variables.at(variable), m_variables.at("EVENTSCOPE_TEST_POSTGRES_PASSWORD"));
    }

    TempDir m_folder;
    std::map<std::string, std::string> m_variables;
};

} // namespace eventscope::test
