// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/workspace.h"

#include "scripted_source.h"

#include <gtest/gtest.h>

using namespace eventscope::core;
using eventscope::test::ChangeWaiter;
using eventscope::test::ScriptedServer;

namespace {

ConnectionSpec specOf(std::string name, ScriptedServer& server)
{
    return {.name = std::move(name), .url = "test:", .open = server.factory()};
}

} // namespace

TEST(Workspace, CollectsTheEventsOfAllItsConnections)
{
    ManualClock clock{Timestamp{}};
    ScriptedServer one;
    ScriptedServer two;
    one.add(2);
    two.add(3);
    Workspace workspace(clock);
    ChangeWaiter changed;
    const auto bell = workspace.log().onAppended([&] { changed.notify(); });
    ASSERT_TRUE(workspace.add(specOf("one", one)));
    ASSERT_TRUE(workspace.add(specOf("two", two)));
    changed.wait([&] { return workspace.log().size() == 5; });
    EXPECT_EQ(workspace.throughput().total(), 5u);
    EXPECT_EQ(workspace.connections().size(), 2u);
    EXPECT_EQ(workspace.connection("two")->name(), "two");
    EXPECT_EQ(workspace.connection("three"), nullptr);
}

TEST(Workspace, KeepsNamesApart)
{
    ManualClock clock{Timestamp{}};
    ScriptedServer server;
    Workspace workspace(clock);
    ASSERT_TRUE(workspace.add(specOf("demo", server)));
    const auto again = workspace.add(specOf("demo", server));
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().code, ErrorCode::InvalidArgument);
    EXPECT_FALSE(workspace.add(specOf("", server)));
    EXPECT_EQ(workspace.freeName("demo"), "demo 2");
    EXPECT_EQ(workspace.freeName("other"), "other");
}

TEST(Workspace, KeepsWhatARemovedConnectionDelivered)
{
    ManualClock clock{Timestamp{}};
    ScriptedServer server;
    server.add(4);
    Workspace workspace(clock);
    ChangeWaiter changed;
    const auto appended = workspace.log().onAppended([&] { changed.notify(); });
    int changes = 0;
    const auto bell = workspace.onConnectionsChanged([&] { ++changes; });
    const std::shared_ptr<Connection> connection = workspace.add(specOf("demo", server)).value();
    changed.wait([&] { return workspace.log().size() == 4; });
    ASSERT_TRUE(workspace.remove("demo"));
    EXPECT_EQ(connection->status().state, ConnectionState::Stopped);
    EXPECT_EQ(workspace.log().size(), 4u);
    EXPECT_TRUE(workspace.connections().empty());
    EXPECT_EQ(workspace.remove("demo").error().code, ErrorCode::NotFound);
    EXPECT_EQ(changes, 2);
}

TEST(Workspace, StopsItsConnectionsEvenWhenSomebodyHoldsThem)
{
    ManualClock clock{Timestamp{}};
    ScriptedServer server;
    std::shared_ptr<Connection> held;
    {
        Workspace workspace(clock);
        held = workspace.add(specOf("demo", server)).value();
    }
    EXPECT_EQ(held->status().state, ConnectionState::Stopped);
}
