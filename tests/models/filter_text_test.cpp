// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "filter_text.h"

#include <gtest/gtest.h>

using namespace eventscope::models;

namespace {

std::string joined(const char* filter, const char* term, FilterJoin join)
{
    return joinFilter(QString::fromUtf8(filter), QString::fromUtf8(term), join).toStdString();
}

} // namespace

TEST(FilterText, QuotesWhatCouldEndALiteral)
{
    EXPECT_EQ(filterLiteral(u"it's \\ here").toStdString(), "'it\\'s \\\\ here'");
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
    EXPECT_EQ(joined("", "a = 1 AND b = 2", FilterJoin::AndNot), "NOT (a = 1 AND b = 2)");
}

TEST(FilterText, JoinsAlternatives)
{
    const auto joined = [](const char* filter, const char* term) {
        return joinFilter(QString::fromUtf8(filter), QString::fromUtf8(term), FilterJoin::Or).toStdString();
    };
    EXPECT_EQ(joined("", "type = 'A'"), "type = 'A'");
    EXPECT_EQ(joined("type = 'A' AND version = 1", "type = 'B'"), "type = 'A' AND version = 1 OR type = 'B'");
}

TEST(FilterText, WritesNumbersOfAnySize)
{
    EXPECT_EQ(filterNumber(u"17"), QStringLiteral("17"));
    EXPECT_EQ(filterNumber(u"-99.50"), QStringLiteral("-99.50"));
    EXPECT_EQ(filterNumber(u"9007199254740993"), QStringLiteral("9007199254740993.0"));
    EXPECT_EQ(filterNumber(u"1e3"), QStringLiteral("1000"));
    EXPECT_EQ(filterNumber(u"it's"), QStringLiteral("'it\\'s'"));
}
