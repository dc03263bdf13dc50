// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "json_tree_model.h"

#include <QAbstractItemModelTester>
#include <gtest/gtest.h>

using namespace eventscope;
using models::JsonTreeModel;

namespace {

std::shared_ptr<const core::Json> json(std::string_view text)
{
    return std::make_shared<const core::Json>(*core::Json::parse(text));
}

class JsonTreeModelTest : public testing::Test {
protected:
    JsonTreeModelTest() { tester.setUseFetchMore(false); }

    void show(std::string_view text, const QString& note = {})
    {
        model.setSections({{QStringLiteral("data"), json(text), note, QStringLiteral("data")}});
        open(model.sectionIndex(0));
    }
    void open(const QModelIndex& index)
    {
        while (model.canFetchMore(index)) {
            model.fetchMore(index);
        }
    }
    /// What one reads below a heading, a line each.
    std::string read(const QModelIndex& parent, int depth = 0)
    {
        std::string text;
        open(parent);
        for (int row = 0; row < model.rowCount(parent); ++row) {
            const QModelIndex name = model.index(row, 0, parent);
            text += std::string(static_cast<std::size_t>(depth), ' ') + name.data().toString().toStdString() + "="
                + name.siblingAtColumn(1).data().toString().toStdString() + "\n" + read(name, depth + 1);
        }
        return text;
    }

    JsonTreeModel model;
    QAbstractItemModelTester tester{&model, QAbstractItemModelTester::FailureReportingMode::Fatal};
};

} // namespace

TEST_F(JsonTreeModelTest, ShowsNamesAndValuesAsWritten)
{
    show(R"({"id":9007199254740993,"total":38.00,"e":1e3,"items":[{"sku":"a"},2],"none":{}})");
    EXPECT_EQ(read(model.sectionIndex(0)),
        "id=9007199254740993\ntotal=38.00\ne=1e3\nitems=[2]\n 0={sku}\n  sku=\"a\"\n 1=2\nnone={}\n");
}

TEST_F(JsonTreeModelTest, TellsNullEmptyAndTheWordNullApart)
{
    show(R"({"a":null,"b":"","c":"null"})");
    EXPECT_EQ(read(model.sectionIndex(0)), "a=null\nb=\"\"\nc=\"null\"\n");
    const QModelIndex heading = model.sectionIndex(0);
    EXPECT_EQ(model.index(0, 1, heading).data(JsonTreeModel::KindRole).value<JsonTreeModel::Kind>(),
        JsonTreeModel::Kind::Null);
    EXPECT_EQ(model.index(2, 1, heading).data(JsonTreeModel::KindRole).value<JsonTreeModel::Kind>(),
        JsonTreeModel::Kind::String);
}

TEST_F(JsonTreeModelTest, KeepsDoubledNamesInOrder)
{
    show(R"({"x":1,"x":2})");
    EXPECT_EQ(read(model.sectionIndex(0)), "x=1\nx=2\n");
}

TEST_F(JsonTreeModelTest, FetchesAPageAtATime)
{
    std::string many = "[0";
    for (int i = 1; i < 1000; ++i) {
        many += "," + std::to_string(i);
    }
    model.setSections({{QStringLiteral("data"), json(many + "]"), QStringLiteral("and more"), {}}});
    const QModelIndex heading = model.sectionIndex(0);
    EXPECT_TRUE(model.hasChildren(heading));
    EXPECT_EQ(model.rowCount(heading), 0);
    model.fetchMore(heading);
    EXPECT_EQ(model.rowCount(heading), static_cast<int>(JsonTreeModel::kPage));
    open(heading);
    EXPECT_EQ(model.rowCount(heading), 1001); // and the note
    EXPECT_EQ(model.index(1000, 1, heading).data().toString(), QStringLiteral("and more"));
}

TEST_F(JsonTreeModelTest, NamesPathsForPointersAndFilters)
{
    show(R"({"a/b":{"~":1},"items":[{"sku":"x"}]})");
    const QModelIndex slash = model.indexOf(0, QStringLiteral("/a~1b/~0"));
    ASSERT_TRUE(slash.isValid());
    EXPECT_EQ(slash.data(JsonTreeModel::PathRole).toString(), QStringLiteral("/a~1b/~0"));
    EXPECT_TRUE(slash.data(JsonTreeModel::FilterPathRole).toString().isEmpty());
    const QModelIndex sku = model.indexOf(0, QStringLiteral("/items/0/sku"));
    EXPECT_EQ(sku.data(JsonTreeModel::FilterPathRole).toString(), QStringLiteral("data.items[0].sku"));
    EXPECT_FALSE(model.indexOf(0, QStringLiteral("/items/7")).isValid());
}

TEST_F(JsonTreeModelTest, MarksWhatADifferenceNames)
{
    show(R"({"status":"paid"})");
    model.setMarks({{QStringLiteral("data"), {{QStringLiteral("/status"), JsonTreeModel::Mark::Changed}}}});
    const QModelIndex status = model.index(0, 0, model.sectionIndex(0));
    EXPECT_EQ(status.data(JsonTreeModel::MarkRole).value<JsonTreeModel::Mark>(), JsonTreeModel::Mark::Changed);
}

TEST_F(JsonTreeModelTest, MakesControlCharactersVisible)
{
    show("{\"a\\u202Eb\":\"c\\u0000d\"}");
    EXPECT_EQ(read(model.sectionIndex(0)), "a‹202E›b=\"c␀d\"\n");
}
