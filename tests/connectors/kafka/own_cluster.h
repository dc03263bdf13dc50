// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "child_process.h"
#include "temp_dir.h"

#include <fstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace eventscope::test {

/// Real brokers of a test's own, which it may kill.
class OwnCluster {
public:
    explicit OwnCluster(int nodes)
    {
        run({"start", m_folder.path().string(), std::to_string(nodes)});
        std::ifstream env(m_folder / "env");
        constexpr std::string_view kName = "EVENTSCOPE_TEST_KAFKA=";
        for (std::string line; std::getline(env, line);) {
            if (line.starts_with(kName))
                m_brokers = line.substr(kName.size());
        }
        EXPECT_FALSE(m_brokers.empty());
    }
    ~OwnCluster() { run({"stop", m_folder.path().string()}); }
    OwnCluster(const OwnCluster&) = delete;
    OwnCluster& operator=(const OwnCluster&) = delete;

    const std::string& brokers() const { return m_brokers; }
    /// As a power cut would.
    void kill(int node) { run({"kill", m_folder.path().string(), std::to_string(node)}); }
    /// Starts it again, and waits until it serves.
    void start(int node) { run({"run", m_folder.path().string(), std::to_string(node)}); }

private:
    static void run(std::vector<std::string> arguments)
    {
        arguments.insert(arguments.begin(), EVENTSCOPE_TESTS_DIR "/services/kafka/service");
        const Finished finished = runProgram(arguments);
        EXPECT_EQ(finished.exitCode, 0) << finished.errors;
    }

    TempDir m_folder;
    std::string m_brokers;
};

} // namespace eventscope::test
