// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/filter/payload_reader.h"

#include "random_expressions.h"

#include "event/json.h"
#include "inspect/filter/filter_lexer.h"
#include "inspect/filter/json_path.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

using namespace eventscope::core;

namespace {

std::vector<PathStep> stepsOf(std::string_view path)
{
    const auto tokens = tokenizeFilter(path);
    EXPECT_TRUE(tokens) << path;
    return tokens ? tokens->front().path.steps : std::vector<PathStep>();
}

/// The value at a path as JSON, or "nothing".
std::string read(PayloadReader& reader, std::string_view path)
{
    const auto value = reader.field(stepsOf(path));
    return value ? value->toJson() : "nothing";
}

class RandomJson {
public:
    explicit RandomJson(unsigned seed) : m_random(seed) { }

    Json value(int depth)
    {
        switch (m_random() % (depth > 0 ? 9 : 6)) {
        case 0: return {};
        case 1: return m_random() % 2 == 0;
        case 2: return static_cast<int>(m_random() % 1000);
        case 3: return Json::Number{"-12345678901234567890.50"};
        case 4: return Json::Number{"1e-3"};
        case 5: return text();
        case 6: {
            Json::Array array;
            for (std::size_t i = m_random() % 4; i > 0; --i)
                array.push_back(value(depth - 1));
            return array;
        }
        default: return object(depth, 5);
        }
    }

    Json object(int depth, std::size_t members)
    {
        Json::Object object;
        for (std::size_t i = m_random() % members; i > 0; --i)
            object.emplace_back(name(), value(depth - 1));
        return object;
    }

    std::vector<PathStep> steps()
    {
        std::vector<PathStep> steps;
        for (std::size_t i = m_random() % 3 + 1; i > 0; --i)
            steps.push_back(m_random() % 4 == 0 ? PathStep::element(m_random() % 3) : PathStep::member(name()));
        return steps;
    }

    std::mt19937& random() { return m_random; }

private:
    std::string pick(std::initializer_list<std::string_view> from)
    {
        return std::string(from.begin()[m_random() % from.size()]);
    }
    std::string name() { return pick({"a", "b", "c", "ab", "", "0", "1", "x\"y", "\\", "\xc3\xa4", "new\nline"}); }
    std::string text() { return pick({"", "text", "\"quoted\"", "\xf0\x9f\x98\x80", "back\\slash", "tab\t", "123"}); }

    std::mt19937 m_random;
};

} // namespace

TEST(PayloadReader, ReadsFieldsInAnyOrderAndMoreThanOnce)
{
    PayloadReader reader;
    reader.setPayload(R"( {"b": {"c": [1, {"d": "x"}]}, "a": 99.50, "e": "\u00e4\n", "f": [ ], "g": true} )");
    for (int i = 0; i < 2; ++i) {
        EXPECT_EQ(read(reader, "data.g"), "true");
        EXPECT_EQ(read(reader, "data.a"), "99.50");
        EXPECT_EQ(read(reader, "data.b.c[1].d"), R"("x")");
        EXPECT_EQ(read(reader, "data.b.c[2]"), "nothing");
        EXPECT_EQ(read(reader, "data.e"), "\"\xc3\xa4\\n\"");
        EXPECT_EQ(read(reader, "data.b.c"), R"("[1, {\"d\": \"x\"}]")");
        EXPECT_EQ(read(reader, "data.f"), R"("[ ]")");
        EXPECT_EQ(read(reader, "data.missing"), "nothing");
        EXPECT_EQ(read(reader, "data.a.b"), "nothing");
    }
}

TEST(PayloadReader, GivesThePayloadItselfWithoutSteps)
{
    PayloadReader reader;
    const auto whole = [&reader](std::string_view payload) {
        reader.setPayload(payload);
        const auto value = reader.field({});
        return value ? value->toJson() : "nothing";
    };
    EXPECT_EQ(whole("{\"a\": 1}"), R"("{\"a\": 1}")");
    EXPECT_EQ(whole("\"text\""), R"("text")");
    EXPECT_EQ(whole(" 12.50 "), "12.50");
    EXPECT_EQ(whole("true"), "true");
    EXPECT_EQ(whole("null"), "nothing");
    EXPECT_EQ(whole("plain"), R"("plain")");
    EXPECT_EQ(whole("\"broken"), R"("\"broken")");
    EXPECT_EQ(whole("-"), R"("-")");
    EXPECT_EQ(whole(""), R"("")");
}

TEST(PayloadReader, FindsNothingInWhatIsNoJson)
{
    PayloadReader reader;
    for (const std::string_view payload : {"", " ", "text", "12", "\"a\"", "{", "}", "[", "{\"a\"",
             "{\"a\":", "{\"a\":}", "\xff", "{\"\xff\":1}", "{a:1}", "\0"}) {
        reader.setPayload(payload);
        EXPECT_EQ(read(reader, "data.a"), "nothing") << payload;
        EXPECT_EQ(read(reader, "data[0]"), "nothing") << payload;
    }
}

TEST(PayloadReader, ShowsATextThatCannotBeDecodedAsItIsWritten)
{
    PayloadReader reader;
    reader.setPayload(R"({"a":"\ud800","b":"ok"})");
    EXPECT_EQ(read(reader, "data.a"), R"("\"\\ud800\"")");
    EXPECT_EQ(read(reader, "data.b"), R"("ok")");
}

TEST(PayloadReader, SeesWhatAFullParserSees)
{
    RandomJson json(1);
    PayloadReader reader;
    int found = 0;
    for (int i = 0; i < 20'000; ++i) {
        const Json value = json.object(4, 20);
        const std::string text = i % 2 == 0 ? value.dump() : value.pretty();
        reader.setPayload(text);
        for (int k = 0; k < 4; ++k) {
            const auto steps = json.steps();
            const auto expected = valueAt(value, steps);
            auto actual = reader.field(steps);
            ASSERT_EQ(actual.has_value(), expected.has_value()) << text;
            if (!actual)
                continue;
            ++found;
            // Objects and arrays come as they are written.
            const auto written = Json::parse(expected->type() == FilterType::String ? expected->asText() : "");
            if (written && (written->isObject() || written->isArray()))
                ASSERT_EQ(Json::parse(actual->asText()).value(), *written) << text;
            else
                ASSERT_EQ(actual->toJson(), expected->toJson()) << text;
        }
    }
    EXPECT_GT(found, 5'000);
}

TEST(PayloadReader, SurvivesDamagedPayloads)
{
    RandomJson json(2);
    PayloadReader reader;
    PayloadReader fresh;
    for (int i = 0; i < 40'000; ++i) {
        const std::string text = eventscope::test::mutated(json.object(4, 12).dump(), json.random());
        reader.setPayload(text);
        for (int k = 0; k < 4; ++k) {
            const auto steps = json.steps();
            const auto value = reader.field(steps);
            EXPECT_TRUE(!value || isJson(value->toJson())) << text;
            // What was read before does not matter.
            fresh.setPayload(text);
            const auto again = fresh.field(steps);
            ASSERT_EQ(value.has_value(), again.has_value()) << text;
            ASSERT_TRUE(!value || *value == *again) << text;
        }
    }
}

namespace {

std::vector<std::string> textsOf(PayloadReader& reader, const std::vector<std::string>& names)
{
    std::vector<PathStep> steps;
    for (const std::string& name : names)
        steps.push_back(PathStep::member(name));
    std::vector<std::string_view> found(names.size());
    reader.texts(steps, found);
    std::vector<std::string> texts;
    for (const std::string_view text : found)
        texts.push_back(text.data() == nullptr ? "nothing" : std::string(text));
    return texts;
}

using Texts = std::vector<std::string>;

} // namespace

TEST(PayloadReaderTexts, AreThoseOfSeveralMembersInAnyOrder)
{
    PayloadReader reader;
    reader.setPayload(R"({"id" : "7f", "n":-12.50 , "no":null,"o":{"a":[1, 2]} ,"e":"","q":"a\"b\u00e9","t":true})");
    EXPECT_EQ(textsOf(reader, {"id", "n", "t"}), (Texts{"7f", "-12.50", "true"}));
    EXPECT_EQ(textsOf(reader, {"t", "id", "n"}), (Texts{"true", "7f", "-12.50"}));
    EXPECT_EQ(textsOf(reader, {"q", "o", "e"}), (Texts{"a\"b\u00e9", "{\"a\":[1, 2]}", ""}));
    EXPECT_EQ(textsOf(reader, {"no", "missing", "id"}), (Texts{"nothing", "nothing", "7f"}));
    EXPECT_TRUE(textsOf(reader, {}).empty());
}

TEST(PayloadReaderTexts, AreReadFromThePayloadsHeadWhereItIsPlain)
{
    PayloadReader reader;
    const auto read = [&](std::string payload) {
        const std::size_t size = payload.size();
        payload += "\"x\":\"behind the end\"" + std::string(64, '"');
        reader.setPaddedPayload(std::string_view(payload).substr(0, size));
        return textsOf(reader, {"a", "b"});
    };
    EXPECT_EQ(read(R"({"a":"x","b":-1.5e+3,"c":{"a":2}})"), (Texts{"x", "-1.5e+3"}));
    EXPECT_EQ(read(" { \"z\" : true , \"a\" : null ,\n\"b\" : \"\" } "), (Texts{"nothing", ""}));
    EXPECT_EQ(read(R"({"a":"a long text, longer than sixteen bytes","b":false})"),
        (Texts{"a long text, longer than sixteen bytes", "false"}));
    EXPECT_EQ(read(R"({"b":1,"a":2})"), (Texts{"2", "1"}));
    EXPECT_EQ(read("{\"a\":\"\\u0041\",\"b\":\"\xc3\xa4\"}"), (Texts{"A", "\xc3\xa4"}));
    EXPECT_EQ(read(R"({"a":[1],"b":{"c":[]}})"), (Texts{"[1]", R"({"c":[]})"}));
    EXPECT_EQ(read(R"({"a":"breaks o)"), (Texts{"nothing", "nothing"}));
    EXPECT_EQ(read(R"({"a":1)"), (Texts{"nothing", "nothing"}));
}

TEST(PayloadReaderTexts, AreNoneWhereTheyCannotBeRead)
{
    PayloadReader reader;
    for (const char* const payload : {"", "[1]", "12", "no JSON", "{", "{\"a\"", "{\"a\":", "{\"b\":1,\"a\"}"}) {
        reader.setPayload(payload);
        EXPECT_EQ(textsOf(reader, {"a"}), Texts{"nothing"}) << payload;
    }
    reader.setPayload(R"({"a":1,"b":"broken)");
    EXPECT_EQ(textsOf(reader, {"b", "a"}).front(), "nothing");
    reader.setPayload(R"({"a":1})");
    EXPECT_EQ(textsOf(reader, {"a"}), Texts{"1"});
}

TEST(PayloadReaderTexts, AreTheSameAsTheFieldsOneByOne)
{
    RandomJson random(11);
    PayloadReader one;
    PayloadReader many;
    Texts names{"a", "b", "x\"y", "\xc3\xa4", ""};
    for (int round = 0; round < 3'000; ++round) {
        Json::Object object;
        std::shuffle(names.begin(), names.end(), random.random());
        for (std::size_t i = 0; i < random.random()() % 6; ++i)
            object.emplace_back(names[i % names.size()], random.value(2));
        if (object.size() > names.size())
            continue; // a doubled name
        std::shuffle(names.begin(), names.end(), random.random());
        const std::string payload = Json(object).dump();
        one.setPayload(payload);
        const std::string padded = payload + std::string(64, ' ');
        if (round % 2 == 0)
            many.setPayload(payload);
        else
            many.setPaddedPayload(std::string_view(padded).substr(0, payload.size()));
        const Texts texts = textsOf(many, names);
        for (std::size_t i = 0; i < names.size(); ++i) {
            const auto value = one.field(std::vector{PathStep::member(names[i])});
            if (value && value->type() == FilterType::Number) { // printed in one way, and written in many
                ASSERT_EQ(FilterNumber::parse(texts[i]), value->asNumber()) << names[i] << " of " << payload;
                continue;
            }
            const bool isText = value && value->type() == FilterType::String;
            const std::string expected = !value ? "nothing" : isText ? std::string(value->asText()) : value->toJson();
            ASSERT_EQ(texts[i], expected) << names[i] << " of " << payload;
        }
    }
}
