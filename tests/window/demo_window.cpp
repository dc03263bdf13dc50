// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo_window.h"

#include "demo/demo_system.h"
#include "main_window/command_palette.h"
#include "shell/filter_box.h"

#include <QAbstractButton>
#include <QApplication>
#include <QLineEdit>
#include <QMessageBox>
#include <QSettings>
#include <QTest>
#include <QTimer>
#include <atomic>
#include <cstdlib>
#include <stdexcept>
#include <thread>

namespace eventscope::test {

DemoWindow::DemoWindow()
{
    setenv("XDG_STATE_HOME", m_folder.path().c_str(), 1);
    QSettings::setPath(
        QSettings::NativeFormat, QSettings::UserScope, QString::fromStdString((m_folder / "settings").string()));
    QCoreApplication::setOrganizationName(QStringLiteral("Eventscope"));
    QCoreApplication::setApplicationName(QStringLiteral("Eventscope"));
    m_theme.apply(ui::Theme::Look::Light);
}

DemoWindow::~DemoWindow() = default;

void DemoWindow::open(const std::vector<QString>& urls, bool keepState)
{
    m_live.reset();
    std::vector<app::SourceUrl> sources;
    for (const QString& url : urls) {
        sources.push_back(app::parseSourceUrl(url.toStdString()).value());
    }
    if (urls.empty()) {
        sources.push_back(app::parseSourceUrl("demo:?seed=" + std::to_string(kSeed)).value());
    }
    m_live = std::make_unique<app::LiveWindow>(
        m_clock, m_theme, sources, app::LiveWindow::Options{.keepState = keepState});
    window().show();
    EXPECT_TRUE(QTest::qWaitForWindowExposed(&window()));
    window().activateWindow();
    EXPECT_TRUE(QTest::qWaitForWindowActive(&window()));
}

bool DemoWindow::waitFor(const std::function<bool()>& condition)
{
    return QTest::qWaitFor(condition, kPatience);
}

void DemoWindow::reactivate()
{
    if (!QApplication::activePopupWidget() && !QApplication::activeModalWidget() && !window().isActiveWindow()) {
        window().activateWindow();
        EXPECT_TRUE(QTest::qWaitForWindowActive(&window()));
    }
}

void DemoWindow::key(int key, Qt::KeyboardModifiers modifiers)
{
    reactivate();
    QWidget* focus = QApplication::focusWidget();
    QTest::keyClick(focus ? focus : &window(), static_cast<Qt::Key>(key), modifiers);
}

void DemoWindow::type(const QString& text)
{
    QTest::keyClicks(QApplication::focusWidget(), text);
}

void DemoWindow::filter(const QString& expression)
{
    key(Qt::Key_F, Qt::ControlModifier);
    ASSERT_EQ(QApplication::focusWidget(), window().filterBox().edit());
    key(Qt::Key_A, Qt::ControlModifier);
    type(expression);
    ASSERT_TRUE(waitFor([&] { return window().filterBox().text() == expression; }));
    key(Qt::Key_Return);
    ASSERT_TRUE(waitFor([&] { return window().filterBox().appliedText() == expression; }));
}

void DemoWindow::command(const QString& name)
{
    key(Qt::Key_K, Qt::ControlModifier);
    auto* palette = window().findChild<ui::CommandPalette*>();
    ASSERT_NE(palette, nullptr);
    auto* edit = palette->findChild<QLineEdit*>();
    QTest::keyClicks(edit, name);
    ASSERT_TRUE(palette->offered().value(0).startsWith(name)) << name.toStdString();
    QTest::keyClick(edit, Qt::Key_Return);
}

void DemoWindow::click(QWidget* where, const QPoint& at, Qt::MouseButton button)
{
    reactivate();
    QTest::mouseClick(where, button, {}, at);
}

void DemoWindow::click(QAbstractButton* button)
{
    ASSERT_NE(button, nullptr);
    ASSERT_TRUE(waitFor([&] { return button->isVisible() && button->isEnabled(); })) << button->text().toStdString();
    reactivate();
    QTest::mouseClick(button, Qt::LeftButton);
}

QAbstractButton* DemoWindow::button(const QString& name)
{
    for (QAbstractButton* each : window().findChildren<QAbstractButton*>()) {
        if (each->isVisible() && (each->objectName() == name || each->text().startsWith(name))) {
            return each;
        }
    }
    ADD_FAILURE() << "no button " << name.toStdString() << " can be seen";
    return nullptr;
}

void DemoWindow::answerNextDialog(const QString& buttonText)
{
    auto* timer = new QTimer(qApp);
    QObject::connect(timer, &QTimer::timeout, timer, [timer, buttonText] {
        const auto* box = qobject_cast<QMessageBox*>(QApplication::activeModalWidget());
        if (!box || !box->isVisible()) {
            return;
        }
        for (QAbstractButton* each : box->buttons()) {
            if (each->text() == buttonText) {
                timer->deleteLater();
                timer->stop();
                QTest::mouseClick(each, Qt::LeftButton);
                return;
            }
        }
    });
    timer->start(10);
}

void DemoWindow::bringToRest()
{
    const std::shared_ptr<app::DemoSystem> demo = live().demo();
    ASSERT_NE(demo, nullptr);
    demo->closeShop();
    std::atomic<bool> rests{false};
    core::Status settled;
    std::jthread waiting([&](const std::stop_token& stop) {
        settled = demo->settle(stop);
        rests = true;
    });
    ASSERT_TRUE(waitFor([&] { return rests.load(); }));
    ASSERT_TRUE(settled) << settled.error().message;
    ASSERT_TRUE(waitFor([&] { return static_cast<std::int64_t>(log().size()) == demo->figures().events; }));
}

std::uint64_t DemoWindow::countOf(std::string_view type, std::string_view stream)
{
    std::uint64_t count = 0;
    for (core::LogRow row = 0; row < log().size(); ++row) {
        const bool inStream = stream.empty() || log().text(log().streamAt(row)) == stream;
        count += inStream && log().text(log().typeAt(row)) == type;
    }
    return count;
}

} // namespace eventscope::test
