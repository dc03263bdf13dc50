// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "broker.h"
#include "collecting_sink.h"

#include "event/clock.h"
#include "kafka_bus.h"
#include "kafka_source.h"

#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace eventscope::test {

namespace {

using core::ErrorCode;

core::Error openError(
    std::string brokers, std::vector<kafka::Property> properties = {}, std::vector<std::string> topics = {})
{
    const auto source
        = kafka::KafkaSource::open({.name = "kafka",
                                       .connect = {.brokers = std::move(brokers), .properties = std::move(properties)},
                                       .topics = std::move(topics)},
            {});
    EXPECT_FALSE(source);
    return source ? core::Error{} : source.error();
}

std::vector<kafka::Property> loginAs(std::string user, std::string password, std::string mechanism = "SCRAM-SHA-256")
{
    return {{"security.protocol", "sasl_plaintext"}, {"sasl.mechanism", std::move(mechanism)},
        {"sasl.username", std::move(user)}, {"sasl.password", std::move(password)}};
}

std::string sasl()
{
    return kafkaVariable("EVENTSCOPE_TEST_KAFKA_SASL");
}
/// A server that is no Kafka.
class SpeaksOfSomethingElse {
public:
    SpeaksOfSomethingElse() : m_listener(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
    {
        sockaddr_in any{};
        any.sin_family = AF_INET;
        any.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof any;
        auto* const address = reinterpret_cast<sockaddr*>(&any);
        EXPECT_EQ(bind(m_listener, address, size), 0);
        EXPECT_EQ(listen(m_listener, 16), 0);
        EXPECT_EQ(getsockname(m_listener, address, &size), 0);
        m_address = "127.0.0.1:" + std::to_string(ntohs(any.sin_port));
        m_thread = std::jthread([this] {
            for (int client = 0; (client = accept(m_listener, nullptr, nullptr)) >= 0; close(client)) {
                constexpr std::string_view kAnswer = "HTTP/1.1 400 Bad Request\r\n\r\n";
                EXPECT_GT(send(client, kAnswer.data(), kAnswer.size(), MSG_NOSIGNAL), 0);
            }
        });
    }
    ~SpeaksOfSomethingElse()
    {
        shutdown(m_listener, SHUT_RDWR);
        m_thread.join();
        close(m_listener);
    }
    SpeaksOfSomethingElse(const SpeaksOfSomethingElse&) = delete;
    SpeaksOfSomethingElse& operator=(const SpeaksOfSomethingElse&) = delete;

    const std::string& address() const { return m_address; }

private:
    const int m_listener;
    std::string m_address;
    std::jthread m_thread;
};

std::string tls()
{
    return kafkaVariable("EVENTSCOPE_TEST_KAFKA_TLS");
}

} // namespace

TEST(KafkaBadInput, SaysThatNobodyListens)
{
    const core::Error error = openError("127.0.0.1:1");
    EXPECT_EQ(error.code, ErrorCode::Unreachable);
    EXPECT_EQ(error.message,
        "Kafka at 127.0.0.1:1 cannot be reached: nobody listens there; check host and port, and that the broker runs.");
}

TEST(KafkaBadInput, SaysThatTheHostIsNotKnown)
{
    EXPECT_NE(openError("no-such-host.invalid:9092").message.find("name is not known"), std::string::npos);
}

TEST(KafkaBadInput, TellsTlsFromPlain)
{
    const core::Error plain = openError(kafkaBrokers(), {{"security.protocol", "ssl"}});
    EXPECT_NE(plain.message.find("does not speak TLS"), std::string::npos) << plain.message;
    const core::Error secured = openError(tls());
    EXPECT_NE(secured.message.find("wants TLS or SASL"), std::string::npos) << secured.message;
}

TEST(KafkaBadInput, TrustsNoUnknownCertificate)
{
    const core::Error error = openError(tls(), {{"security.protocol", "ssl"}});
    EXPECT_EQ(error.code, ErrorCode::Refused);
    EXPECT_NE(error.message.find("certificate is not trusted"), std::string::npos) << error.message;
    EXPECT_TRUE(kafka::KafkaSource::open({.name = "kafka",
                                             .connect = {.brokers = tls(),
                                                 .properties = {{"security.protocol", "ssl"},
                                                     {"ssl.ca.location", kafkaVariable("EVENTSCOPE_TEST_KAFKA_CA")}}}},
        {}));
}

TEST(KafkaBadInput, SignsInByScramAndByToken)
{
    for (const char* mechanism : {"SCRAM-SHA-256", "SCRAM-SHA-512"}) {
        const auto source = kafka::KafkaSource::open(
            {.name = "kafka",
                .connect = {.brokers = sasl(), .properties = loginAs("alice", "alice-secret", mechanism)}},
            {});
        EXPECT_TRUE(source) << source.error().message;
    }
    const auto token = kafka::KafkaSource::open(
        {.name = "kafka",
            .connect = {.brokers = sasl(),
                .properties = {{"security.protocol", "sasl_plaintext"}, {"sasl.mechanism", "OAUTHBEARER"},
                    {"enable.sasl.oauthbearer.unsecure.jwt", "true"}, {"sasl.oauthbearer.config", "principal=alice"}}}},
        {});
    EXPECT_TRUE(token) << token.error().message;
}

TEST(KafkaBadInput, SaysThatTheCredentialsAreWrongAndRepeatsNone)
{
    const core::Error error = openError(sasl(), loginAs("alice", "canary-secret"));
    EXPECT_EQ(error.code, ErrorCode::Refused);
    EXPECT_NE(error.message.find("did not accept the credentials"), std::string::npos) << error.message;
    EXPECT_EQ(error.message.find("canary"), std::string::npos);
}

TEST(KafkaBadInput, SendsNoPasswordInTheClear)
{
    const core::Error error = openError(sasl(), loginAs("alice", "canary-secret", "PLAIN"));
    EXPECT_EQ(error.code, ErrorCode::InvalidArgument);
    EXPECT_EQ(error.message.find("canary"), std::string::npos);
}

TEST(KafkaBadInput, RepeatsNoValueOfAPropertyThatIsRefused)
{
    const core::Error error = openError(kafkaBrokers(), {{"sasl.pasword", "canary-secret"}});
    EXPECT_NE(error.message.find("sasl.pasword"), std::string::npos);
    EXPECT_EQ(error.message.find("canary"), std::string::npos);
    for (const char* property : {"enable.auto.commit", "group.instance.id", "builtin.features"})
        EXPECT_EQ(openError(kafkaBrokers(), {{property, "true"}}).code, ErrorCode::InvalidArgument) << property;
}

TEST(KafkaBadInput, SaysThatTheRightToATopicIsMissing)
{
    KafkaFriend other;
    const std::string topic = uniqueName("acl");
    other.makeTopic(topic);
    other.write(topic, {{.key = "k", .value = "v"}});
    const std::string acl = "kafka.admin.AclCommand";
    const std::vector<std::string> at{acl, "--bootstrap-server", kafkaBrokers()};
    const auto allow = [&](const char* what) {
        std::vector<std::string> command = at;
        for (const std::string& word :
            {std::string("--add"), std::string("--allow-principal"), std::string("User:carol"),
                std::string("--operation"), std::string(what), std::string("--topic"), topic})
            command.push_back(word);
        kafkaTool(command);
    };
    const std::vector<kafka::Property> carol{{"security.protocol", "sasl_plaintext"}, {"sasl.mechanism", "OAUTHBEARER"},
        {"enable.sasl.oauthbearer.unsecure.jwt", "true"}, {"sasl.oauthbearer.config", "principal=carol"}};
    const core::Error nothing = openError(sasl(), carol, {topic});
    EXPECT_TRUE(nothing.code == ErrorCode::Refused || nothing.code == ErrorCode::NotFound) << nothing.message;

    allow("Describe");
    const auto source = kafka::KafkaSource::open(
        {.name = "kafka", .connect = {.brokers = sasl(), .properties = carol}, .topics = {topic}}, {});
    ASSERT_TRUE(source) << source.error().message;
    CollectingSink sink;
    const auto read = (*source)->read({.stream = topic}, sink, {});
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().code, ErrorCode::Refused) << read.error().message;
    EXPECT_NE(read.error().message.find("ACL"), std::string::npos);
    core::SystemClock clock;
    const auto bus = kafka::KafkaBus::open(clock, {.connect = {.brokers = sasl(), .properties = carol}});
    const auto joined
        = (*bus)->subscribe({.name = uniqueName("group"), .pattern = topic, .handler = [](const core::RecordedEvent&) {
                                 return core::Status();
                             }});
    ASSERT_FALSE(joined);
    EXPECT_EQ(joined.error().code, ErrorCode::Refused) << joined.error().message;
    EXPECT_NE(joined.error().message.find("right to the consumer group"), std::string::npos) << joined.error().message;
    // Without the right to any group the rest is still shown.
    const auto probe = (*source)->probe({});
    EXPECT_TRUE(probe) << (probe ? "" : probe.error().message);
}

TEST(KafkaBadInput, SaysThatATopicOrOffsetIsNotThere)
{
    EXPECT_EQ(openError(kafkaBrokers(), {}, {"no-such-topic"}).code, ErrorCode::NotFound);
    EXPECT_EQ(openError(kafkaBrokers(), {}, {"no such / name"}).code, ErrorCode::InvalidArgument);
    KafkaFriend other;
    const std::string topic = uniqueName("offsets");
    other.makeTopic(topic);
    other.write(topic, {{.key = "k", .value = "v"}});
    const auto source = kafka::KafkaSource::open({.name = "kafka", .connect = kafkaConnect()}, {});
    CollectingSink sink;
    const auto read = (*source)->read({.stream = topic, .fromPosition = 99}, sink, {});
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().message,
        "There is no offset 99 to begin at: the longest partition, " + topic + "/0, ends before 1.");
}

TEST(KafkaBadInput, SaysThatSomethingElseAnswersThere)
{
    const SpeaksOfSomethingElse server;
    const core::Error error = openError(server.address());
    EXPECT_EQ(error.code, ErrorCode::Unreachable);
    EXPECT_NE(error.message.find(server.address()), std::string::npos) << error.message;
    EXPECT_NE(error.message.find("check"), std::string::npos) << error.message;
}

TEST(KafkaBadInput, BeginsWithWhatRetentionLeft)
{
    KafkaFriend other;
    const std::string topic = uniqueName("retained");
    other.makeTopic(topic);
    other.write(topic, std::vector<TestRecord>(10, TestRecord{.key = "k", .value = "{}"}));
    const auto source = kafka::KafkaSource::open({.name = "kafka", .connect = kafkaConnect()}, {});
    CollectingSink before, after, read;
    before.stopAt(3);
    core::FollowStart start(core::Source::kBeginning);
    start.stream = topic;
    ASSERT_TRUE((*source)->follow(start, before, {}));
    start.cursor = topic + "/0 3\n";
    other.deleteRecordsBefore(topic, 0, 7);
    after.stopAt(3);
    ASSERT_TRUE((*source)->follow(start, after, {}));
    EXPECT_EQ(after.events().front().position, 7);
    const auto receipt = (*source)->read({.stream = topic, .fromPosition = 0}, read, {});
    ASSERT_TRUE(receipt) << receipt.error().message;
    EXPECT_TRUE(receipt->complete);
    EXPECT_EQ(receipt->ranges.front().from, 7) << "the receipt says where it really began";
}

TEST(KafkaBadInput, SaysThatATopicWasDeletedWhileItWasFollowed)
{
    const std::string going = uniqueName("going");
    const std::string staying = uniqueName("staying");
    { // a producer that lives on would make the topic again
        KafkaFriend writer;
        writer.makeTopic(going);
        writer.write(going, {{.key = "k", .value = "{}"}});
    }
    KafkaFriend other;
    other.makeTopic(staying);
    // One looks at it alone, the other at more than that.
    const auto alone = kafka::KafkaSource::open({.name = "kafka", .connect = kafkaConnect()}, {});
    const auto both
        = kafka::KafkaSource::open({.name = "kafka", .connect = kafkaConnect(), .topics = {going, staying}}, {});
    ASSERT_TRUE(alone && both);
    CollectingSink sink, ofBoth;
    core::Status ended, goesOn;
    {
        std::jthread follower([&] {
            core::FollowStart start(core::Source::kBeginning);
            start.stream = going;
            ended = (*alone)->follow(start, sink, {});
        });
        const std::jthread ofBothFollower(
            [&](std::stop_token stop) { goesOn = (*both)->follow(core::Source::kBeginning, ofBoth, stop); });
        sink.waitFor(1);
        ofBoth.waitFor(1);
        other.deleteTopic(going);
        follower.join();
        ofBoth.waitForNotice();
        other.write(staying, {{.key = "k", .value = "{}"}});
        ofBoth.waitFor(2);
    }
    ASSERT_FALSE(ended);
    EXPECT_EQ(ended.error().code, ErrorCode::NotFound);
    EXPECT_EQ(ended.error().message, "The topic " + going + " is gone: it was deleted, or is not shown to this user.");
    EXPECT_TRUE(goesOn) << goesOn.error().message;
    EXPECT_EQ(ofBoth.notices().front(), ended.error().message);
}

TEST(KafkaBadInput, ShowsDuplicatesAsOftenAsTheyAreThere)
{
    KafkaFriend other;
    const std::string topic = uniqueName("twice");
    other.makeTopic(topic);
    other.write(topic,
        std::vector<TestRecord>(
            3, TestRecord{.key = "k", .value = R"({"eventId":"e-1","eventType":"Counted","data":1})"}));
    const auto source = kafka::KafkaSource::open({.name = "kafka", .connect = kafkaConnect()}, {});
    CollectingSink sink;
    ASSERT_TRUE((*source)->read({.stream = topic}, sink, {}));
    ASSERT_EQ(sink.count(), 3u);
    EXPECT_EQ(sink.events()[2].id, "e-1");
    EXPECT_EQ(sink.events()[2].position, 2);
}

TEST(KafkaBadInput, ReadsWhateverARecordIsMadeOf)
{
    KafkaFriend other;
    const std::string topic = uniqueName("strange");
    other.makeTopic(topic, 1, {{"max.message.bytes", "134217728"}});
    std::vector<core::Header> many;
    for (int i = 0; i < 5000; ++i)
        many.push_back({"same-name", std::string("\0\xff", 2)});
    other.write(topic,
        {{.key = std::nullopt, .value = std::nullopt}, {.key = "", .value = ""},
            {.key = "many", .value = "{}", .headers = many}, {.key = "bytes", .value = std::string("\xff\0\xfe", 3)}});
    const auto source = kafka::KafkaSource::open({.name = "kafka", .connect = kafkaConnect()}, {});
    CollectingSink sink;
    const auto receipt = (*source)->read({.stream = topic}, sink, {});
    ASSERT_TRUE(receipt) << receipt.error().message;
    EXPECT_TRUE(receipt->complete) << receipt->stoppedBecause;
    ASSERT_EQ(sink.count(), 4u);
    EXPECT_TRUE(sink.events()[0].payloadIsNull);
    EXPECT_FALSE(sink.events()[1].payloadIsNull);
    EXPECT_EQ(sink.events()[2].headers.size(), 5000u);
    EXPECT_EQ(sink.events()[3].payload, std::string_view("\xff\0\xfe", 3));
}

TEST(KafkaBadInput, ReadsARecordOfAHundredMegabytes)
{
    KafkaFriend other;
    const std::string topic = uniqueName("huge");
    other.makeTopic(topic, 1, {{"max.message.bytes", "134217728"}});
    const std::string value(100'000'000, 'x');
    other.write(topic, {{.key = "k", .value = value}, {.key = "k", .value = "{}"}});
    const auto source = kafka::KafkaSource::open({.name = "kafka", .connect = kafkaConnect()}, {});
    CollectingSink sink;
    const auto receipt = (*source)->read({.stream = topic}, sink, {});
    ASSERT_TRUE(receipt) << receipt.error().message;
    ASSERT_EQ(sink.count(), 2u);
    EXPECT_EQ(sink.events()[0].payload.size(), value.size());
}

TEST(KafkaBadInput, ReadsEveryCodec)
{
    for (const char* codec : {"gzip", "snappy", "lz4", "zstd"}) {
        KafkaFriend other(kafkaBrokers(), {{"compression.codec", codec}});
        const std::string topic = uniqueName(codec);
        other.makeTopic(topic);
        std::vector<TestRecord> records(100, TestRecord{.key = "k", .value = R"({"same":"text"})"});
        other.write(topic, records);
        const auto source = kafka::KafkaSource::open({.name = "kafka", .connect = kafkaConnect()}, {});
        CollectingSink sink;
        const auto receipt = (*source)->read({.stream = topic}, sink, {});
        ASSERT_TRUE(receipt) << codec << receipt.error().message;
        EXPECT_EQ(sink.count(), 100u) << codec;
    }
}

} // namespace eventscope::test
