// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sources/found_sources.h"
#include "sources/reach.h"
#include "sources/source_check.h"
#include "sourcing/sqlite_database.h"
#include "sourcing/sqlite_event_store.h"
#include "temp_dir.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

using namespace eventscope;
using State = core::CheckStage::State;

namespace {

/// A port of this machine: listened on, or bound by somebody who does not listen.
class LocalPort {
public:
    explicit LocalPort(bool listening) : m_handle(::socket(AF_INET, SOCK_STREAM, 0))
    {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        EXPECT_EQ(::bind(m_handle, reinterpret_cast<sockaddr*>(&address), size), 0);
        EXPECT_EQ(::getsockname(m_handle, reinterpret_cast<sockaddr*>(&address), &size), 0);
        m_port = ntohs(address.sin_port);
        if (listening) {
            EXPECT_EQ(::listen(m_handle, 4), 0);
        }
    }
    ~LocalPort() { ::close(m_handle); }
    LocalPort(const LocalPort&) = delete;
    LocalPort& operator=(const LocalPort&) = delete;

    std::uint16_t port() const { return m_port; }

private:
    int m_handle;
    std::uint16_t m_port = 0;
};

struct Checked {
    core::Status status;
    std::vector<core::CheckStage> stages;

    std::string last() const { return stages.empty() ? "" : stages.back().sentence; }
};

Checked check(const std::string& text)
{
    Checked result;
    result.status = app::checkSource(
        core::parseSourceUrl(text).value(), [&](const core::CheckStage& stage) { result.stages.push_back(stage); }, {});
    return result;
}

} // namespace

TEST(SourceCheck, OpensAStoreAndSaysWhatItHolds)
{
    const test::TempDir folder;
    const std::string file = (folder.path() / "orders.db").string();
    {
        const auto database = core::SqliteDatabase::open(file, {.access = core::SqliteAccess::Create});
        ASSERT_TRUE(database) << database.error().message;
        ASSERT_TRUE(core::SqliteEventStore::open(*database));
    }
    const Checked checked = check("sqlite:" + file);
    ASSERT_TRUE(checked.status) << checked.status.error().message;
    EXPECT_EQ(checked.stages.back().name, "list");
    EXPECT_EQ(checked.last(), "nothing in it yet");
}

TEST(SourceCheck, SaysWhyAFileIsNoStore)
{
    const test::TempDir folder;
    const Checked checked = check("sqlite:" + (folder.path() / "missing.db").string());
    ASSERT_FALSE(checked.status);
    EXPECT_EQ(checked.stages.back().state, State::Failed);
    EXPECT_EQ(checked.last(), checked.status.error().message);
}

TEST(SourceCheck, StopsAtThePortWhereNobodyListens)
{
    const LocalPort closed(false);
    const Checked checked = check("postgres://anna:canary@127.0.0.1:" + std::to_string(closed.port()) + "/db");
    ASSERT_FALSE(checked.status);
    EXPECT_EQ(checked.status.error().code, core::ErrorCode::Unreachable);
    ASSERT_EQ(checked.stages.size(), 4U); // found, then refused; each before and after
    EXPECT_EQ(checked.stages[1].state, State::Passed);
    EXPECT_EQ(checked.stages[3].name, "connect to 127.0.0.1");
    EXPECT_NE(checked.last().find("Nothing listens on 127.0.0.1:"), std::string::npos);
    for (const core::CheckStage& stage : checked.stages) {
        EXPECT_EQ((stage.name + stage.sentence).find("canary"), std::string::npos);
    }
}

TEST(SourceCheck, IsContentWithOneBrokerOfSeveral)
{
    const LocalPort closed(false);
    const LocalPort open(true);
    const auto addresses = app::resolve("127.0.0.1", open.port());
    ASSERT_TRUE(addresses);
    EXPECT_TRUE(app::reach(addresses->front(), open.port(), std::chrono::milliseconds(2000), {}));
    std::vector<std::string> connected;
    static_cast<void>(app::checkSource(core::parseSourceUrl("kafka://127.0.0.1:" + std::to_string(closed.port())
                                           + ",localhost:" + std::to_string(open.port()))
                                           .value(),
        [&](const core::CheckStage& stage) {
            if (stage.state == State::Passed) {
                connected.push_back(stage.name);
            }
        },
        {}));
    EXPECT_TRUE(std::ranges::find(connected, "connect to localhost") != connected.end());
}

TEST(SourceCheck, StartsNoDemoButReadsItsOptions)
{
    EXPECT_TRUE(check("demo:?rate=20").status);
    EXPECT_FALSE(check("demo:?rate=fast").status);
}

TEST(FoundSources, ReadsWhatOtherProgramsAreTold)
{
    const std::map<std::string, std::string> variables{{"DATABASE_URL", "postgres://anna:canary@db.example/orders"},
        {"PGHOST", "db2"}, {"PGUSER", "eva"}, {"PGDATABASE", "shop"}, {"KAFKA_BROKERS", "a:9092,b:9093"},
        {"RABBITMQ_URL", "not a url"}};
    const app::FoundSources sources(
        [&](const char* name) -> std::optional<std::string> {
            const auto found = variables.find(name);
            return found == variables.end() ? std::nullopt : std::optional(found->second);
        },
        [](std::uint16_t port, const std::stop_token&) { return port == 5672; });
    const auto found = sources.look({});
    ASSERT_EQ(found.size(), 4U);
    EXPECT_EQ(found[0].url.account(), "postgres://anna@db.example:5432/orders");
    EXPECT_EQ(found[0].because, "DATABASE_URL is set");
    EXPECT_EQ(found[1].url.account(), "postgres://eva@db2:5432/shop");
    EXPECT_EQ(found[2].url.account(), "kafka://a:9092,b:9093");
    EXPECT_EQ(found[3].url.account(), "amqp://guest@localhost:5672");
    EXPECT_EQ(found[3].because, "something listens on port 5672");
}

TEST(FoundSources, ProposesNoPortThatAVariableNamed)
{
    const app::FoundSources sources(
        [](const char* name) -> std::optional<std::string> {
            return std::string_view(name) == "PGHOST" ? std::optional<std::string>("localhost") : std::nullopt;
        },
        [](std::uint16_t port, const std::stop_token&) { return port == 5432; });
    EXPECT_EQ(sources.look({}).size(), 1U);
}
