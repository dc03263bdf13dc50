// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "collecting_sink.h"
#include "rabbit_server.h"

#include "rabbit_bus.h"
#include "rabbit_dead_letters.h"
#include "rabbit_source.h"

#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

using namespace eventscope;
using namespace eventscope::test;
using namespace eventscope::rabbitmq;

namespace {

/// One sentence that names what was wrong: no line break, an end, and not the password.
void expectSentence(const core::Error& error, core::ErrorCode code, std::string_view part)
{
    EXPECT_EQ(error.code, code) << error.message;
    EXPECT_NE(error.message.find(part), std::string::npos) << error.message;
    EXPECT_EQ(error.message.find('\n'), std::string::npos) << error.message;
    EXPECT_TRUE(error.message.ends_with('.')) << error.message;
    EXPECT_EQ(error.message.find("sesame"), std::string::npos) << error.message;
}

class RabbitTls : public testing::Test {
protected:
    static RabbitOptions secure()
    {
        RabbitOptions options = sharedRabbit();
        options.host = "localhost";
        options.tls = true;
        options.port = static_cast<std::uint16_t>(std::stoi(std::getenv("EVENTSCOPE_TEST_RABBITMQ_TLS_PORT")));
        options.caFile = std::string(std::getenv("EVENTSCOPE_TEST_RABBITMQ_FOLDER")) + "/ca.pem";
        return options;
    }
    static void expectRefused(const RabbitOptions& options, core::ErrorCode code, std::string_view part)
    {
        const auto source = RabbitSource::open("rabbit", options);
        ASSERT_FALSE(source);
        expectSentence(source.error(), code, part);
    }
};

/// A user of a test's own who may do only what the test says, on one virtual host.
class RabbitRights : public testing::Test {
protected:
    void SetUp() override
    {
        auto& broker = m_vhost.connection();
        ASSERT_TRUE(broker.declareExchange(kTestChannel, "events", "topic"));
        for (const char* queue : {"orders", "orders.dlq"})
            m_vhost.declareQueue(queue);
        MessageProperties properties;
        properties.messageId = "m-1";
        properties.headers = {{"eventscope-error-type", "HandlerFailed"}, {"eventscope-queue", "orders"}};
        m_vhost.publish("orders.dlq", "{}", properties);
    }
    void TearDown() override { EXPECT_TRUE(m_vhost.management().send("DELETE", "users/" + m_user)); }

    RabbitOptions allowed(const std::string& configure, const std::string& write, const std::string& read,
        const std::string& tags = "management")
    {
        auto& management = m_vhost.management();
        EXPECT_TRUE(management.send("PUT", "users/" + m_user, R"({"password":"sesame","tags":")" + tags + "\"}"));
        EXPECT_TRUE(management.send("PUT", "permissions/" + m_vhost.options().vhost + '/' + m_user,
            R"({"configure":")" + configure + R"(","write":")" + write + R"(","read":")" + read + "\"}"));
        RabbitOptions options = m_vhost.options();
        options.user = m_user;
        options.password = "sesame";
        return options;
    }

    OwnVhost m_vhost;
    const std::string m_user = "somebody-" + m_vhost.options().vhost;
    core::SystemClock m_clock;
};

} // namespace

TEST_F(RabbitTls, IsSpokenWhereTheCertificateIsTrusted)
{
    EXPECT_TRUE(RabbitSource::open("rabbit", secure()));
    RabbitOptions anybody = secure();
    anybody.caFile.clear();
    anybody.verifyPeer = false; // by somebody's explicit wish
    EXPECT_TRUE(RabbitSource::open("rabbit", anybody));
}

TEST_F(RabbitTls, RefusesACertificateThatNobodyTrusts)
{
    RabbitOptions options = secure();
    options.caFile.clear(); // the system's authorities do not know it
    expectRefused(options, core::ErrorCode::Unreachable, "?cacert=FILE");
}

TEST_F(RabbitTls, RefusesTheCertificateOfAnotherHost)
{
    RabbitOptions options = secure();
    options.host = "127.0.0.1";
    expectRefused(options, core::ErrorCode::Unreachable, "the host's name");
}

TEST_F(RabbitTls, SaysThatAFileHoldsNoCertificates)
{
    RabbitOptions options = secure();
    options.caFile = "/nowhere/ca.pem";
    expectRefused(options, core::ErrorCode::InvalidArgument, "'/nowhere/ca.pem'");
}

TEST_F(RabbitTls, SaysWhichSideDoesNotSpeakIt)
{
    RabbitOptions plainPort = secure();
    plainPort.port = sharedRabbit().port;
    expectRefused(plainPort, core::ErrorCode::Unreachable, "check that this port speaks TLS");
    RabbitOptions plain = secure();
    plain.tls = false;
    plain.answerTimeout = std::chrono::milliseconds(2000);
    const auto source = RabbitSource::open("rabbit", plain);
    ASSERT_FALSE(source);
    EXPECT_NE(source.error().message.find("TLS"), std::string::npos) << source.error().message;
}

TEST_F(RabbitRights, ToConfigureAreNeededForTheShadowQueue)
{
    const auto source = RabbitSource::open("rabbit", allowed("^$", ".*", ".*"));
    ASSERT_TRUE(source) << source.error().message;
    CollectingSink sink;
    EXPECT_TRUE((*source)->read({.stream = "orders.dlq"}, sink, {})) << "a look needs less";
    const core::Status follow = (*source)->follow(core::SourceEvent::kNone, sink, {});
    ASSERT_FALSE(follow);
    expectSentence(follow.error(), core::ErrorCode::Refused, "permissions");
}

TEST_F(RabbitRights, ToWriteAreNeededToSendAndTheLetterStays)
{
    const auto letters = RabbitDeadLetters::open(allowed(".*", "^$", ".*"), m_clock);
    ASSERT_TRUE(letters) << letters.error().message;
    const auto listed = (*letters)->list("orders.dlq", {});
    ASSERT_TRUE(listed) << listed.error().message;
    ASSERT_EQ(listed->size(), 1u);
    for (int attempt = 0; attempt < 2; ++attempt) {
        const core::Status sent = (*letters)->send({"send-1", listed->front(), {}, "{}", false});
        ASSERT_FALSE(sent);
        expectSentence(sent.error(), core::ErrorCode::Refused, "permissions");
    }
    EXPECT_EQ((*letters)->list("orders.dlq", {})->size(), 1u);
}

TEST_F(RabbitRights, ToReadAreNeededToLook)
{
    const auto letters = RabbitDeadLetters::open(allowed(".*", ".*", "^$"), m_clock);
    ASSERT_TRUE(letters) << letters.error().message;
    const auto listed = (*letters)->list("orders.dlq", {});
    ASSERT_FALSE(listed);
    expectSentence(listed.error(), core::ErrorCode::Refused, "permissions");
}

TEST_F(RabbitRights, ToAskTheManagementPluginAreMissedInASentenceAndTheRestWorks)
{
    const auto source = RabbitSource::open("rabbit", allowed(".*", ".*", ".*", ""), {.queues = {"orders.dlq"}});
    ASSERT_TRUE(source) << source.error().message;
    const auto catalog = (*source)->catalog({});
    ASSERT_TRUE(catalog) << catalog.error().message;
    EXPECT_EQ(catalog->size(), 2u) << "the queue that was named, and the usual exchange";
    ASSERT_FALSE((*source)->notices().empty());
    EXPECT_NE((*source)->notices()[0].find("tag 'management'"), std::string::npos) << (*source)->notices()[0];
}

TEST_F(RabbitRights, AreMissedByAStrangerAndOnAnotherVirtualHost)
{
    RabbitOptions options = allowed(".*", ".*", ".*");
    options.password = "sesame-not";
    const auto wrong = RabbitSource::open("rabbit", options);
    ASSERT_FALSE(wrong);
    expectSentence(wrong.error(), core::ErrorCode::Refused, "check the user, the password");
    options = allowed(".*", ".*", ".*");
    options.vhost = "/";
    const auto elsewhere = RabbitSource::open("rabbit", options);
    ASSERT_FALSE(elsewhere);
    expectSentence(elsewhere.error(), core::ErrorCode::Refused, "virtual host");
}
