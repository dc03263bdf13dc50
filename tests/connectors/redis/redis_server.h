// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "redis_connection.h"
#include "temp_dir.h"

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>

#include <csignal>
#include <sys/types.h>

namespace eventscope::test {

/// The Redis that was started for the tests. A test without one fails.
inline redis::RedisOptions sharedRedis()
{
    const char* port = std::getenv("EVENTSCOPE_TEST_REDIS_PORT");
    if (port == nullptr)
        throw std::runtime_error("EVENTSCOPE_TEST_REDIS_PORT is not set: run this through ./dev test redis");
    redis::RedisOptions options;
    options.port = static_cast<std::uint16_t>(std::stoi(port));
    return options;
}

/// A Redis of one test's own, to be killed and brought back.
class OwnRedis {
public:
    OwnRedis()
    {
        service("start");
        std::ifstream(m_folder / "port") >> m_port;
    }
    ~OwnRedis() { static_cast<void>(std::system(command("stop").c_str())); }
    OwnRedis(const OwnRedis&) = delete;
    OwnRedis& operator=(const OwnRedis&) = delete;

    redis::RedisOptions options() const
    {
        redis::RedisOptions options;
        options.port = static_cast<std::uint16_t>(m_port);
        options.answerTimeout = std::chrono::milliseconds(300);
        return options;
    }
    /// With "everysec" it answers before it has written, as long as its disk is busy.
    void writeAtOnce() const
    {
        const std::string set = "redis-cli -h 127.0.0.1 -p " + std::to_string(m_port);
        if (std::system((set + " config set appendfsync always >/dev/null").c_str()) != 0)
            throw std::runtime_error("the Redis of this test did not take its setting");
    }
    void kill() { service("kill"); }
    void restart() { service("restart"); }
    void signal(int number)
    {
        pid_t pid = 0;
        std::ifstream(m_folder / "pid") >> pid;
        if (pid > 0)
            ::kill(pid, number);
    }

private:
    std::string command(const std::string& verb) const
    {
        return std::string(EVENTSCOPE_TESTS_DIR) + "/services/redis/service " + verb + ' ' + m_folder.path().string();
    }
    void service(const std::string& verb) const
    {
        if (std::system(command(verb).c_str()) != 0)
            throw std::runtime_error("the Redis of this test did not " + verb);
    }

    TempDir m_folder;
    int m_port = 0;
};

} // namespace eventscope::test
