// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/event_json.h"

#include "event/base64.h"
#include "event/json.h"
#include "event/utf8.h"
#include "inspect/dead_letter_json.h"
#include "sample_events.h"

#include <gtest/gtest.h>

#include <string>

using namespace eventscope::core;
using namespace std::string_view_literals;

namespace {

std::string line(const SourceEvent& event)
{
    std::string out;
    appendEventJson(out, event);
    return out;
}

std::string dataOf(std::string_view payload)
{
    std::string out;
    appendPayloadJson(out, payload, false);
    return out;
}

/// The bytes that a text in an event line stands for.
std::string bytesOf(const Json* value)
{
    if (!value) {
        return {};
    }
    if (value->isString()) {
        return value->asString();
    }
    return decodeBase64(value->stringOr("$base64")).value_or("no base64");
}

} // namespace

TEST(EventJson, PrintsEveryFieldOfAnEvent)
{
    const HeaderView headers[]{{"tenant", "eu"}, {"tenant", "us"}};
    const SourceEvent event{.source = "demo",
        .stream = "order-7f3a",
        .position = 9'007'199'254'740'993,
        .version = 2,
        .partition = 0,
        .id = "e-1",
        .type = "PaymentConfirmed",
        .time = parseTimestamp("2026-11-23T09:14:02.113Z").value(),
        .correlationId = "c-1",
        .causationId = "e-0",
        .headers = headers,
        .payload = R"({ "amount" : 38.00 })"};
    EXPECT_EQ(line(event),
        R"({"source":"demo","stream":"order-7f3a","position":"9007199254740993","partition":0,"version":2,)"
        R"("id":"e-1","type":"PaymentConfirmed","time":"2026-11-23T09:14:02.113000Z","correlationId":"c-1",)"
        R"("causationId":"e-0","headers":[["tenant","eu"],["tenant","us"]],"data":{ "amount" : 38.00 }})");
}

TEST(EventJson, LeavesOutWhatIsUnknown)
{
    EXPECT_EQ(line({.stream = "queue", .hasTime = false, .payloadIsNull = true}), R"({"stream":"queue","data":null})");
}

TEST(EventJson, SaysThatAnEventWasCommittedLate)
{
    SourceEvent event;
    event.hasTime = false;
    event.payload = "1";
    event.isLate = true;
    std::string out;
    appendEventJson(out, event);
    EXPECT_EQ(out, R"({"data":1,"late":true})");
}

TEST(EventJson, TellsAnEmptyPayloadFromNone)
{
    EXPECT_EQ(dataOf(""), R"({"$text":""})");
    EXPECT_EQ(dataOf("null"), "null");
    EXPECT_EQ(line({.hasTime = false, .payloadIsNull = true}), R"({"data":null})");
}

TEST(EventJson, KeepsNumbersExactlyAsWritten)
{
    for (const char* number : {"1.0", "1e3", "-0", "-0.0", "12345678901234567890123", "1E400", "0.10000000000000000001",
             "18446744073709551615", "-9223372036854775808"}) {
        EXPECT_EQ(dataOf(number), number);
        const std::string spaced = "[ " + std::string(number) + " ]";
        EXPECT_EQ(dataOf(spaced), spaced);
    }
}

TEST(EventJson, KeepsStringsAndDoubledNamesAsWritten)
{
    const std::string_view written = R"({"a" : " x \" y ", "a":"\u00e4\/é", "b": "\ud800" })";
    EXPECT_EQ(dataOf(written), written);
}

TEST(EventJson, FitsOneLine)
{
    EXPECT_EQ(dataOf("{\r\n\t\"a\": [1,\n2]\n}"), R"({"a":[1,2]})");
    EXPECT_EQ(dataOf("two\nlines"), R"({"$text":"two\nlines"})");
}

TEST(EventJson, ShowsWhatIsNoJsonAsTextOrBase64)
{
    EXPECT_EQ(dataOf("{'a': 1}"), R"({"$text":"{'a': 1}"})");
    EXPECT_EQ(dataOf("01"), R"({"$text":"01"})");
    EXPECT_EQ(dataOf("1 2"), R"({"$text":"1 2"})");
    EXPECT_EQ(dataOf("\xEF\xBB\xBF{}"), "{\"$text\":\"\xEF\xBB\xBF{}\"}");
    EXPECT_EQ(dataOf("\xFF\x00\x01"sv), R"({"$base64":"/wAB"})");
    EXPECT_EQ(dataOf("{\"a\":\"\xFF\"}"), R"({"$base64":"eyJhIjoi/yJ9"})");
}

TEST(EventJson, TellsAPayloadThatLooksLikeAWrapperFromAWrapper)
{
    EXPECT_EQ(dataOf(R"({"$text":"a"})"), R"({"$text":"{\"$text\":\"a\"}"})");
    EXPECT_EQ(dataOf(R"({ "\u0024base64" : 1E400 })"), R"({"$text":"{ \"\\u0024base64\" : 1E400 }"})");
    EXPECT_EQ(dataOf(R"({"$text":"a","b":1})"), R"({"$text":"a","b":1})");
    EXPECT_EQ(dataOf(R"({"b":1,"$text":"a"})"), R"({"b":1,"$text":"a"})");
}

TEST(EventJson, AgreesWithTheJsonReaderOnHowDeepIsTooDeep)
{
    for (const int depth : {999, 1000, 1001, 1010, 1030}) {
        const std::string nested
            = std::string(static_cast<std::size_t>(depth), '[') + std::string(static_cast<std::size_t>(depth), ']');
        EXPECT_EQ(dataOf(nested) == nested, isJson(nested)) << depth;
    }
}

TEST(EventJson, LeavesOutATimeThatIsoCannotSay)
{
    EXPECT_EQ(line({.time = Timestamp::max(), .payload = "1"}), R"({"data":1})");
    EXPECT_EQ(line({.time = Timestamp::min(), .payload = "1"}), R"({"data":1})");
}

TEST(EventJson, SaysNothingWrongAboutAnyEvent)
{
    eventscope::test::RandomEvents random(4);
    EventLog log;
    for (int i = 0; i < 3000; ++i) {
        const SourceEvent event = random.next();
        const std::string text = line(event);
        ASSERT_EQ(text.find('\n'), std::string::npos);
        const Result<Json> json = Json::parse(text);
        ASSERT_TRUE(json) << text;
        ASSERT_EQ(bytesOf(json->find("stream")), event.stream);
        ASSERT_EQ(bytesOf(json->find("id")), event.id);
        ASSERT_EQ(bytesOf(json->find("causationId")), event.causationId);
        const Json* headers = json->find("headers");
        ASSERT_EQ(headers ? headers->asArray().size() : 0, event.headers.size());
        for (std::size_t h = 0; h < event.headers.size(); ++h) {
            ASSERT_EQ(bytesOf(&headers->asArray()[h].asArray()[0]), event.headers[h].name);
            ASSERT_EQ(bytesOf(&headers->asArray()[h].asArray()[1]), event.headers[h].value);
        }
        const Json* payload = json->find("data");
        if (event.payloadIsNull) {
            ASSERT_TRUE(payload->isNull());
        } else if (!isJson(event.payload)) {
            ASSERT_EQ(isUtf8(event.payload) ? payload->stringOr("$text") : bytesOf(payload), event.payload);
        }
        log.append({&event, 1});
        std::string fromLog;
        appendEventJson(fromLog, log, log.size() - 1);
        ASSERT_EQ(fromLog, text);
    }
}

TEST(DeadLetterJson, PrintsALetter)
{
    DeadLetter letter;
    letter.id = "letter-1";
    letter.queue = "shipping";
    letter.convention = "eventscope";
    letter.original.stream = "order-1";
    letter.original.position = 42;
    letter.original.key = "order-1";
    letter.original.headers = {{"tenant", "eu"}};
    letter.original.data = R"({"a": 1})";
    letter.error = {"HandlerFailed", "no \"carrier\"", "at ship\nat run"};
    letter.failedAt = parseTimestamp("2026-11-23T09:14:02Z").value();
    letter.attempts = 4;
    std::string out;
    appendDeadLetterJson(out, letter);
    EXPECT_EQ(out,
        R"({"id":"letter-1","queue":"shipping","convention":"eventscope","original":{"stream":"order-1",)"
        R"("position":"42","key":"order-1","headers":[["tenant","eu"]],"data":{"a": 1}},)"
        R"("error":{"type":"HandlerFailed","message":"no \"carrier\"","stack":"at ship\nat run"},)"
        R"("failedAt":"2026-11-23T09:14:02.000000Z","attempts":4})");
}
