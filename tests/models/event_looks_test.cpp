// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "colour_rules.h"
#include "event_exporter.h"
#include "event_rows.h"
#include "inspect/event_marks.h"
#include "marked_event_rows.h"
#include "named_filters.h"
#include "sample_orders.h"
#include "shell_command.h"
#include "sorted_event_rows.h"
#include "temp_dir.h"

#include <QSignalSpy>
#include <QTest>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <future>
#include <string>
#include <vector>

using namespace eventscope;
using models::ColourRule;
using models::ColourRules;
using models::RowColour;

TEST(ColourRules, GiveTheFirstRuleThatMatches)
{
    core::EventLog log;
    const std::vector<core::SourceEvent> events{{.source = "s", .type = "A", .payload = R"({"n":5})"},
        {.source = "s", .type = "B", .payload = R"({"n":500})"}, {.source = "s", .type = "C", .payload = "{}"}};
    log.append(events);
    models::RowColours colours(log);
    EXPECT_FALSE(colours.ruleOf(0));
    colours.setRules({{QStringLiteral("off"), QStringLiteral("TRUE"), RowColour::Grey, false},
        {QStringLiteral("wrong"), QStringLiteral("type = "), RowColour::Grey, true},
        {QStringLiteral("large"), QStringLiteral("data.n > 100"), RowColour::Red, true},
        {QStringLiteral("ab"), QStringLiteral("type IN ('A', 'B')"), RowColour::Blue, true}});
    EXPECT_EQ(colours.ruleOf(0), 3U);
    EXPECT_EQ(colours.ruleOf(1), 2U);
    EXPECT_FALSE(colours.ruleOf(2)) << "an error is no match";
    EXPECT_EQ(colours.ruleOf(1), 2U) << "asked again";
    colours.setRules({});
    EXPECT_FALSE(colours.ruleOf(1));
}

TEST(ColourRules, ComeBackAsTheyWere)
{
    const ColourRules rules{{QStringLiteral("large"), QStringLiteral("data.n > 100"), RowColour::Teal, true},
        {QString(), QStringLiteral("type = 'x\"'"), RowColour::Violet, false}};
    EXPECT_EQ(models::colourRulesFromJson(models::colourRulesToJson(rules)), rules);
    EXPECT_TRUE(models::colourRulesFromJson(R"([{"filter":"a","colour":"pink"},{"colour":"red"},1])").empty());
}

TEST(NamedFilters, AreKeptRenamedAndDeleted)
{
    models::NamedFilters filters;
    filters.save(QStringLiteral(" big "), QStringLiteral("data.n > 1"));
    filters.save({}, QStringLiteral("type = 'a'"));
    EXPECT_EQ(filters.textOf(QStringLiteral("big")), QStringLiteral("data.n > 1"));
    EXPECT_EQ(filters.nameOf(QStringLiteral("type = 'a'")), QStringLiteral("type = 'a'"));
    EXPECT_FALSE(filters.rename(QStringLiteral("big"), QStringLiteral("type = 'a'"))) << "that name is taken";
    EXPECT_FALSE(filters.rename(QStringLiteral("none"), QStringLiteral("x")));
    EXPECT_TRUE(filters.rename(QStringLiteral("big"), QStringLiteral("large")));
    EXPECT_EQ(models::NamedFilters::fromJson(filters.toJson()).all(), filters.all());
    models::NamedFilters others;
    others.save(QStringLiteral("large"), QStringLiteral("something else"));
    others.save(QStringLiteral("new"), QStringLiteral("TRUE"));
    EXPECT_EQ(filters.merge(others), 1);
    EXPECT_EQ(filters.textOf(QStringLiteral("large")), QStringLiteral("data.n > 1"));
    filters.remove(QStringLiteral("large"));
    EXPECT_EQ(filters.all().size(), 2U);
}

TEST(ShellCommand, QuotesSoThatNothingIsRun)
{
    using models::shellWord;
    EXPECT_EQ(shellWord(QStringLiteral("sqlite:orders.db")), QStringLiteral("sqlite:orders.db"));
    EXPECT_EQ(shellWord(QString()), QStringLiteral("''"));
    EXPECT_EQ(shellWord(QStringLiteral("a b")), QStringLiteral("'a b'"));
    EXPECT_EQ(shellWord(QStringLiteral("it's $(rm)`x`\n!")), QStringLiteral("'it'\\''s $(rm)`x`\n!'"));
    EXPECT_EQ(shellWord(QStringLiteral("x\n")), QStringLiteral("'x\n'"));
    EXPECT_EQ(models::shellCommand({QStringLiteral("eventscope"), QStringLiteral("id = 'a'")}),
        QStringLiteral("eventscope 'id = '\\''a'\\'''"));
}

TEST(MarkedEventRows, AreThoseOfTheOthersThatAreMarked)
{
    core::EventLog log;
    test::SampleOrders sample;
    sample.appendTo(log, 100);
    log.marks().set(7, "seven");
    models::AllEventRows all(log);
    models::MarkedEventRows marked(all);
    ASSERT_EQ(marked.count(), 1U);
    EXPECT_EQ(marked.rowAt(0), 7U);
    const QSignalSpy grown(&marked, &models::EventRows::grown);
    const QSignalSpy rebuilt(&marked, &models::EventRows::rebuilt);
    log.marks().set(50, {});
    EXPECT_TRUE(QTest::qWaitFor([&] { return marked.count() == 2; }));
    EXPECT_EQ(grown.count(), 1);
    EXPECT_EQ(marked.firstNotBefore(8), 1U);
    EXPECT_EQ(marked.lister()(), (std::vector<std::uint32_t>{7, 50}));
    log.marks().remove(7);
    EXPECT_TRUE(QTest::qWaitFor([&] { return marked.count() == 1; }));
    EXPECT_EQ(rebuilt.count(), 1);
}

TEST(EventExporter, WritesOnAThreadOfItsOwnAndSaysHowMany)
{
    const test::TempDir folder;
    core::EventLog log;
    test::SampleOrders sample;
    sample.appendTo(log, 500);
    models::EventExporter exporter;
    QSignalSpy finished(&exporter, &models::EventExporter::finished);
    const QString path = QString::fromStdString((folder / "out.ndjson").string());
    exporter.start(log, {}, path, {});
    EXPECT_TRUE(exporter.isRunning());
    ASSERT_TRUE(finished.wait());
    EXPECT_TRUE(finished[0][0].toBool()) << finished[0][1].toString().toStdString();
    EXPECT_FALSE(exporter.isRunning());
    EXPECT_EQ(exporter.written(), 500U);
    const std::string text = test::readFile(folder / "out.ndjson");
    EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 500);

    exporter.start(log, [] { return std::vector<std::uint32_t>{3}; }, path, {.format = core::ExportFormat::Csv});
    ASSERT_TRUE(finished.wait());
    EXPECT_TRUE(test::readFile(folder / "out.ndjson").starts_with("source,stream"));

    exporter.start(log, {}, QStringLiteral("/no/such/folder/out"), {});
    ASSERT_TRUE(finished.wait());
    EXPECT_FALSE(finished[2][0].toBool());
    EXPECT_TRUE(finished[2][1].toString().contains(QStringLiteral("/no/such/folder/out")));
}

TEST(EventExporter, LeavesNothingWhenItIsCancelled)
{
    const test::TempDir folder;
    core::EventLog log;
    test::SampleOrders sample;
    sample.appendTo(log, 500);
    models::EventExporter exporter;
    QSignalSpy finished(&exporter, &models::EventExporter::finished);
    std::promise<void> go;
    exporter.start(log,
        [waiting = go.get_future().share()] {
            waiting.wait();
            return std::vector<std::uint32_t>(400);
        },
        QString::fromStdString((folder / "out").string()), {.format = core::ExportFormat::Capture});
    exporter.cancel();
    go.set_value();
    ASSERT_TRUE(finished.wait());
    EXPECT_FALSE(finished[0][0].toBool());
    EXPECT_EQ(finished[0][1].toString(), QString());
    EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(SortedEventRows, TakeTheOrderOfAField)
{
    core::EventLog log;
    const std::vector<core::SourceEvent> events{{.source = "s", .payload = R"({"n":30})"},
        {.source = "s", .payload = R"({"n":4})"}, {.source = "s", .payload = "{}"}};
    log.append(events);
    models::AllEventRows all(log);
    models::SortedEventRows sorted(all, {.by = core::OrderBy::Field, .field = core::RowField::parse("data.n").value()});
    ASSERT_TRUE(QTest::qWaitFor([&] { return sorted.count() == 3; }));
    EXPECT_EQ(sorted.rowAt(0), 1U);
    EXPECT_EQ(sorted.rowAt(1), 0U);
    EXPECT_EQ(sorted.rowAt(2), 2U);
    EXPECT_EQ(sorted.looked(), 3U);
}
