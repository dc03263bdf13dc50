// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "child_process.h"
#include "collecting_sink.h"
#include "rabbit_server.h"
#include "temp_dir.h"

#include "rabbit_source.h"

#include <fmt/format.h>

#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

using namespace eventscope;
using namespace eventscope::test;
using namespace eventscope::rabbitmq;

namespace {

/// A broker whose management plugin does not answer: what is not named is not known.
class RabbitUnmanaged : public testing::Test {
protected:
    std::unique_ptr<RabbitSource> open(RabbitSourceOptions options = {})
    {
        RabbitOptions broker = m_vhost.options();
        broker.management = "http://127.0.0.1:1";
        auto opened = RabbitSource::open("rabbit", broker, std::move(options));
        EXPECT_TRUE(opened) << opened.error().message;
        return opened ? std::move(*opened) : nullptr;
    }
    void fill(const std::string& queue, const std::string& type, std::size_t count)
    {
        m_vhost.declareQueue(queue, {{"x-queue-type", type}});
        for (std::size_t i = 0; i < count; ++i) {
            MessageProperties properties;
            properties.messageId = fmt::format("m-{}", i);
            properties.deliveryMode = 2;
            m_vhost.publish(queue, "{}", properties);
        }
    }
    Finished run(std::vector<std::string> arguments, const std::string& options = {})
    {
        const RabbitOptions& broker = m_vhost.options();
        arguments.insert(arguments.begin(), EVENTSCOPE_PROGRAM);
        arguments.insert(arguments.begin() + 2,
            fmt::format("amqp://{}@{}:{}/{}?management=http://127.0.0.1:1{}", broker.user, broker.host, broker.port,
                broker.vhost, options));
        return runProgram(arguments,
            {.environment
                = {"XDG_STATE_HOME=" + m_folder.path().string(), "XDG_CACHE_HOME=" + m_folder.path().string()}});
    }

    OwnVhost m_vhost;
    TempDir m_folder;
};

bool contains(const std::string& text, std::string_view part)
{
    return text.find(part) != std::string::npos;
}

} // namespace

TEST_F(RabbitUnmanaged, ReadsAndFollowsAStreamThatIsNamed)
{
    fill("log", "stream", 3);
    const Finished read = run({"read", "--stream", "log"}, "&stream=log");
    EXPECT_EQ(read.exitCode, 0) << read.errors;
    EXPECT_EQ(read.lines().size(), 3u) << read.output;
    EXPECT_TRUE(contains(read.errors, "management")) << "what is missing: " << read.errors;
    const Finished all = run({"read"}, "&stream=log");
    EXPECT_EQ(all.lines().size(), 3u) << all.errors;
    const Finished followed = run({"read", "--stream", "log", "--follow", "--limit", "3"}, "&stream=log");
    EXPECT_EQ(followed.exitCode, 0) << followed.errors;
    EXPECT_EQ(followed.lines().size(), 3u) << followed.output;
}

TEST_F(RabbitUnmanaged, FindsAQueueThatIsAskedForAndSaysHowToGoOn)
{
    fill("log", "stream", 3);
    for (const auto& extra : {std::vector<std::string>{}, std::vector<std::string>{"--follow"}}) {
        std::vector<std::string> arguments{"read", "--stream", "log"};
        arguments.insert(arguments.end(), extra.begin(), extra.end());
        const Finished read = run(arguments);
        EXPECT_EQ(read.exitCode, 1) << read.errors;
        EXPECT_TRUE(contains(read.errors, "?stream=log")) << read.errors;
    }
    // A stream refuses to be looked into, so then it is known to be one.
    const Finished forced = run({"read", "--stream", "log"}, "&peek=force");
    EXPECT_EQ(forced.exitCode, 0) << forced.errors;
    EXPECT_EQ(forced.lines().size(), 3u) << forced.output;
}

TEST_F(RabbitUnmanaged, LooksIntoAQueueThatIsAskedForWhenThatIsAllowed)
{
    fill("orders", "classic", 3);
    EXPECT_TRUE(contains(run({"read", "--stream", "orders"}).errors, "peek=force"));
    const Finished forced = run({"read", "--stream", "orders"}, "&peek=force");
    EXPECT_EQ(forced.exitCode, 0) << forced.errors;
    EXPECT_EQ(forced.lines().size(), 3u) << forced.output;
    EXPECT_EQ(m_vhost.takeAll("orders").size(), 3u);
}

TEST_F(RabbitUnmanaged, ConsumesNoQueueThatIsSaidToBeAStreamAndIsNone)
{
    fill("orders", "classic", 3);
    const auto source = open({.streams = {"orders"}});
    const auto entries = source->catalog({});
    ASSERT_TRUE(entries) << entries.error().message;
    ASSERT_EQ(entries->size(), 1u);
    EXPECT_EQ((*entries)[0].kind, core::CatalogKind::Queue);
    EXPECT_TRUE(contains(source->notices().back(), "'orders' was said to be a stream")) << source->notices().back();
    CollectingSink sink;
    core::FollowStart start(core::Source::kBeginning);
    start.stream = "orders";
    EXPECT_FALSE(source->follow(start, sink, {}));
    EXPECT_FALSE(source->read({.stream = "orders"}, sink, {}));
    EXPECT_EQ(sink.count(), 0u);
    EXPECT_EQ(m_vhost.takeAll("orders").size(), 3u);
}

TEST_F(RabbitUnmanaged, FindsAnExchangeThatIsAskedFor)
{
    ASSERT_TRUE(m_vhost.connection().declareExchange(kTestChannel, "shop", "topic"));
    const auto source = open();
    CollectingSink sink;
    const auto read = source->read({.stream = "shop"}, sink, {});
    ASSERT_FALSE(read);
    EXPECT_TRUE(contains(read.error().message, "follow it")) << read.error().message;
}
