// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "broker.h"
#include "collecting_sink.h"

#include "kafka_source.h"

#include <gtest/gtest.h>

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
