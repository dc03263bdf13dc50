// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "colours/colour_rules_dialog.h"
#include "event_table/event_table.h"
#include "events/events_page.h"
#include "events/looks_offer.h"
#include "export/export_dialog.h"
#include "filter_checker.h"
#include "inspect/capture_source.h"
#include "inspect/event_marks.h"
#include "main_window/main_window.h"
#include "sample_orders.h"
#include "shell/filter_box.h"
#include "shell/state_overlay.h"
#include "temp_dir.h"

#include <QApplication>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QDragEnterEvent>
#include <QDropEvent>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QMimeData>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>
#include <QUrl>
#include <gtest/gtest.h>

#include <algorithm>
#include <optional>

using namespace eventscope;
using models::EventColumn;

namespace {

/// A window on a workspace of its own, which opens captures.
class Desk {
public:
    explicit Desk(ui::Theme& theme)
        : workspace(clock), window(workspace, theme, {[this](const QString& url) { return open(url); }, false})
    {
        window.resize(1200, 800);
        window.show();
    }

    core::EventLog& log() { return workspace.log(); }
    ui::EventTable& table() { return *window.events().table(); }
    void drop(const QString& path)
    {
        QMimeData mime;
        mime.setUrls({QUrl::fromLocalFile(path)});
        QDragEnterEvent enter(QPoint(10, 10), Qt::CopyAction, &mime, Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(&window, &enter);
        QDropEvent event(QPointF(10, 10), Qt::CopyAction, &mime, Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(&window, &event);
    }
    void key(int key) { QTest::keyClick(&table(), static_cast<Qt::Key>(key)); }

    core::SystemClock clock;
    core::Workspace workspace;
    ui::MainWindow window;

private:
    core::Status open(const QString& text)
    {
        const auto url = core::parseSourceUrl(text.toStdString());
        if (!url) {
            return std::unexpected(url.error());
        }
        const auto added = workspace.add(
            {.name = "capture", .url = url->display(), .open = [path = url->path] {
                 auto source = core::CaptureSource::open("capture", path);
                 return source ? core::Result<std::unique_ptr<core::Source>>(std::move(*source))
                               : core::Result<std::unique_ptr<core::Source>>(std::unexpected(source.error()));
             }});
        return added ? core::Status() : std::unexpected(added.error());
    }
};

class CaptureWindowTest : public testing::Test {
protected:
    CaptureWindowTest()
    {
        sample.appendTo(desk.log(), 400);
        EXPECT_TRUE(QTest::qWaitFor([this] { return desk.table().rowCount() == 400; }));
    }

    QString file(const char* name) const { return QString::fromStdString((folder / name).string()); }

    test::TempDir folder;
    ui::Theme theme;
    Desk desk{theme};
    test::SampleOrders sample;
};

} // namespace

TEST_F(CaptureWindowTest, MarksAndNotesWithTheKeyboard)
{
    core::EventMarks& marks = desk.log().marks();
    desk.table().setCurrentIndex(100, EventColumn::Type);
    desk.key(Qt::Key_M);
    EXPECT_TRUE(marks.has(100));
    desk.key(Qt::Key_M);
    EXPECT_FALSE(marks.has(100));
    desk.key(Qt::Key_N);
    auto* dialog = desk.window.events().findChild<QDialog*>(QStringLiteral("askText"));
    ASSERT_NE(dialog, nullptr);
    dialog->findChild<QPlainTextEdit*>()->setPlainText(QStringLiteral("why twice?\nask"));
    dialog->accept();
    EXPECT_EQ(marks.note(100), "why twice?\nask");
    EXPECT_TRUE(QTest::qWaitFor([this] {
        return std::ranges::count(desk.table().visibleColumns(), EventColumn::Note) == 1;
    })) << "a note is shown where there is one";
    desk.key(Qt::Key_M);
    EXPECT_EQ(marks.note(100), "why twice?\nask") << "a note does not go by one key";
}

TEST_F(CaptureWindowTest, GoesFromMarkToMarkAndShowsOnlyThem)
{
    for (const core::LogRow row : {20U, 200U, 399U}) {
        desk.log().marks().set(row, {});
    }
    desk.table().setCurrentIndex(100, EventColumn::Type);
    desk.key(Qt::Key_Period);
    EXPECT_EQ(desk.table().currentRow(), 200U);
    desk.key(Qt::Key_Period);
    desk.key(Qt::Key_Period);
    EXPECT_EQ(desk.table().currentRow(), 399U) << "there is none below";
    desk.key(Qt::Key_Comma);
    desk.key(Qt::Key_Comma);
    EXPECT_EQ(desk.table().currentRow(), 20U);
    desk.window.events().setOnlyMarked(true);
    EXPECT_EQ(desk.table().rowCount(), 3U);
    EXPECT_FALSE(desk.window.filterBox().chipText(QStringLiteral("marked")).isEmpty());
    EXPECT_EQ(desk.table().currentRow(), 20U) << "the row that is read stays";
    desk.log().marks().clear();
    EXPECT_TRUE(QTest::qWaitFor([this] { return desk.table().rowCount() == 0; }));
    const auto* overlay = desk.table().viewport()->findChild<ui::StateOverlay*>();
    EXPECT_TRUE(QTest::qWaitFor([&] { return overlay->headline() == QStringLiteral("No marked events"); }))
        << overlay->headline().toStdString();
    desk.window.events().setOnlyMarked(false);
    EXPECT_EQ(desk.table().rowCount(), 400U);
}

TEST_F(CaptureWindowTest, SavesWhatThereIsAndOpensItElsewhereAsItWas)
{
    desk.table().addFieldColumn(QStringLiteral("data.orderId"));
    desk.log().marks().set(7, "look");
    desk.window.filterBox().named().save(QStringLiteral("placed"), QStringLiteral("type = 'OrderPlaced'"));
    desk.window.filterBox().apply(QStringLiteral("type != 'Nothing'"));
    desk.window.settings().setColours({{QStringLiteral("all"), QStringLiteral("TRUE"), models::RowColour::Teal, true}});
    ASSERT_TRUE(QTest::qWaitFor([this] { return desk.table().rowCount() == 400; }));
    ui::ExportDialog* dialog = desk.window.showExport();
    QSignalSpy written(dialog, &ui::ExportDialog::written);
    dialog->setPath(file("all.eventscope"));
    dialog->start();
    ASSERT_TRUE(written.count() == 1 || written.wait());

    Desk other(theme);
    other.drop(file("all.eventscope"));
    ASSERT_TRUE(QTest::qWaitFor([&] { return other.table().rowCount() == 400; }, 20'000));
    ASSERT_TRUE(QTest::qWaitFor([&] { return !other.window.filterBox().appliedText().isEmpty(); }, 20'000));
    EXPECT_EQ(other.window.filterBox().appliedText(), QStringLiteral("type != 'Nothing'"));
    EXPECT_EQ(
        other.window.filterBox().named().textOf(QStringLiteral("placed")), QStringLiteral("type = 'OrderPlaced'"));
    EXPECT_EQ(other.table().columns()[4].field, desk.table().columns()[4].field);
    EXPECT_EQ(other.table().visibleColumns().size(), desk.table().visibleColumns().size());
    EXPECT_EQ(other.window.settings().colours(), desk.window.settings().colours());
    EXPECT_EQ(other.log().marks().note(7), "look");
    EXPECT_EQ(other.log().text(other.log().sourceAt(7)), desk.log().text(desk.log().sourceAt(7)));
}

TEST_F(CaptureWindowTest, OffersHowItWasLookedAtWhereThatWouldChangeOnesOwn)
{
    desk.window.settings().setColours({{QStringLiteral("all"), QStringLiteral("TRUE"), models::RowColour::Teal, true}});
    ui::ExportDialog* dialog = desk.window.showExport();
    QSignalSpy written(dialog, &ui::ExportDialog::written);
    dialog->setPath(file("coloured.eventscope"));
    dialog->start();
    ASSERT_TRUE(written.count() == 1 || written.wait());

    Desk other(theme);
    const models::ColourRule own{
        QStringLiteral("mine"), QStringLiteral("type = 'OrderPlaced'"), models::RowColour::Red, true};
    other.window.settings().setColours({own});
    other.drop(file("coloured.eventscope"));
    const auto offer = [&] { return other.window.events().findChild<ui::LooksOffer*>(); };
    ASSERT_TRUE(QTest::qWaitFor([&] { return offer() != nullptr; }, 20'000));
    EXPECT_EQ(offer()->text(), QStringLiteral("capture was saved with colours."));
    EXPECT_EQ(other.window.settings().colours().size(), 1U) << "only offered";
    offer()->acceptButton()->click();
    ASSERT_EQ(other.window.settings().colours().size(), 2U);
    EXPECT_EQ(other.window.settings().colours().front(), own);
    EXPECT_TRUE(QTest::qWaitFor([&] { return offer() == nullptr; }));
}

TEST_F(CaptureWindowTest, SaysWhatIsWrongWithAFileThatIsNone)
{
    test::writeFile(folder / "a.eventscope", "{}");
    Desk other(theme);
    other.drop(file("a.eventscope"));
    const auto* overlay = other.table().viewport()->findChild<ui::StateOverlay*>();
    EXPECT_TRUE(QTest::qWaitFor([&] { return overlay->sentence().contains(QStringLiteral("is no capture")); }, 20'000))
        << overlay->sentence().toStdString();
}

TEST_F(CaptureWindowTest, ExportsWhatIsShownInTheFormThatIsAskedFor)
{
    desk.window.filterBox().apply(QStringLiteral("type = 'OrderPlaced'"));
    ASSERT_TRUE(
        QTest::qWaitFor([this] { return desk.window.events().verdictIsComplete() && desk.table().rowCount() > 0; }));
    const std::uint64_t shown = desk.table().rowCount();
    ASSERT_LT(shown, 400U);
    ui::ExportDialog* dialog = desk.window.showExport();
    QSignalSpy written(dialog, &ui::ExportDialog::written);
    dialog->setPath(file("orders.eventscope"));
    dialog->setFormat(core::ExportFormat::Csv);
    EXPECT_EQ(dialog->path(), file("orders.csv")) << "the name follows the form";
    test::writeFile(folder / "orders.csv", "old");
    int asked = 0;
    dialog->setMayReplace([&](const QString&, const std::function<void()>& yes) {
        if (++asked == 2) {
            yes();
        }
    });
    dialog->start();
    EXPECT_EQ(test::readFile(folder / "orders.csv"), "old") << "nobody said yes";
    dialog->start();
    ASSERT_TRUE(written.count() == 1 || written.wait());
    const std::string text = test::readFile(folder / "orders.csv");
    EXPECT_EQ(static_cast<std::uint64_t>(std::count(text.begin(), text.end(), '\r')), shown + 1);
}

TEST_F(CaptureWindowTest, StaysOpenWithTheSentenceWhenAFileCannotBeWritten)
{
    ui::ExportDialog* dialog = desk.window.showExport();
    dialog->setPath(QStringLiteral("/no/such/folder/a.eventscope"));
    dialog->start();
    ASSERT_TRUE(QTest::qWaitFor([&] { return !dialog->isRunning(); }));
    EXPECT_TRUE(dialog->isVisible());
    const auto labels = dialog->findChildren<QLabel*>();
    EXPECT_TRUE(std::ranges::any_of(
        labels, [](const QLabel* label) { return label->text().contains(QStringLiteral("/no/such/folder")); }));
    dialog->reject();
    EXPECT_FALSE(dialog->isVisible());
}

TEST_F(CaptureWindowTest, ColoursRowsAsOneEditsTheRules)
{
    const auto* overlay = desk.table().viewport()->findChild<ui::StateOverlay*>();
    EXPECT_TRUE(QTest::qWaitFor([&] { return !overlay->isVisible(); })) << overlay->headline().toStdString();
    desk.window.showColours(QStringLiteral("type = 'OrderPlaced'"));
    auto* dialog = desk.window.findChild<ui::ColourRulesDialog*>();
    ASSERT_NE(dialog, nullptr);
    ASSERT_EQ(desk.window.settings().colours().size(), 1U);
    const auto edits = dialog->findChildren<QLineEdit*>();
    ASSERT_EQ(edits.size(), 2);
    QTest::keyClicks(edits[0], QStringLiteral("orders"));
    EXPECT_EQ(desk.window.settings().colours()[0].name, QStringLiteral("orders"));
    dialog->findChild<QComboBox*>()->setCurrentIndex(6);
    Q_EMIT dialog->findChild<QComboBox*>()->activated(6);
    EXPECT_EQ(desk.window.settings().colours()[0].colour, models::RowColour::Violet);
    edits[1]->selectAll();
    QTest::keyClicks(edits[1], QStringLiteral("type = "));
    const QString sentence = models::judgeFilter(QStringLiteral("type = ")).sentence;
    const auto labels = dialog->findChildren<QLabel*>();
    EXPECT_TRUE(std::ranges::any_of(labels, [&](const QLabel* label) { return label->text() == sentence; }))
        << "what is wrong is said: " << sentence.toStdString();
    desk.window.showColours(QStringLiteral("TRUE"));
    EXPECT_EQ(dialog->findChild<QListWidget*>()->count(), 2);
    EXPECT_EQ(desk.window.settings().colours().size(), 2U);
    const QImage coloured = desk.table().grab().toImage();
    desk.window.settings().setColours({});
    EXPECT_NE(desk.table().grab().toImage(), coloured);
}
