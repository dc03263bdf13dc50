// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/source_url.h"
#include "event/clock.h"
#include "main_window/main_window.h"
#include "scaled_clock.h"
#include "temp_dir.h"
#include "theme/theme.h"
#include "window/live_window.h"

#include <QPoint>
#include <QString>
#include <functional>
#include <gtest/gtest.h>
#include <memory>

class QAbstractButton;
class QListView;

namespace eventscope::test {

/// The program's own window on its own demo, told from a fixed seed and a few times as fast as it
/// happens. The journal and the settings are the test's. What it does, it does as people do: with
/// keys and clicks.
class DemoWindow : public testing::Test {
protected:
    static constexpr std::uint64_t kSeed = 7;
    static constexpr int kHaste = 4;
    static constexpr int kPatience = 60'000; // ms; machines that build are slow

    DemoWindow();
    ~DemoWindow() override;

    /// A new window, after the one before has gone. Without sources: the demo.
    void open(const std::vector<QString>& urls = {}, bool keepState = false);

    ui::MainWindow& window() { return m_live->window(); }
    core::EventLog& log() { return m_live->workspace().log(); }
    app::LiveWindow& live() { return *m_live; }
    core::Clock& clock() { return m_clock; }

    /// The window's page of that class.
    template <class P>
    P& page()
    {
        for (ui::Page* each : window().pages()) {
            if (auto* found = qobject_cast<P*>(each)) {
                return *found;
            }
        }
        throw std::logic_error("the window has no such page");
    }

    static bool waitFor(const std::function<bool()>& condition);

    // What people do.
    void key(int key, Qt::KeyboardModifiers modifiers = {}); ///< to whatever has the keyboard
    void type(const QString& text);
    void filter(const QString& expression); ///< Ctrl+F, the text, Return
    void command(const QString& name);      ///< Ctrl+K, the name, Return
    void click(QWidget* where, const QPoint& at, Qt::MouseButton button = Qt::LeftButton);
    void click(QAbstractButton* button);
    /// The visible button with that object name or beginning of its text.
    QAbstractButton* button(const QString& name);
    /// Presses the button of that text in the next dialog that opens.
    static void answerNextDialog(const QString& buttonText);

    /// Lets no more customers in and waits until the demo rests and everything is in the log.
    void bringToRest();
    std::uint64_t countOf(std::string_view type, std::string_view stream = {});

private:
    /// Without a window manager nobody makes the window active again when a popup has closed.
    void reactivate();

    TempDir m_folder;
    ScaledClock m_clock{core::SystemClock().now(), kHaste};
    ui::Theme m_theme;
    std::unique_ptr<app::LiveWindow> m_live;
};

} // namespace eventscope::test
