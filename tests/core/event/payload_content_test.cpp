// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "event/envelope/payload_content.h"

#include "event/envelope.h"
#include "event/envelope/binary_json.h"
#include "event/unpacker.h"
#include "packed.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace eventscope::core {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view kEvent = R"({"eventId":"e-1","eventType":"OrderPlaced","data":{"total":99.50}})";

std::string messagePack(std::string_view bytes)
{
    return messagePackToJson(bytes).value_or("(broken)");
}

std::string cbor(std::string_view bytes)
{
    return cborToJson(bytes).value_or("(broken)");
}

TEST(PayloadContent, TakesTheCompressionOff)
{
    for (const auto& [packed, format] : {std::pair(test::gzip(kEvent), PayloadFormat::Gzip),
             std::pair(test::zlib(kEvent), PayloadFormat::Zlib), std::pair(test::zstd(kEvent), PayloadFormat::Zstd)}) {
        const PayloadContent content = readPayloadContent(packed);
        EXPECT_EQ(content.format, format);
        EXPECT_EQ(content.inner, PayloadFormat::Json);
        EXPECT_EQ(content.json, kEvent);
        Envelope envelope;
        decodeEnvelope({.bytes = packed}, envelope);
        EXPECT_EQ(envelope.kind, EnvelopeKind::Classic);
        EXPECT_EQ(envelope.id, "e-1");
        EXPECT_EQ(envelope.payload, packed) << "the bytes stay as they came";
        EXPECT_FALSE(envelope.undecodable);
    }
}

TEST(PayloadContent, RefusesToUnpackABomb)
{
    const std::string bomb = test::gzip(std::string(std::size_t{50} << 20, '0'));
    const PayloadContent content = readPayloadContent(bomb);
    EXPECT_FALSE(content.isKnown);
    EXPECT_EQ(content.format, PayloadFormat::Gzip);
    ASSERT_EQ(content.attempts.size(), 1U);
    EXPECT_NE(content.attempts.front().reason.find("unpacks to more than"), std::string::npos);
}

TEST(PayloadContent, UnpacksOneLayerOnly)
{
    const PayloadContent content = readPayloadContent(test::gzip(test::gzip(kEvent)));
    EXPECT_EQ(content.format, PayloadFormat::Gzip);
    EXPECT_TRUE(content.json.empty());
}

TEST(PayloadContent, SaysWhatIsDamaged)
{
    std::string cut = test::gzip(kEvent);
    cut.resize(cut.size() / 2);
    const PayloadContent content = readPayloadContent(cut);
    EXPECT_FALSE(content.isKnown);
    ASSERT_FALSE(content.attempts.empty());
    EXPECT_EQ(content.attempts.front(), (EnvelopeAttempt{"gzip", "the gzip data is cut short."}));
}

TEST(PayloadContent, ReadsMessagePackInEveryType)
{
    EXPECT_EQ(messagePack("\x81\xa1"
                          "a\x01"sv),
        R"({"a":1})");
    EXPECT_EQ(
        messagePack(
            "\x9b\xc0\xc2\xc3\xff\xd0\x80\xd3\x80\0\0\0\0\0\0\0\xcf\xff\xff\xff\xff\xff\xff\xff\xff\xca\x3f\x80\0\0"
            "\xcb\x3f\xb9\x99\x99\x99\x99\x99\x9a\xc4\x02\0\xff\xd9\x02hi"sv),
        R"([null,false,true,-1,-128,-9223372036854775808,18446744073709551615,1,0.1,{"$base64":"AP8="},"hi"])");
    EXPECT_EQ(messagePack("\x91\xd6\xff\x69\x57\x33\x85"sv), R"(["2026-01-02T02:55:01.000000Z"])");
    EXPECT_EQ(messagePack("\x91\xd4\x05\x07"sv), R"([{"$ext":5,"data":{"$base64":"Bw=="}}])");
    EXPECT_EQ(messagePack("\x81\x01\xa1x"sv), R"({"1":"x"})");
    EXPECT_EQ(messagePack("\x81\x90\x01"sv), "(broken)") << "a key that is an array";
    EXPECT_EQ(messagePack("\x92\x01"sv), "(broken)") << "cut short";
    EXPECT_EQ(messagePack("\x91\x01\x01"sv), "(broken)") << "more follows";
    EXPECT_EQ(messagePack("\x91\xc1"sv), "(broken)") << "never used";
    EXPECT_EQ(messagePack(std::string(100'000, '\x91')), "(broken)") << "too deep";
}

TEST(PayloadContent, ReadsCborInEveryType)
{
    EXPECT_EQ(cbor("\xa2\x61"
                   "a\x01\x61"
                   "b\x82\x20\x3b\xff\xff\xff\xff\xff\xff\xff\xff"sv),
        R"({"a":1,"b":[-1,-18446744073709551616]})");
    EXPECT_EQ(cbor("\x9f\xf4\xf5\xf6\xf7\xf9\x3c\x00\xf9\x7c\x00\xfa\x3f\x80\0\0\x42\0\xff\x7f\x61x\x61y\xff\xff"sv),
        R"([false,true,null,null,1,"Infinity",1,{"$base64":"AP8="},"xy"])");
    EXPECT_EQ(cbor("\xc1\x1a\x69\x57\x33\x85"sv), "1767322501");
    EXPECT_EQ(cbor("\xa1\x01\x02"sv), R"({"1":2})");
    EXPECT_EQ(cbor("\xff"sv), "(broken)");
    EXPECT_EQ(cbor("\x82\x01"sv), "(broken)");
    EXPECT_EQ(cbor(std::string(100'000, '\x81')), "(broken)") << "too deep";
    EXPECT_EQ(cbor(std::string(100'000, '\xc1')), "(broken)") << "too many tags";
}

TEST(PayloadContent, FindsEnvelopesInBinaryFormats)
{
    // {"eventId":"e","eventType":"T","data":{}} in MessagePack
    constexpr std::string_view kPacked = "\x83\xa7"
                                         "eventId\xa1"
                                         "e\xa9"
                                         "eventType\xa1T\xa4"
                                         "data\x80"sv;
    Envelope envelope;
    decodeEnvelope({.bytes = kPacked}, envelope);
    EXPECT_EQ(envelope.format, PayloadFormat::MessagePack);
    EXPECT_EQ(envelope.kind, EnvelopeKind::Classic);
    EXPECT_EQ(envelope.id, "e");
    EXPECT_EQ(envelope.type, "T");
    EXPECT_EQ(envelope.payload, kPacked);
}

TEST(PayloadContent, ShowsProtobufByItsFieldNumbers)
{
    const PayloadContent content = readPayloadContent("\x08\x96\x01\x12\x04"
                                                      "OK!?\x1a\x02\x08\x01\x22\x02\xff\xfe\x08\x02"sv);
    EXPECT_EQ(content.format, PayloadFormat::Protobuf);
    EXPECT_EQ(content.json, R"({"1":[150,2],"2":"OK!?","3":{"1":1},"4":{"$base64":"//4="}})");
}

TEST(PayloadContent, TellsTextsFromProtobufAndFromBytes)
{
    EXPECT_EQ(readPayloadContent("plain text\n").format, PayloadFormat::Text);
    EXPECT_EQ(readPayloadContent("Grüße").format, PayloadFormat::Text);
    EXPECT_EQ(readPayloadContent("\x1b[31mred").format, PayloadFormat::Text);
    EXPECT_EQ(readPayloadContent("--- !ruby/object").format, PayloadFormat::Yaml);
    const PayloadContent bytes = readPayloadContent("\xff\xff\xff");
    EXPECT_EQ(bytes.format, PayloadFormat::Bytes);
    EXPECT_EQ(bytes.attempts.size(), 2U);
    EXPECT_EQ(readPayloadContent("\xac\xed\x00\x05sr"sv).format, PayloadFormat::JavaObject);
    EXPECT_EQ(readPayloadContent("Obj\x01...").format, PayloadFormat::AvroFile);
    EXPECT_EQ(readPayloadContent("\xc3\x01"
                                 "12345678x")
                  .format,
        PayloadFormat::AvroSingleObject);
}

TEST(Unpacker, ReadsMembersOneAfterAnotherInPiecesOfAnySize)
{
    for (const std::string& packed :
        {test::gzip("first ") + test::gzip("second"), test::zstd("first ") + test::zstd("second")}) {
        Unpacker unpacker(compressionOf(packed));
        std::string out;
        std::size_t taken = 0;
        for (std::size_t i = 0; i < packed.size();) {
            char byte = 0;
            const auto step = unpacker.unpack(std::string_view(packed).substr(i, 1), {&byte, 1});
            ASSERT_TRUE(step) << step.error().message;
            i += step->taken;
            taken += step->taken;
            out.append(&byte, step->given);
        }
        for (char byte = 0; true;) {
            const auto step = unpacker.unpack({}, {&byte, 1});
            ASSERT_TRUE(step);
            if (step->given == 0) {
                break;
            }
            out.push_back(byte);
        }
        EXPECT_EQ(out, "first second");
        EXPECT_EQ(taken, packed.size());
        EXPECT_TRUE(unpacker.isComplete());
        EXPECT_EQ(unpackAll(packed, compressionOf(packed)).value_or(""), "first second");
    }
}

} // namespace
} // namespace eventscope::core
