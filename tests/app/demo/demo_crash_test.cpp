// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "child_process.h"
#include "demo/demo_system.h"
#include "demo/story_audit.h"
#include "scaled_clock.h"
#include "temp_dir.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <charconv>
#include <chrono>
#include <csignal>
#include <iostream>
#include <map>
#include <mutex>
#include <random>
#include <set>

using namespace eventscope;
using namespace std::chrono_literals;

namespace {

constexpr int kLives = 100;
constexpr int kFactor = 20; // story seconds a second
constexpr double kRate = 5; // orders a story second
constexpr unsigned kSeed = 20'261'123;

/// What the lives so far have said.
struct Reports {
    std::map<std::string, std::int64_t> stored; // event id and position
    std::set<std::string> published;
    int ready = 0;

    void take(std::string_view line)
    {
        const std::size_t blank = line.find(' ');
        const std::string_view word = line.substr(0, blank);
        const std::string_view rest = blank == std::string_view::npos ? std::string_view{} : line.substr(blank + 1);
        if (word == "ready") {
            ++ready;
        } else if (word == "stored") {
            std::int64_t position = 0;
            std::from_chars(rest.data(), rest.data() + rest.size(), position);
            stored.emplace(rest.substr(rest.find(' ') + 1), position);
        } else if (word == "published") {
            published.emplace(rest);
        } else {
            ADD_FAILURE() << "a life ended with: " << line;
        }
    }
};

class CrashTest : public testing::Test {
protected:
    /// Starts a life and kills it after a while; before it is ready, if that comes first.
    void live(std::chrono::microseconds beforeReady, std::chrono::microseconds afterReady)
    {
        test::ChildProcess child({EVENTSCOPE_DEMO_LIFE, m_file.string(),
            std::to_string(m_origin.time_since_epoch().count()), std::to_string(kFactor), std::to_string(kRate)});
        const auto isReady = [](std::string_view text) { return text.find("ready\n") != std::string_view::npos; };
        const auto never = [](std::string_view) { return false; };
        const bool cameUp
            = child.readOutputUntil(isReady, std::chrono::duration_cast<std::chrono::milliseconds>(beforeReady));
        if (cameUp) {
            child.readOutputUntil(never, std::chrono::duration_cast<std::chrono::milliseconds>(afterReady));
        }
        child.signal(SIGKILL);
        ASSERT_EQ(child.wait(), 128 + SIGKILL) << child.output() << child.errors();
        // A line that was cut off was never said.
        std::string_view said = child.output();
        said = said.substr(0, said.rfind('\n') + 1);
        for (const std::string& line : test::splitLines(said)) {
            m_reports.take(line);
        }
    }

    /// The last life is not killed: it brings everything to an end.
    void finish()
    {
        test::ScaledClock clock(m_origin, kFactor);
        app::DemoOptions options;
        options.file = m_file;
        options.onPublished = [this](const core::RecordedEvent& event) {
            const std::scoped_lock lock(m_mutex);
            m_reports.published.insert(event.id);
        };
        const auto system = app::DemoSystem::open(clock, std::move(options));
        ASSERT_TRUE(system) << system.error().message;
        const core::Status settled = (*system)->settle({});
        ASSERT_TRUE(settled) << settled.error().message;
    }

    test::TempDir m_folder;
    const std::filesystem::path m_file = m_folder / "story.db";
    const core::Timestamp m_origin = core::SystemClock().now();
    std::mutex m_mutex;
    Reports m_reports;
};

} // namespace

TEST_F(CrashTest, LosesNothingAndDoesNothingTwiceThroughAHundredDeaths)
{
    std::mt19937 random(kSeed);
    const auto begin = std::chrono::steady_clock::now();
    for (int life = 0; life < kLives; ++life) {
        // One in five is killed while it is still getting up.
        const bool early = life > 0 && random() % 5 == 0;
        ASSERT_NO_FATAL_FAILURE(
            live(early ? std::chrono::milliseconds(1 + random() % 40) : std::chrono::milliseconds(30s),
                std::chrono::milliseconds(20 + random() % 200)));
    }
    ASSERT_NO_FATAL_FAILURE(finish());

    const test::StoryAudit audit = test::auditStory(m_file);
    for (const std::string& violation : audit.violations) {
        ADD_FAILURE() << violation;
    }
    for (const auto& [id, position] : m_reports.stored) {
        const auto found = audit.idPositions.find(id);
        ASSERT_NE(found, audit.idPositions.end()) << "the acknowledged event " << id << " is lost";
        ASSERT_EQ(found->second, position) << "the acknowledged event " << id << " has moved";
    }
    for (const auto& [id, position] : audit.idPositions) {
        ASSERT_TRUE(m_reports.published.contains(id)) << "the event at " << position << " was never published";
    }
    EXPECT_GT(audit.events, 200);
    const auto seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    std::cout << fmt::format("{} lives in {:.1f} s, {} came up; {} appends acknowledged; {}\n", kLives, seconds,
        m_reports.ready, m_reports.stored.size(), audit.summary());
}
