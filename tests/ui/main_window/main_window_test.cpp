// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "event_detail/event_detail.h"
#include "event_table/event_table.h"
#include "event_table/histogram_strip.h"
#include "events/events_page.h"
#include "main_window/command_palette.h"
#include "main_window/main_window.h"
#include "main_window/status_line.h"
#include "sample_orders.h"
#include "scripted_source.h"
#include "shell/filter_box.h"
#include "shell/filter_chip.h"
#include "shell/filter_hint.h"
#include "shell/go_to_dialog.h"
#include "sources/saved_sources.h"
#include "sources/sources_view.h"

#include <QApplication>
#include <QDockWidget>
#include <QDragEnterEvent>
#include <QDropEvent>
#include <QLineEdit>
#include <QListView>
#include <QListWidget>
#include <QMimeData>
#include <QMouseEvent>
#include <QPointer>
#include <QSignalSpy>
#include <QTabBar>
#include <QTemporaryDir>
#include <QTest>
#include <QTreeView>
#include <QUrl>
#include <gtest/gtest.h>

using namespace eventscope;

namespace {

/// A view that stands for those that other folders bring.
class FakeReplay final : public ui::Page {
public:
    QString title() const override { return QStringLiteral("Replay"); }
    QLatin1String iconName() const override { return QLatin1String("eventscope-replay"); }
    QString screenshotName() const override { return QStringLiteral("replay"); }
    int badge() const override { return count; }
    bool showStream(const QString& source, const QString& stream) override
    {
        shown = source + QLatin1Char('/') + stream;
        return true;
    }
    int count = 0;
    QString shown;
};

class MainWindowTest : public testing::Test {
protected:
    MainWindowTest()
    {
        sample.appendTo(workspace.log(), 400);
        window.resize(1300, 800);
        window.show();
        EXPECT_TRUE(QTest::qWaitForWindowExposed(&window));
    }

    ui::EventTable& table() { return *window.events().table(); }
    const core::EventLog& log() { return workspace.log(); }
    QString typeOf(core::LogRow row) { return QString::fromStdString(std::string(log().text(log().typeAt(row)))); }
    bool allRowsAre(std::string_view type)
    {
        for (std::uint64_t index = 0; index < table().rowCount(); ++index) {
            if (log().text(log().typeAt(table().rows()->rowAt(index))) != type) {
                return false;
            }
        }
        return table().rowCount() > 0;
    }
    void typeFilter(const QString& text)
    {
        QTest::keyClick(&window, Qt::Key_F, Qt::ControlModifier);
        QTest::keyClicks(window.filterBox().edit(), text);
    }
    bool searched()
    {
        return QTest::qWaitFor([this] { return window.events().verdictIsComplete(); });
    }

    core::SystemClock clock;
    core::Workspace workspace{clock};
    test::SampleOrders sample;
    ui::Theme theme;
    ui::MainWindow window{workspace, theme, {nullptr, false}};
};

} // namespace

TEST_F(MainWindowTest, ShowsTheChosenEventInTheDetail)
{
    QTest::mouseClick(
        table().viewport(), Qt::LeftButton, {}, table().cellRect(390, models::EventColumn::Type).center());
    EXPECT_EQ(window.detail().row(), 390U);
    QTest::keyClick(&table(), Qt::Key_Up);
    EXPECT_EQ(window.detail().row(), 389U);
    QTest::keyClick(&table(), Qt::Key_Escape);
    EXPECT_FALSE(window.detail().row());
}

TEST_F(MainWindowTest, FiltersWithWhatIsTyped)
{
    typeFilter(QStringLiteral("type = 'OrderPlaced'"));
    QTest::keyClick(window.filterBox().edit(), Qt::Key_Escape); // a list of completions, if one is open
    if (window.filterBox().text().isEmpty()) {
        typeFilter(QStringLiteral("type = 'OrderPlaced'"));
    }
    QTest::keyClick(window.filterBox().edit(), Qt::Key_Return);
    ASSERT_TRUE(QTest::qWaitFor([this] { return window.events().isFiltered(); }));
    ASSERT_TRUE(searched());
    ASSERT_TRUE(QTest::qWaitFor([this] { return table().rowCount() > 0; }));
    EXPECT_TRUE(allRowsAre("OrderPlaced"));
    EXPECT_TRUE(window.events().verdict().contains(QStringLiteral("complete")));
    window.filterBox().clear();
    EXPECT_EQ(table().rowCount(), 400U);
}

TEST_F(MainWindowTest, SaysWhatIsWrongWithAFilterAndAppliesNothing)
{
    window.filterBox().edit()->setText(QStringLiteral("type = "));
    ASSERT_TRUE(
        QTest::qWaitFor([this] { return window.filterBox().verdict().kind == models::FilterVerdict::Kind::Wrong; }));
    EXPECT_FALSE(window.filterBox().verdict().sentence.isEmpty());
    ui::FilterHint* hint = nullptr;
    for (ui::FilterHint* candidate : window.findChildren<ui::FilterHint*>()) {
        hint = candidate;
    }
    ASSERT_NE(hint, nullptr);
    EXPECT_TRUE(hint->isVisible());
    QTest::keyClick(window.filterBox().edit(), Qt::Key_Return);
    EXPECT_FALSE(window.events().isFiltered());
}

TEST_F(MainWindowTest, SearchesForBareWordsAsText)
{
    window.filterBox().edit()->setText(QStringLiteral("insufficient_funds"));
    QTest::keyClick(window.filterBox().edit(), Qt::Key_Return);
    ASSERT_TRUE(QTest::qWaitFor([this] { return window.events().isFiltered(); }));
    EXPECT_EQ(window.filterBox().appliedText(), QStringLiteral("'insufficient_funds'"));
    ASSERT_TRUE(searched());
    ASSERT_TRUE(QTest::qWaitFor([this] { return table().rowCount() > 0; }));
    EXPECT_TRUE(allRowsAre("PaymentDeclined"));
}

TEST_F(MainWindowTest, AddsConditionsFromCells)
{
    Q_EMIT table().filterRequested(QStringLiteral("type = 'OrderPlaced'"), models::FilterJoin::And);
    Q_EMIT table().filterRequested(QStringLiteral("source = 'elsewhere'"), models::FilterJoin::AndNot);
    EXPECT_EQ(window.filterBox().appliedText(), QStringLiteral("type = 'OrderPlaced' AND source != 'elsewhere'"));
    ASSERT_TRUE(searched());
    ASSERT_TRUE(QTest::qWaitFor([this] { return table().rowCount() > 0; }));
    EXPECT_TRUE(allRowsAre("OrderPlaced"));
}

TEST_F(MainWindowTest, SaysSoWhenNothingMatches)
{
    window.filterBox().apply(QStringLiteral("type = 'Nothing'"));
    ASSERT_TRUE(searched());
    EXPECT_EQ(table().rowCount(), 0U);
    EXPECT_TRUE(window.events().verdict().startsWith(QLatin1String("0 of")));
    Q_EMIT window.events().clearFiltersWanted();
    EXPECT_FALSE(window.events().isFiltered());
    EXPECT_EQ(window.filterBox().text(), QString());
}

TEST_F(MainWindowTest, NarrowsToARangeOfTimeThatIsDragged)
{
    ui::HistogramStrip& strip = *window.events().histogram();
    ASSERT_TRUE(QTest::qWaitFor([&] { return strip.grab().toImage() != QImage(); }));
    ASSERT_TRUE(QTest::qWaitFor([&] {
        const QPoint right(strip.width() - 14, strip.height() - 20);
        QTest::mousePress(&strip, Qt::LeftButton, {}, right - QPoint(60, 0));
        QMouseEvent move(
            QEvent::MouseMove, right, strip.mapToGlobal(right), Qt::NoButton, Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(&strip, &move);
        QTest::mouseRelease(&strip, Qt::LeftButton, {}, right);
        return window.events().isFiltered();
    }));
    ASSERT_TRUE(searched());
    EXPECT_FALSE(window.filterBox().chipText(QStringLiteral("time")).isEmpty());
    EXPECT_LT(table().rowCount(), 400U);
    strip.setFocus();
    QTest::keyClick(&strip, Qt::Key_Escape);
    EXPECT_FALSE(window.events().isFiltered());
    EXPECT_TRUE(window.filterBox().chipText(QStringLiteral("time")).isEmpty());
}

TEST_F(MainWindowTest, ShowsOneStreamUntilItsChipIsClicked)
{
    Q_EMIT window.sources().streamChosen(
        QStringLiteral("demo"), QString::fromStdString(std::string(log().text(log().streamAt(5)))));
    ASSERT_TRUE(searched());
    ASSERT_TRUE(QTest::qWaitFor([this] { return table().rowCount() > 0; }));
    for (std::uint64_t index = 0; index < table().rowCount(); ++index) {
        EXPECT_EQ(log().streamAt(table().rows()->rowAt(index)), log().streamAt(5));
    }
    QTest::mouseClick(window.filterBox().findChild<ui::FilterChip*>(), Qt::LeftButton);
    EXPECT_EQ(table().rowCount(), 400U);
}

TEST_F(MainWindowTest, GoesToARowThatAFilterHides)
{
    window.filterBox().apply(QStringLiteral("type = 'OrderPlaced'"));
    ASSERT_TRUE(searched());
    core::LogRow hidden = 0;
    while (log().text(log().typeAt(hidden)) == "OrderPlaced") {
        ++hidden;
    }
    window.goTo(QString::fromStdString(log().at(hidden).id.toString()));
    ASSERT_TRUE(QTest::qWaitFor([&] { return window.detail().row() == hidden; }));
    EXPECT_FALSE(window.events().isFiltered());
}

TEST_F(MainWindowTest, SaysInTheDialogWhenThereIsNothingToGoTo)
{
    QTest::keyClick(&window, Qt::Key_G, Qt::ControlModifier);
    QPointer<ui::GoToDialog> dialog = window.findChild<ui::GoToDialog*>();
    ASSERT_NE(dialog, nullptr);
    QTest::keyClicks(dialog->edit(), QStringLiteral("7"));
    EXPECT_EQ(dialog->sentence(), QStringLiteral("The event at position 7."));
    dialog->edit()->clear();
    QTest::keyClicks(dialog->edit(), QStringLiteral("nobody-knows-me"));
    QTest::keyClick(dialog, Qt::Key_Return);
    ASSERT_TRUE(QTest::qWaitFor([&] { return dialog->sentence().startsWith(QLatin1String("None of the 400")); }));
    EXPECT_TRUE(dialog->isVisible());
    dialog->edit()->setText(QString::fromStdString(log().at(12).id.toString()));
    QTest::keyClick(dialog, Qt::Key_Return);
    ASSERT_TRUE(QTest::qWaitFor([&] { return window.detail().row() == 12U; }));
    EXPECT_TRUE(QTest::qWaitFor([&] { return !dialog || !dialog->isVisible(); }));
}

TEST_F(MainWindowTest, OpensASavedSourceFromTheList)
{
    std::vector<std::string> opened;
    core::Workspace other(clock);
    ui::MainWindow saving(other, theme,
        {.openSource = nullptr, .keepState = false, .connect = {.open = [&](const models::ConnectionProfile& profile) {
             opened.push_back(profile.url.text());
             return core::Status();
         }}});
    saving.show();
    auto* saved = saving.findChild<ui::SavedSources*>();
    ASSERT_NE(saved, nullptr);
    EXPECT_TRUE(saved->isHidden());
    models::ConnectionProfile profile;
    profile.url = core::parseSourceUrl("sqlite:/tmp/orders.db").value();
    saving.connections().profiles().put(profile);
    EXPECT_FALSE(saved->isHidden());
    saved->list()->setCurrentIndex(saved->list()->model()->index(0, 0));
    QTest::keyClick(saved->list(), Qt::Key_Return);
    EXPECT_EQ(opened, std::vector<std::string>{"sqlite:/tmp/orders.db"});
}

TEST_F(MainWindowTest, HandsAStreamToTheViewThatReplays)
{
    auto page = std::make_unique<FakeReplay>();
    FakeReplay* replay = page.get();
    window.addPage(std::move(page));
    Q_EMIT table().replayRequested(7);
    EXPECT_EQ(
        replay->shown, QStringLiteral("demo/") + QString::fromStdString(std::string(log().text(log().streamAt(7)))));
    EXPECT_EQ(window.currentPage(), replay);
    QTest::keyClick(&window, Qt::Key_1, Qt::ControlModifier);
    EXPECT_EQ(window.currentPage(), &window.events());
    QTest::keyClick(&window, Qt::Key_2, Qt::ControlModifier);
    EXPECT_EQ(window.currentPage(), replay);
}

TEST_F(MainWindowTest, FollowsAFlowByFilterWhereNoViewDoes)
{
    Q_EMIT table().flowRequested(7);
    EXPECT_TRUE(window.filterBox().appliedText().startsWith(QLatin1String("correlationid = 'c-")));
}

TEST_F(MainWindowTest, RunsCommandsByName)
{
    theme.apply(ui::Theme::Look::Light);
    QTest::keyClick(&window, Qt::Key_K, Qt::ControlModifier);
    auto* palette = window.findChild<ui::CommandPalette*>();
    ASSERT_NE(palette, nullptr);
    QTest::keyClicks(palette->findChild<QLineEdit*>(), QStringLiteral("dark"));
    ASSERT_FALSE(palette->offered().isEmpty());
    EXPECT_EQ(palette->offered().first(), QStringLiteral("Dark look"));
    QTest::keyClick(palette->findChild<QLineEdit*>(), Qt::Key_Return);
    EXPECT_TRUE(theme.isDark());
    window.settings().setLook(ui::Theme::Look::Light);
}

TEST_F(MainWindowTest, ChangesTheZoneOfTimes)
{
    const bool utc = window.settings().isUtc();
    QTest::keyClick(&window, Qt::Key_U, Qt::ControlModifier);
    EXPECT_NE(window.settings().isUtc(), utc);
    EXPECT_EQ(window.statusLine().text().endsWith(QLatin1String("UTC")),
        window.settings().isUtc() || window.settings().timeFormat().zoneName() == QLatin1String("UTC"));
}

TEST_F(MainWindowTest, ListsConnectionsWithTheirStates)
{
    test::ScriptedServer server;
    server.add(5);
    core::ConnectionSpec spec;
    spec.name = "orders";
    spec.url = "test:";
    spec.open = server.factory();
    ASSERT_TRUE(workspace.add(std::move(spec)));
    const models::SourcesModel& model = window.sources().model();
    ASSERT_TRUE(QTest::qWaitFor([&] { return model.rowCount() == 1 && model.hasChildren(model.index(0, 0)); }));
    EXPECT_EQ(model.index(0, 0).data().toString(), QStringLiteral("orders"));
    ASSERT_TRUE(QTest::qWaitFor([&] { return workspace.log().size() == 405; }));
    ASSERT_TRUE(QTest::qWaitFor([&] { return table().rowCount() == 405; }));
    ASSERT_TRUE(QTest::qWaitFor([&] { return window.windowTitle().startsWith(QLatin1String("orders")); }));
    ASSERT_TRUE(workspace.remove("orders"));
    ASSERT_TRUE(QTest::qWaitFor([&] { return model.rowCount() == 0; }));
}

TEST_F(MainWindowTest, OpensWhatItIsToldToAndSaysWhyItCannot)
{
    core::Workspace other(clock);
    ui::MainWindow refusing(other, theme,
        {[](const QString& url) { return core::fail(core::ErrorCode::NotAStore, "No store: " + url.toStdString()); },
            false});
    refusing.show();
    QMimeData mime;
    mime.setUrls({QUrl::fromLocalFile(QStringLiteral("/tmp/thing.db"))});
    QDragEnterEvent enter(QPoint(10, 10), Qt::CopyAction, &mime, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(&refusing, &enter);
    EXPECT_TRUE(enter.isAccepted());
    QDropEvent drop(QPointF(10, 10), Qt::CopyAction, &mime, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(&refusing, &drop);
    EXPECT_EQ(other.problems().problemCount(), 1U);
    EXPECT_TRUE(refusing.statusLine().text().contains(QLatin1String("No store: sqlite:/tmp/thing.db")));
}

TEST_F(MainWindowTest, SavesAPictureOfEveryView)
{
    QTemporaryDir folder;
    window.addPage(std::make_unique<FakeReplay>());
    const QStringList files = window.saveScreenshots(folder.path());
    ASSERT_EQ(files.size(), 4);
    for (const QString& file : files) {
        EXPECT_FALSE(QImage(file).isNull()) << file.toStdString();
    }
    EXPECT_TRUE(files.first().endsWith(QLatin1String("events-light.png")));
}
