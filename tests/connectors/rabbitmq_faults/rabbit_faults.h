// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event_inbox.h"
#include "temp_dir.h"

#include "event/clock.h"
#include "rabbit_bus.h"
#include "rabbit_options.h"

#include <fmt/format.h>

#include <condition_variable>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace eventscope::test {

/// A broker of this program's own.
class OwnBroker {
public:
    OwnBroker() { service("start"); }
    ~OwnBroker() { static_cast<void>(std::system(command("stop").c_str())); }
    OwnBroker(const OwnBroker&) = delete;
    OwnBroker& operator=(const OwnBroker&) = delete;

    /// Impatient, so that a broker that hangs is found out soon.
    rabbitmq::RabbitOptions options() const
    {
        std::map<std::string, std::string> env;
        std::ifstream in(m_folder / "env");
        for (std::string line; std::getline(in, line);)
            env[line.substr(0, line.find('='))] = line.substr(line.find('=') + 1);
        rabbitmq::RabbitOptions options;
        options.host = "127.0.0.1";
        options.port = static_cast<std::uint16_t>(std::stoi(env.at("EVENTSCOPE_TEST_RABBITMQ_PORT")));
        options.management = env.at("EVENTSCOPE_TEST_RABBITMQ_MANAGEMENT");
        options.connectTimeout = options.answerTimeout = std::chrono::milliseconds(4000);
        options.heartbeat = std::chrono::seconds(2);
        return options;
    }
    void kill() const { service("kill"); }
    void restart() const { service("restart"); }
    void signal(int number) const
    {
        pid_t pid = 0;
        std::ifstream(m_folder / "pid") >> pid;
        ASSERT_GT(pid, 0);
        ::kill(pid, number);
    }
    void ctl(const std::string& words) const { service("ctl", words); }
    /// Which quorum queues and streams there are is on disk only some seconds after they were declared.
    void writeDown() const { ctl("eval '[dets:sync(Table) || Table <- dets:all()].'"); }

private:
    std::string command(const std::string& verb, const std::string& rest = {}) const
    {
        return fmt::format("{}/services/rabbitmq/service {} {} {} >/dev/null", EVENTSCOPE_TESTS_DIR, verb,
            m_folder.path().string(), rest);
    }
    void service(const std::string& verb, const std::string& rest = {}) const
    {
        if (std::system(command(verb, rest).c_str()) != 0)
            throw std::runtime_error("the broker of these tests did not " + verb);
    }

    TempDir m_folder;
};

/// What a bus says of its state.
class States {
public:
    std::function<void(std::string_view)> sink()
    {
        return [this](std::string_view sentence) {
            const std::scoped_lock lock(m_mutex);
            m_all += std::string(sentence) + '\n';
            m_changed.notify_all();
        };
    }
    bool waitFor(std::string_view part)
    {
        std::unique_lock lock(m_mutex);
        return m_changed.wait_for(lock, kPatience, [&] { return m_all.find(part) != std::string::npos; });
    }
    bool isEmpty()
    {
        const std::scoped_lock lock(m_mutex);
        return m_all.empty();
    }

private:
    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::string m_all;
};

/// With one broker for all of them, which is killed, paused and starved.
class RabbitFaults : public testing::Test {
protected:
    static void SetUpTestSuite() { s_broker = std::make_unique<OwnBroker>(); }
    static void TearDownTestSuite() { s_broker.reset(); }
    static OwnBroker& broker() { return *s_broker; }

    std::unique_ptr<rabbitmq::RabbitBus> openBus(const rabbitmq::RabbitOptions& options)
    {
        auto bus = rabbitmq::RabbitBus::open(
            options, m_clock, {.prefetch = 50, .patience = std::chrono::minutes(3), .onState = m_states.sink()});
        EXPECT_TRUE(bus) << bus.error().message;
        return bus ? std::move(*bus) : nullptr;
    }

    core::SystemClock m_clock;
    States m_states;

private:
    static inline std::unique_ptr<OwnBroker> s_broker;
};

} // namespace eventscope::test
