// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What the window remembers, and what it opens on.
#include "demo_window.h"
#include "event_table/event_table.h"
#include "events/events_page.h"
#include "replay/replay_page.h"
#include "shell/filter_box.h"
#include "shell/state_overlay.h"
#include "sources/sources_view.h"
#include "sourcing/sqlite_database.h"
#include "sourcing/sqlite_event_store.h"
#include "window/staged_state.h"

#include <QAbstractButton>
#include <QDockWidget>
#include <QHeaderView>
#include <QTest>
#include <QTreeView>

using namespace eventscope;

namespace {

class WindowState : public test::DemoWindow {
protected:
    QDockWidget& dock(const char* name) { return *window().findChild<QDockWidget*>(QLatin1String(name)); }
    void close(QDockWidget& dock)
    {
        auto* button = dock.findChild<QAbstractButton*>(QStringLiteral("qt_dockwidget_closebutton"));
        ASSERT_NE(button, nullptr);
        click(button);
    }
};

} // namespace

TEST_F(WindowState, TakesAPaneOutAndPutsItBack)
{
    open();
    QDockWidget& sources = dock("sources");
    EXPECT_TRUE(sources.features() & QDockWidget::DockWidgetMovable);
    EXPECT_EQ(sources.allowedAreas(), Qt::AllDockWidgetAreas);
    auto* button = sources.findChild<QAbstractButton*>(QStringLiteral("qt_dockwidget_floatbutton"));
    ASSERT_NE(button, nullptr);
    click(button);
    EXPECT_TRUE(sources.isFloating());
    command(QStringLiteral("Usual layout"));
    EXPECT_FALSE(sources.isFloating());
}

TEST_F(WindowState, IsFoundAgainAsItWasLeft)
{
    open({}, true);
    window().resize(1111, 777);
    window().addDockWidget(Qt::RightDockWidgetArea, &dock("sources"));
    close(dock("event"));
    EXPECT_FALSE(dock("event").isVisible());
    window().events().table()->header()->resizeSection(0, 201);
    filter(QStringLiteral("type = 'OrderPlaced'"));
    key(Qt::Key_U, Qt::ControlModifier);
    const bool utc = window().settings().isUtc();
    window().close();

    open({}, true);
    EXPECT_EQ(window().size(), QSize(1111, 777));
    EXPECT_EQ(window().dockWidgetArea(&dock("sources")), Qt::RightDockWidgetArea);
    EXPECT_FALSE(dock("event").isVisible());
    // Widths are kept in characters, whatever the size of the font.
    EXPECT_NEAR(window().events().table()->header()->sectionSize(0), 201, 10);
    EXPECT_EQ(window().filterBox().history().value(0), QStringLiteral("type = 'OrderPlaced'"));
    EXPECT_FALSE(window().events().isFiltered()) << "what is seen first is not narrowed";
    EXPECT_EQ(window().settings().isUtc(), utc);
}

TEST_F(WindowState, ShowsTheEventPaneWhereEventsAreChosenOrWanted)
{
    open({}, true);
    EXPECT_TRUE(dock("event").isVisible());
    key(Qt::Key_2, Qt::ControlModifier);
    ASSERT_EQ(window().currentPage(), &page<ui::ReplayPage>());
    EXPECT_FALSE(dock("event").isVisible());
    dock("event").toggleViewAction()->trigger();
    EXPECT_TRUE(dock("event").isVisible());
    key(Qt::Key_1, Qt::ControlModifier);
    EXPECT_TRUE(dock("event").isVisible());
    close(dock("event"));
    key(Qt::Key_2, Qt::ControlModifier);
    EXPECT_TRUE(dock("event").isVisible());
    window().close();

    open({}, true);
    EXPECT_FALSE(dock("event").isVisible());
    key(Qt::Key_2, Qt::ControlModifier);
    EXPECT_TRUE(dock("event").isVisible());
}

TEST_F(WindowState, OpensAStoreBesideTheDemo)
{
    const auto store = app::StagedState::make("empty");
    ASSERT_TRUE(store);
    const QString url = QStringLiteral("sqlite:") + QString::fromStdString((*store)->sources().front().path);
    open({QStringLiteral("demo:?seed=7"), url});
    const QAbstractItemModel& model = *window().sources().tree()->model();
    ASSERT_TRUE(waitFor([&] { return model.rowCount() == 2; }));
    EXPECT_EQ(model.index(0, 0).data().toString(), QStringLiteral("demo"));
    EXPECT_EQ(model.index(1, 0).data().toString(), QStringLiteral("orders"));
    EXPECT_TRUE(waitFor([&] { return log().size() > 0; }));
}

TEST_F(WindowState, SaysInEveryViewWhyThereIsNothingToSee)
{
    for (const char* name : {"empty", "error"}) {
        const auto state = app::StagedState::make(name);
        ASSERT_TRUE(state);
        open({QStringLiteral("sqlite:") + QString::fromStdString((*state)->sources().front().path)});
        for (ui::Page* each : window().pages()) {
            window().setCurrentPage(each);
            EXPECT_TRUE(waitFor([&] {
                const auto overlays = each->findChildren<ui::StateOverlay*>();
                return std::ranges::any_of(overlays, [](const ui::StateOverlay* overlay) {
                    return overlay->isVisible() && !overlay->headline().isEmpty() && !overlay->sentence().isEmpty();
                });
            })) << name
                << each->title().toStdString();
        }
    }
}
