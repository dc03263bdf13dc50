// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "filter_text.h"

#include "inspect/filter/event_attributes.h"
#include "inspect/filter/filter_expression.h"

#include <array>
#include <gtest/gtest.h>

using namespace eventscope::models;

namespace {

std::string joined(const char* filter, const char* term, FilterJoin join)
{
    return joinFilter(QString::fromUtf8(filter), QString::fromUtf8(term), join).toStdString();
}

/// What people call their things.
const std::array kTexts{QStringLiteral("it's"), QStringLiteral("C:\\temp\\new"), QStringLiteral("ends with \\"),
    QStringLiteral("\\'"), QStringLiteral("\\\\'\"\\\""), QStringLiteral("both ' and \""), QStringLiteral("'\"'"),
    QStringLiteral("two\nlines\tand\ttabs"), QStringLiteral("größe 尺寸 😀"), QStringLiteral("a = b AND c OR d"),
    QStringLiteral("100%_\\%"), QStringLiteral("''"), QStringLiteral("\\")};

/// Whether an event of this type and this payload field passes.
bool passes(const QString& filter, const QString& text)
{
    const auto expression = eventscope::core::FilterExpression::parse(filter.toStdString());
    EXPECT_TRUE(expression) << filter.toStdString();
    const std::string type = text.toStdString();
    eventscope::core::SourceEvent event;
    event.type = type;
    event.stream = type;
    eventscope::core::SourceEventAttributes attributes(event);
    return expression && expression->matches(attributes);
}

} // namespace

TEST(FilterText, QuotesWhatCouldEndALiteral)
{
    EXPECT_EQ(filterLiteral(u"it's \\ here").toStdString(), "'it\\'s \\ here'");
}

TEST(FilterText, FindsExactlyTheValueItWasMadeFrom)
{
    for (const QString& text : kTexts) {
        const QString term = filterEquals(QStringLiteral("type"), text, false);
        EXPECT_TRUE(passes(term, text)) << term.toStdString();
        EXPECT_FALSE(passes(term, text + QLatin1Char('x'))) << term.toStdString();
        const QString out = joinFilter({}, term, FilterJoin::AndNot);
        EXPECT_TRUE(out.startsWith(QLatin1String("type != "))) << out.toStdString();
        EXPECT_FALSE(passes(out, text)) << out.toStdString();
        EXPECT_TRUE(passes(out, QStringLiteral("something else"))) << out.toStdString();
    }
}

TEST(FilterText, FindsWhatBeginsWithAText)
{
    for (const QString& text : kTexts) {
        const QString term = filterBeginsWith(QStringLiteral("subject"), text);
        EXPECT_TRUE(passes(term, text + QLatin1String("-17"))) << term.toStdString();
        EXPECT_FALSE(passes(term, QLatin1Char('x') + text)) << term.toStdString();
    }
    EXPECT_FALSE(passes(filterBeginsWith(QStringLiteral("subject"), u"a_b"), QStringLiteral("axb-1")));
}

TEST(FilterText, ComparesAnAttributeWithAValue)
{
    EXPECT_EQ(filterEquals(QStringLiteral("type"), u"OrderPlaced", false).toStdString(), "type = 'OrderPlaced'");
    EXPECT_EQ(filterEquals(QStringLiteral("version"), u"3", true).toStdString(), "version = 3");
    EXPECT_EQ(filterEquals(QStringLiteral("correlationid"), u"", false).toStdString(), "NOT EXISTS correlationid");
}

TEST(FilterText, JoinsConditions)
{
    EXPECT_EQ(joined("", "type = 'A'", FilterJoin::And), "type = 'A'");
    EXPECT_EQ(joined("source = 'x'", "type = 'A'", FilterJoin::And), "source = 'x' AND type = 'A'");
    EXPECT_EQ(joined("a = 1 OR b = 2", "type = 'A'", FilterJoin::And), "(a = 1 OR b = 2) AND type = 'A'");
    EXPECT_EQ(joined("a = 1", "type = 'A'", FilterJoin::Replace), "type = 'A'");
}

TEST(FilterText, LeavesOut)
{
    EXPECT_EQ(joined("a = 1", "type = 'A'", FilterJoin::AndNot), "a = 1 AND type != 'A'");
    EXPECT_EQ(joined("", "type = 'x = y'", FilterJoin::AndNot), "type != 'x = y'");
    EXPECT_EQ(joined("", "NOT EXISTS correlationid", FilterJoin::AndNot), "EXISTS correlationid");
    EXPECT_EQ(joined("", "type = \"it's\"", FilterJoin::AndNot), "type != \"it's\"");
    EXPECT_EQ(joined("", "data.text = 'a OR b'", FilterJoin::AndNot), "data.text != 'a OR b'");
    EXPECT_EQ(joined("", "a = 1 AND b = 2", FilterJoin::AndNot), "NOT (a = 1 AND b = 2)");
}

TEST(FilterText, JoinsAlternatives)
{
    const auto joined = [](const char* filter, const char* term) {
        return joinFilter(QString::fromUtf8(filter), QString::fromUtf8(term), FilterJoin::Or).toStdString();
    };
    EXPECT_EQ(joined("", "type = 'A'"), "type = 'A'");
    EXPECT_EQ(joined("type = 'A' AND version = 1", "type = 'B'"), "type = 'A' AND version = 1 OR type = 'B'");
    EXPECT_EQ(joined("type = 'A'", "type = 'B' AND version = 1"), "type = 'A' OR (type = 'B' AND version = 1)");
}

TEST(FilterText, WritesNumbersOfAnySize)
{
    EXPECT_EQ(filterNumber(u"17"), QStringLiteral("17"));
    EXPECT_EQ(filterNumber(u"-99.50"), QStringLiteral("-99.50"));
    EXPECT_EQ(filterNumber(u"9007199254740993"), QStringLiteral("9007199254740993.0"));
    EXPECT_EQ(filterNumber(u"1e3"), QStringLiteral("1000"));
    EXPECT_EQ(filterNumber(u"it's"), QStringLiteral("'it\\'s'"));
}
