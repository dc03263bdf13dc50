// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The whole window without a mouse.
#include "demo_window.h"
#include "event_detail/event_detail.h"
#include "event_table/event_table.h"
#include "events/events_page.h"
#include "main_window/command_palette.h"
#include "shell/filter_box.h"
#include "sources/sources_view.h"

#include <QAbstractButton>
#include <QAbstractItemView>
#include <QAbstractSpinBox>
#include <QAccessible>
#include <QApplication>
#include <QComboBox>
#include <QLineEdit>
#include <QScrollBar>
#include <QSet>
#include <QTest>
#include <QTreeView>

using namespace eventscope;

namespace {

class Keyboard : public test::DemoWindow {
protected:
    Keyboard()
    {
        open();
        EXPECT_TRUE(waitFor([&] { return countOf("SagaCompleted") > 0 && countOf("SagaStepFailed") > 0; }));
        key(Qt::Key_1, Qt::ControlModifier);
    }

    /// What Tab leads to, from here until it comes round again.
    QSet<const QWidget*> tabStops()
    {
        QSet<const QWidget*> stops;
        for (int i = 0; i < 300; ++i) {
            key(Qt::Key_Tab);
            const QWidget* focus = QApplication::focusWidget();
            if (!focus || stops.contains(focus)) {
                break;
            }
            stops.insert(focus);
        }
        return stops;
    }

    /// Widgets of that part that somebody may want to work with, and that Tab must therefore lead to.
    static QList<QWidget*> workedWith(const QWidget* part)
    {
        QList<QWidget*> found;
        for (QWidget* each : part->findChildren<QWidget*>()) {
            const bool isPartOfAnother = qobject_cast<QComboBox*>(each->parentWidget())
                || qobject_cast<QAbstractSpinBox*>(each->parentWidget())
                || qobject_cast<QLineEdit*>(each->parentWidget())
                || (qobject_cast<QAbstractScrollArea*>(each->parentWidget()) && qobject_cast<QAbstractButton*>(each));
            const bool isWorkedWith = qobject_cast<QAbstractButton*>(each) || qobject_cast<QLineEdit*>(each)
                || qobject_cast<QComboBox*>(each) || qobject_cast<QAbstractItemView*>(each)
                || (each->focusPolicy() & Qt::TabFocus);
            if (isWorkedWith && !isPartOfAnother && each->isVisible() && each->isEnabled() && !each->focusProxy()
                && !each->inherits("QHeaderView")) {
                found += each;
            }
        }
        return found;
    }
};

std::string nameOf(const QWidget* widget)
{
    const auto* button = qobject_cast<const QAbstractButton*>(widget);
    return std::string(widget->metaObject()->className()) + ' ' + widget->objectName().toStdString() + ' '
        + widget->accessibleName().toStdString() + ' ' + (button ? button->text().toStdString() : "");
}

} // namespace

TEST_F(Keyboard, ReachesEverythingOfEveryView)
{
    for (std::size_t i = 0; i < window().pages().size(); ++i) {
        ui::Page* page = window().pages()[i];
        key(Qt::Key_1 + static_cast<int>(i), Qt::ControlModifier);
        ASSERT_EQ(window().currentPage(), page);
        EXPECT_TRUE(page->isAncestorOf(QApplication::focusWidget()) || page == QApplication::focusWidget())
            << page->title().toStdString() << " does not take the keyboard";
        page->showExample();
        ASSERT_TRUE(waitFor([&] { return workedWith(page).size() > 1; }));
        const QSet<const QWidget*> stops = tabStops();
        for (const QWidget* each : workedWith(page)) {
            EXPECT_TRUE(stops.contains(each) || !each->isVisible() || !each->isEnabled())
                << page->title().toStdString() << ": " << nameOf(each);
        }
        EXPECT_TRUE(stops.contains(window().filterBox().edit()))
            << page->title().toStdString() << " keeps the keyboard";
        EXPECT_TRUE(stops.contains(window().sources().tree())) << page->title().toStdString();
    }
}

TEST_F(Keyboard, NamesEverythingForThoseWhoDoNotSeeIt)
{
    for (ui::Page* page : window().pages()) {
        window().setCurrentPage(page);
        page->showExample();
        ASSERT_TRUE(waitFor([&] { return workedWith(page).size() > 1; }));
        for (QWidget* each : workedWith(&window())) {
            const QAccessibleInterface* spoken = QAccessible::queryAccessibleInterface(each);
            ASSERT_NE(spoken, nullptr) << nameOf(each);
            EXPECT_FALSE(spoken->text(QAccessible::Name).isEmpty())
                << page->title().toStdString() << ": " << nameOf(each) << " in "
                << each->parentWidget()->metaObject()->className();
        }
    }
}

TEST_F(Keyboard, ShowsWhatHasIt)
{
    for (ui::Page* page : window().pages()) {
        window().setCurrentPage(page);
        page->showExample();
        ASSERT_TRUE(waitFor([&] { return workedWith(page).size() > 1; }));
        bringToRest();
        key(Qt::Key_Tab); // from here on somebody uses the keyboard
        for (QWidget* each : workedWith(page)) {
            if (!each->isVisible() || !each->isEnabled() || qobject_cast<QLineEdit*>(each)) {
                continue; // a line of text shows its cursor
            }
            window().filterBox().edit()->setFocus();
            const QImage without = each->grab().toImage();
            each->setFocus(Qt::TabFocusReason);
            EXPECT_TRUE(each->grab().toImage() != without)
                << page->title().toStdString() << ": " << nameOf(each) << " looks the same with the keyboard";
        }
    }
}

TEST_F(Keyboard, GoesFromPartToPart)
{
    const auto isIn = [](const QWidget* part) { return part->isAncestorOf(QApplication::focusWidget()); };
    key(Qt::Key_F, Qt::ControlModifier);
    EXPECT_TRUE(isIn(&window().filterBox()));
    key(Qt::Key_F6);
    EXPECT_TRUE(isIn(&window().sources()));
    key(Qt::Key_F6);
    EXPECT_EQ(QApplication::focusWidget(), window().events().table());
    key(Qt::Key_Home); // an event, for the detail to show
    key(Qt::Key_F6);
    EXPECT_TRUE(isIn(&window().detail()));
    key(Qt::Key_F6);
    EXPECT_TRUE(isIn(&window().filterBox()));
    key(Qt::Key_F6, Qt::ShiftModifier);
    EXPECT_TRUE(isIn(&window().detail()));
}

TEST_F(Keyboard, ChoosesAStreamAmongTheSources)
{
    key(Qt::Key_F, Qt::ControlModifier);
    key(Qt::Key_F6);
    QTreeView& tree = *window().sources().tree();
    ASSERT_TRUE(waitFor([&] {
        return !tree.model()
                    ->match(tree.model()->index(0, 0), Qt::DisplayRole, QStringLiteral("payment"), 1,
                        Qt::MatchExactly | Qt::MatchRecursive)
                    .isEmpty();
    }));
    key(Qt::Key_Home);
    for (int i = 0; i < 50 && tree.currentIndex().data().toString() != QStringLiteral("payment"); ++i) {
        key(Qt::Key_Down);
    }
    ASSERT_EQ(tree.currentIndex().data().toString(), QStringLiteral("payment"));
    key(Qt::Key_Return);
    ASSERT_TRUE(waitFor([&] { return window().events().isFiltered() && window().events().table()->rowCount() > 0; }));
    const core::LogRow row = window().events().table()->rows()->rowAt(0);
    EXPECT_TRUE(log().text(log().streamAt(row)).starts_with("payment-"));
}

TEST_F(Keyboard, FindsEveryCommandByItsName)
{
    for (const char* name : {"Open a file", "Go to Throughput", "Dark look", "Problem log", "Pause or resume"}) {
        key(Qt::Key_K, Qt::ControlModifier);
        auto* palette = window().findChild<ui::CommandPalette*>();
        ASSERT_NE(palette, nullptr);
        QTest::keyClicks(palette->findChild<QLineEdit*>(), QLatin1String(name));
        ASSERT_FALSE(palette->offered().isEmpty()) << name;
        EXPECT_TRUE(palette->offered().first().startsWith(QLatin1String(name)))
            << palette->offered().first().toStdString();
        QTest::keyClick(palette->findChild<QLineEdit*>(), Qt::Key_Escape);
        ASSERT_TRUE(waitFor([&] { return window().findChild<ui::CommandPalette*>() == nullptr; }));
    }
}
