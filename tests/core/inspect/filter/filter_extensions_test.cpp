// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "filter_test_tools.h"

#include "inspect/filter/cloud_event_attributes.h"
#include "inspect/filter/filter_expression.h"

using namespace eventscope::core;
using eventscope::test::expectEvaluations;

namespace {

constexpr auto kEvent = R"({"specversion":"1.0","id":"7","source":"/shop","type":"OrderPlaced","subject":"order-1",
    "time":"2026-11-23T10:14:02.113+01:00","big":10000000000,"rate":0.5,"matches":"m","contains":"c","state":"open",
    "data":{"orderId":"order-1","total":99.50,"count":3,"huge":12345678901234567890123,"tiny":1e-3,"vip":true,"note":null,
        "items":[{"sku":"A-1","price":12.5},{"sku":"B-2","price":38.00}],"a b":{"c\"d":"x"},"2":"two","in":1,
        "text":"12.50","created":"2026-01-01T00:00:00Z","name":"Zo\u00eb"}})";

bool passes(std::string_view filter, const std::string& event = kEvent)
{
    const auto expression = FilterExpression::compile(filter);
    EXPECT_TRUE(expression) << filter << "  " << expression.error().message;
    const auto attributes = CloudEventAttributes::parse(event);
    EXPECT_TRUE(attributes);
    return expression && attributes && expression->matches(*attributes);
}

} // namespace

TEST(FilterExtensions, ReadFieldsOfThePayload)
{
    expectEvaluations(
        {
            {"data.orderId", R"("order-1")"},
            {"data.items[0].sku", R"("A-1")"},
            {"data.items[1].price", "38.00"},
            {"data.items.1.sku", R"("B-2")"},
            {"data.vip", "true"},
            {"data.count", "3"},
            {"data.total", "99.50"},
            {"data.huge", "12345678901234567890123"},
            {"data['a b']['c\"d']", R"("x")"},
            {R"(data["a b"]["c\"d"])", R"("x")"},
            {"data.2", R"("two")"},
            {"data['2']", R"("two")"},
            {"data.in", "1"},
            {"data.name", "\"Zo\xc3\xab\""},
            {"DATA.orderId", R"("order-1")"},
            {"data.items[0]", R"("{\"sku\":\"A-1\",\"price\":12.5}")"},
            {"data.items[2].sku", "false", "missingAttribute"},
            {"data.items[0].price.x", "false", "missingAttribute"},
            {"data[0]", "false", "missingAttribute"},
            {"data.orderid", "false", "missingAttribute"}, // case matters in a payload
            {"data.note", "false", "missingAttribute"},
            {"data.missing = 1", "false", "missingAttribute"},
            {"EXISTS data.items[1]", "true"},
            {"EXISTS data.items[2]", "false"},
            {"EXISTS data.note", "false"},
            {"EXISTS data", "true"},
            {"data LIKE '%12345678901234567890123%'", "true"},
        },
        kEvent);
}

TEST(FilterExtensions, FindNoFieldsInWhatIsNoJson)
{
    const std::string text = R"({"specversion":"1.0","id":"7","source":"/s","type":"t","data":"just text"})";
    expectEvaluations(
        {
            {"data", R"("just text")"},
            {"data CONTAINS 'text'", "true"},
            {"data.x", "false", "missingAttribute"},
            {"EXISTS data.x", "false"},
        },
        text);
    expectEvaluations({{"data", "false", "missingAttribute"}, {"data.x.y[3]", "false", "missingAttribute"}});
}

TEST(FilterExtensions, CompareNumbersExactly)
{
    expectEvaluations(
        {
            {"99.5", "99.5"},
            {"-0.50", "-0.50"},
            {"+1.5", "1.5"},
            {"1.5e3", "1500"},
            {"99.5 = 99.50", "true"},
            {"0.1 + 0.2 = 0.3", "true"},
            {"0.1 + 0.2", "0.3"},
            {"data.total = 99.5", "true"},
            {"data.total > 99.49", "true"},
            {"data.total > 99.5", "false"},
            {"data.total > 99", "true"},
            {"data.total < 100", "true"},
            {"100 > data.total", "true"},
            {"data.count = 3", "true"},
            {"data.count = 3.0", "true"},
            {"3 = data.count", "true"},
            {"data.count IN (1, 3)", "true"},
            {"3 IN (data.count)", "true"},
            {"data.total IN (99.5)", "true"},
            {"data.huge > 12345678901234567890122.9", "true"},
            {"data.huge = 12345678901234567890123.0", "true"},
            {"data.tiny = 0.001", "true"},
            {"data.text = 12.5", "true"},
            {"data.text > 12", "false", "cast"}, // a text next to an integer: CESQL's rules
            {"data.total = '99.50'", "true"},    // as a text: as it was written
            {"data.total = '99.5'", "false"},
            {"data.total LIKE '99%'", "true"},
            {"big > 5", "true"},
            {"big = 10000000000.0", "true"},
            {"rate < 1", "true"},
            {"'abc' = 1.5", "false", "cast"},
            {"'abc' < 1.5", "false", "cast"},
            {"TRUE < 1.5", "true"},
            {"NOT 0.0", "true"},
        },
        kEvent);
}

TEST(FilterExtensions, CalculateExactly)
{
    expectEvaluations(
        {
            {"data.items[0].price * 2", "25.0"},
            {"data.items[0].price + data.items[1].price", "50.50"},
            {"data.total - 100", "-0.50"},
            {"-data.total", "-99.50"},
            {"99.5 / 2", "49"}, // division gives the whole part, as CESQL's does
            {"-99.5 / 2", "-49"},
            {"99.5 % 2", "1.5"},
            {"-99.5 % 2", "-1.5"},
            {"2147483647 + 1.0", "2147483648.0"},
            {"ABS(-1.5)", "1.5"},
            {"INT(3.0)", "3"},
            {"INT(3.5)", "0", "cast"},
            {"LEFT('abc', 2.0)", R"("ab")"},
            {"99.5 / 0", "0", "math"},
            {"99.5 % 0.0", "0", "math"},
            {"data.huge / 2", "0", "math"},
            {"'x' + 1.5", "0", "cast"},
        },
        kEvent);
}

TEST(FilterExtensions, RefuseNumbersThatAreNone)
{
    expectEvaluations({
        {"1.", "false", "parse"},
        {".5", "false", "parse"},
        {"1.5.2", "false", "parse"},
        {"1.5x", "false", "parse"},
        {"1.5e", "false", "parse"},
        {"1.5e99999", "false", "parse"},
        {"1.5e999999999999999999999", "false", "parse"},
    });
}

TEST(FilterExtensions, MatchRegularExpressionsAnywhere)
{
    expectEvaluations(
        {
            {"type MATCHES 'Order(Placed|Paid)'", "true"}, {"type MATCHES 'der'", "true"},
            {"type MATCHES '^der'", "false"}, {"type matches '(?i)^orderplaced$'", "true"},
            {"type NOT MATCHES '^Order'", "false"}, {R"(data.orderId MATCHES '^order-\d+$')", "true"},
            {"12345 MATCHES '^1.*5$'", "true"}, {"missing MATCHES 'x'", "false", "missingAttribute"},
            {"type MATCHES '('", "false", "parse"}, {"type MATCHES id", "false", "parse"},
            {"type MATCHES", "false", "parse"}, {"type MATCHES '(a)\\1'", "false", "parse"}, // takes unbounded time
        },
        kEvent);
}

TEST(FilterExtensions, FindTextWithContains)
{
    expectEvaluations(
        {
            {"type CONTAINS 'Placed'", "true"},
            {"type CONTAINS 'placed'", "false"},
            {"type CONTAINS '%'", "false"},
            {"type CONTAINS ''", "true"},
            {"type NOT CONTAINS 'x'", "true"},
            {"LOWER(type) CONTAINS 'placed'", "true"},
            {"data.items CONTAINS 'B-2'", "true"},
            {"data.total CONTAINS '9.5'", "true"},
            {"missing CONTAINS 'x'", "false", "missingAttribute"},
            {"type CONTAINS id", "false", "parse"},
            {"type CONTAINS", "false", "parse"},
        },
        kEvent);
}

TEST(FilterExtensions, TakeNoNamesAwayFromCesql)
{
    expectEvaluations(
        {
            {"matches", R"("m")"},
            {"contains = 'c'", "true"},
            {"matches MATCHES 'm' AND contains CONTAINS 'c'", "true"},
            {"EXISTS matches AND EXISTS contains", "true"},
            {"state = 'open'", "true"},
            {"EXISTS state", "true"},
            {"EXISTS headers", "false"},
        },
        kEvent);
}

TEST(FilterExtensions, OrderPointsInTime)
{
    expectEvaluations(
        {
            {"time > '2026-11-23T09:14:02Z'", "true"},
            {"time < '2026-11-23T09:14:03Z'", "true"},
            {"time >= '2026-11-23'", "true"},
            {"time < '2026-11-23'", "false"},
            {"data.created < time", "true"},
            {"time > 'yesterday'", "false", "cast"},
            {"time > 5", "false", "cast"},
            {"'2' > '10'", "false"}, // integers stay integers
            {"time = '2026-11-23T10:14:02.113+01:00'", "true"},
        },
        kEvent);
}

TEST(FilterExtensions, SearchTheWholeEventForAQuotedTextAlone)
{
    EXPECT_TRUE(passes("'order-1'"));
    EXPECT_TRUE(passes("\"OrderPlaced\""));
    EXPECT_TRUE(passes("'A-1'"));
    EXPECT_TRUE(passes("('/shop')"));
    EXPECT_FALSE(passes("'nowhere'"));
    EXPECT_FALSE(passes("'orderplaced'"));
    // With anything around it, it is CESQL's text again, and no condition.
    EXPECT_FALSE(passes("'order-1' AND TRUE"));
    EXPECT_FALSE(passes("CONCAT('order-1')"));
    // And it stays a value where a value is asked for.
    expectEvaluations({{"'order-1'", R"("order-1")"}}, kEvent);
}

TEST(FilterExtensions, PassOnlyWhatIsTrueWithoutError)
{
    EXPECT_TRUE(passes("type = 'OrderPlaced'"));
    EXPECT_FALSE(passes("type = 'OrderShipped'"));
    EXPECT_FALSE(passes("missing != 'x'"));
    EXPECT_FALSE(passes("1"));
    EXPECT_FALSE(passes("type"));
    EXPECT_TRUE(passes("data.vip"));
}

TEST(FilterExtensions, ReadTheLinesOfOurOwnCommandLine)
{
    const std::string line
        = R"({"source":"demo","stream":"order-7","position":"9007199254740993","partition":2,"version":3,
        "id":"e-1","type":"OrderPlaced","time":"2026-11-23T09:14:02.113000Z","correlationId":"c-1","causationId":"e-0",
        "headers":[["x-retry-count","2"],["tenant_id","t 1"],["x-retry-count","3"]],"data":{"total":1.0}})";
    expectEvaluations(
        {
            {"stream = 'order-7' AND subject = stream", "true"},
            {"position > 9007199254740992.0", "true"},
            {"position = 9007199254740993.0", "true"},
            {"position + 1", "9007199254740994"},
            {"version = 3 AND partition IN (1, 2)", "true"},
            {"correlationid = 'c-1' AND correlationId = 'c-1'", "true"},
            {"causationid", R"("e-0")"},
            {"headers['x-retry-count'] = 2", "true"},
            {"headers['X-Retry-Count'] < 3", "true"},
            {"EXISTS headers['x-retry-count'] AND NOT EXISTS headers.none", "true"},
            {"tenant_id LIKE 't %'", "true"},
            {"data.total = 1", "true"},
        },
        line);
}

TEST(FilterExtensions, DecodeAPayloadInBase64)
{
    const std::string event
        = R"({"specversion":"1.0","id":"1","source":"s","type":"t","data_base64":"eyJhIjp7ImIiOjQyfX0="})";
    expectEvaluations({{"data.a.b = 42", "true"}, {"data CONTAINS '\"b\"'", "true"}}, event);
}

TEST(FilterExtensions, ReadPayloadsThatALineWrapsUp)
{
    expectEvaluations({{"data = 'plain text'", "true"}}, R"({"stream":"s","data":{"$text":"plain text"}})");
    expectEvaluations({{"data = 'plain'", "true"}}, R"({"stream":"s","data":{"$base64":"cGxhaW4="}})");
    expectEvaluations({{"data['$text'] = 'x'", "true"}}, R"({"specversion":"1.0","data":{"$text":"x"}})");
}

TEST(FilterExtensions, ReportAnEventThatIsNoObject)
{
    for (const char* event : {"", "[]", "1", "{", "{\"a\":}", "null", "\xff"})
        expectEvaluations({{"TRUE", "false", "generic"}}, event);
}
