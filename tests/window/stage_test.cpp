// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The demo as a stage: what its controls cause is seen in the views.
#include "dead_letters/dead_letters_page.h"
#include "demo/demo_system.h"
#include "demo_window.h"
#include "main_window/status_line.h"
#include "sagas/sagas_page.h"
#include "sagas/status_figure.h"

#include <QAbstractButton>
#include <QAction>
#include <QDoubleSpinBox>
#include <QMenu>
#include <QSpinBox>
#include <QTableView>
#include <QTest>

using namespace eventscope;

namespace {

class Stage : public test::DemoWindow {
protected:
    /// A shop where nothing goes wrong by itself.
    void openQuietShop()
    {
        open({QStringLiteral("demo:?seed=7&failures=0")});
        EXPECT_TRUE(waitFor([&] { return live().demo() != nullptr && countOf("SagaCompleted") > 0; }));
    }
    std::size_t sagas(core::SagaStatus status) { return page<ui::SagasPage>().figure(status).count(); }
};

} // namespace

TEST_F(Stage, DeclinesAPaymentWhoseSagaThenCompensates)
{
    openQuietShop();
    EXPECT_EQ(countOf("PaymentDeclined"), 0U);
    click(button(QStringLiteral("Decline a payment")));
    EXPECT_TRUE(window().findChild<ui::StatusLine*>()->text().contains(QStringLiteral("card will be declined")));
    ASSERT_TRUE(waitFor([&] { return countOf("PaymentDeclined") == 1; }));
    EXPECT_TRUE(waitFor([&] { return sagas(core::SagaStatus::Compensated) == 1; }));
}

TEST_F(Stage, PoisonsAnEventThatEndsAsADeadLetter)
{
    openQuietShop();
    EXPECT_EQ(page<ui::DeadLettersPage>().badge(), 0);
    click(button(QStringLiteral("Poison an event")));
    EXPECT_TRUE(waitFor([&] { return page<ui::DeadLettersPage>().badge() == 1; }));
}

TEST_F(Stage, CrashesAWorkerWhoseSagaIsTakenUpAgain)
{
    openQuietShop();
    click(button(QStringLiteral("Crash a worker")));
    ASSERT_TRUE(waitFor([&] { return live().demo()->figures().sagas.crashes == 1; }));
    bringToRest();
    const auto ended = live().demo()->figures().orders;
    EXPECT_TRUE(waitFor([&] { return sagas(core::SagaStatus::Completed) == ended; }))
        << sagas(core::SagaStatus::Completed) << " of " << ended;
}

TEST_F(Stage, BurstsWithViewEvents)
{
    openQuietShop();
    click(button(QStringLiteral("Burst of views")));
    EXPECT_TRUE(waitFor([&] { return countOf("VideoViewStarted") > 1000; }));
}

TEST_F(Stage, TakesItsRateAndItsFailuresFromTheKeyboard)
{
    openQuietShop();
    const auto enter = [&](QAbstractSpinBox* box, const QString& text) {
        box->setFocus();
        key(Qt::Key_A, Qt::ControlModifier);
        type(text);
        key(Qt::Key_Return);
    };
    const auto* bar = window().findChild<QWidget*>(QStringLiteral("demoStage"));
    enter(bar->findChild<QSpinBox*>(), QStringLiteral("100"));
    EXPECT_DOUBLE_EQ(live().demo()->failureShare(), 1);
    enter(bar->findChild<QDoubleSpinBox*>(), QLocale().toString(40.5));
    EXPECT_DOUBLE_EQ(live().demo()->rate(), 40.5);
    EXPECT_TRUE(waitFor([&] { return countOf("SagaStepFailed") > 0; }));
}

TEST_F(Stage, LetsSomebodyFreeASagaThatIsStuck)
{
    open();
    auto& page = this->page<ui::SagasPage>();
    ASSERT_TRUE(waitFor([&] { return countOf("SagaStuck") > 0; }));
    key(Qt::Key_4, Qt::ControlModifier);
    ASSERT_EQ(window().currentPage(), &page);
    key(Qt::Key_6, Qt::AltModifier);
    auto* table = page.findChild<QTableView*>(QStringLiteral("sagas"));
    ASSERT_TRUE(waitFor([&] { return table->model()->rowCount() > 0; }));
    click(table->viewport(), table->visualRect(table->model()->index(0, 0)).center());
    ASSERT_TRUE(page.current());
    const std::string saga = page.current()->state.id();
    auto* retry = button(QStringLiteral("Retry step"));
    ASSERT_NE(retry, nullptr);
    EXPECT_FALSE(retry->isEnabled()) << "the source is read-only";

    click(button(QStringLiteral("read-only")));
    QMenu* menu = nullptr;
    ASSERT_TRUE(waitFor([&] { return (menu = qobject_cast<QMenu*>(QApplication::activePopupWidget())) != nullptr; }));
    menu->setActiveAction(menu->actions().front());
    QTest::keyClick(menu, Qt::Key_Return);
    click(retry);
    EXPECT_TRUE(waitFor([&] {
        return page.current() && page.current()->state.id() == saga
            && page.current()->state.status() == core::SagaStatus::Compensated;
    }));
}
