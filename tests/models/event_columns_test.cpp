// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "column_looks.h"
#include "event_cells.h"
#include "inspect/event_marks.h"
#include "inspect/filter/event_attributes.h"
#include "inspect/filter/filter_expression.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

using namespace eventscope;
using models::ColumnLook;
using models::EventColumn;

namespace {

void append(core::EventLog& log, std::string_view payload)
{
    const std::vector<core::HeaderView> headers{{"x-tenant", "eu'1"}};
    const core::SourceEvent event{.source = "shop",
        .stream = "order-1",
        .position = 9007199254740993,
        .version = 2,
        .partition = 3,
        .id = "a",
        .type = "Placed",
        .time = core::Timestamp(std::chrono::seconds(1'790'000'000)),
        .correlationId = "c",
        .headers = headers,
        .payload = payload};
    log.append({&event, 1});
}

core::RowField field(std::string_view name)
{
    return core::RowField::parse(name).value();
}

} // namespace

TEST(FieldColumns, ShowWhatStandsInThePayloadWithItsDigits)
{
    core::EventLog log;
    append(log, R"({"total":99.50,"big":9007199254740993,"items":[{"sku":"a\nb"}],"ok":true,"none":null})");
    models::EventCells cells(log);
    cells.setFields({field("data.total"), field("data.big"), field("data.items[0].sku"), field("data.ok"),
        field("data.none"), field("headers['x-tenant']"), field("data.items")});
    const auto text = [&](std::size_t at) { return cells.text(0, models::fieldColumn(at)); };
    EXPECT_EQ(text(0), QStringLiteral("99.50"));
    EXPECT_EQ(text(1), QStringLiteral("9007199254740993"));
    EXPECT_FALSE(text(2).contains(QLatin1Char('\n'))) << "what would break the line is made visible";
    EXPECT_EQ(cells.value(0, models::fieldColumn(2)), QStringLiteral("a\nb"));
    EXPECT_EQ(text(3), QStringLiteral("true"));
    EXPECT_EQ(text(4), QString());
    EXPECT_EQ(text(5), QStringLiteral("eu'1"));
    EXPECT_EQ(text(6), QStringLiteral(R"([{"sku":"a\nb"}])"));
    EXPECT_TRUE(cells.isNumber(0, models::fieldColumn(0)));
    EXPECT_FALSE(cells.isNumber(0, models::fieldColumn(2)));
    EXPECT_EQ(cells.title(models::fieldColumn(2)), QStringLiteral("sku"));
    EXPECT_EQ(cells.name(models::fieldColumn(2)), QStringLiteral("data.items[0].sku"));
}

TEST(FieldColumns, AreReadOnceForEachRowThatIsSeen)
{
    core::EventLog log;
    append(log, R"({"n":1})");
    append(log, R"({"n":2})");
    models::EventCells cells(log);
    cells.setFields({field("data.n")});
    for (int again = 0; again < 2; ++again) {
        EXPECT_EQ(cells.text(0, models::fieldColumn(0)), QStringLiteral("1"));
        EXPECT_EQ(cells.text(1, models::fieldColumn(0)), QStringLiteral("2"));
    }
    cells.setFields({field("data.m")});
    EXPECT_EQ(cells.text(0, models::fieldColumn(0)), QString()) << "what was remembered belongs to other columns";
}

TEST(FieldColumns, SayThatAPayloadIsTooLargeToLookIntoWhileOneScrolls)
{
    core::EventLog log;
    append(log, "{\"a\":\"" + std::string(std::size_t{9} << 20, 'x') + "\",\"n\":1}");
    models::EventCells cells(log);
    cells.setFields({field("data.n")});
    EXPECT_TRUE(cells.text(0, models::fieldColumn(0)).startsWith(QLatin1Char('(')));
    EXPECT_EQ(cells.value(0, models::fieldColumn(0)), QStringLiteral("1")) << "asked for, it is read";
}

TEST(EventCells, GiveFilterTermsThatTheirOwnRowMatches)
{
    core::EventLog log;
    append(log,
        R"({"total":99.50,"text":"it's \"so\" é","empty":"","ok":false,"big":9007199254740993,"deep":{"a":[1,2]}})");
    models::EventCells cells(log);
    cells.setFields({field("data.total"), field("data.text"), field("data.ok"), field("data.absent"),
        field("headers['x-tenant']"), field("data.deep.a[1]"), field("data.empty"), field("data.big")});
    for (int column = 0; column < models::kEventColumns + 8; ++column) {
        const QString term = cells.filterTerm(0, static_cast<EventColumn>(column));
        const bool hasNone
            = column == static_cast<int>(EventColumn::Data) || column == static_cast<int>(EventColumn::Note);
        EXPECT_EQ(term.isEmpty(), hasNone) << column;
        if (term.isEmpty())
            continue;
        const auto expression = core::FilterExpression::compile(term.toStdString());
        ASSERT_TRUE(expression) << term.toStdString() << ": " << expression.error().message;
        core::LogRowAttributes row(log);
        row.setRow(0);
        EXPECT_TRUE(expression->matches(row)) << term.toStdString();
    }
}

TEST(EventCells, ShowNotes)
{
    core::EventLog log;
    append(log, "{}");
    log.marks().set(0, "first\nsecond");
    const models::EventCells cells(log);
    EXPECT_TRUE(cells.text(0, EventColumn::Note).startsWith(QStringLiteral("first")));
    EXPECT_EQ(cells.value(0, EventColumn::Note), QStringLiteral("first\nsecond"));
}

TEST(ColumnLooks, ComeBackAsTheyWere)
{
    std::vector<ColumnLook> looks;
    for (int column = models::kEventColumns - 1; column >= 0; --column)
        looks.push_back({static_cast<EventColumn>(column), {}, 5 + column, column % 2 == 0});
    looks.insert(looks.begin() + 3, {EventColumn::Time, QStringLiteral("data.items[0].sku"), 9, true});
    EXPECT_EQ(models::columnLooksFromJson(models::columnLooksToJson(looks)), looks);
}

TEST(ColumnLooks, PassOverWhatIsNoColumnAndAddWhatIsMissing)
{
    const auto looks = models::columnLooksFromJson(R"([{"attribute":"type","width":-4},{"attribute":"type"},
        {"attribute":"nonsense"},{"path":"data. +"},{"path":"data.a","width":1e9,"shown":false},3])");
    ASSERT_EQ(looks.size(), static_cast<std::size_t>(models::kEventColumns + 1));
    EXPECT_EQ(looks[0].column, EventColumn::Type);
    EXPECT_GT(looks[0].characters, 0);
    EXPECT_EQ(looks[1].field, QStringLiteral("data.a"));
    EXPECT_LT(looks[1].characters, 1000);
    EXPECT_FALSE(looks[2].shown);
    EXPECT_TRUE(models::columnLooksFromJson("rubbish").empty());
    EXPECT_TRUE(models::columnLooksFromJson(R"([{"attribute":"type","shown":false}])").empty());
}
