// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connection_checker.h"

#include <QSignalSpy>
#include <QTest>
#include <condition_variable>
#include <gtest/gtest.h>
#include <mutex>

using namespace eventscope;
using State = core::CheckStage::State;

TEST(ConnectionChecker, ReportsTheStagesAndTheSentenceOfTheFirstThatFailed)
{
    models::ConnectionChecker checker([](const core::SourceUrl&, const core::CheckReport& report, std::stop_token) {
        report({"find db", State::Running, {}});
        report({"find db", State::Passed, "127.0.0.1"});
        report({"sign in", State::Running, {}});
        report({"sign in", State::Failed, "The password is wrong."});
        return core::fail(core::ErrorCode::Refused, "The password is wrong.");
    });
    QSignalSpy finished(&checker, &models::ConnectionChecker::finished);
    checker.start(core::SourceUrl{});
    EXPECT_TRUE(checker.isRunning());
    ASSERT_TRUE(finished.wait());
    EXPECT_FALSE(checker.isRunning());
    EXPECT_FALSE(finished[0][0].toBool());
    EXPECT_EQ(finished[0][1].toString(), QStringLiteral("The password is wrong."));
    ASSERT_EQ(checker.stages().size(), 2U);
    EXPECT_EQ(checker.stages()[0].state, State::Passed);
    EXPECT_EQ(checker.stages()[1].state, State::Failed);
}

TEST(ConnectionChecker, StopsAtOnceWhateverTheServerDoes)
{
    std::mutex mutex;
    std::condition_variable_any changed;
    bool began = false, letGo = false;
    models::ConnectionChecker checker(
        [&](const core::SourceUrl& url, const core::CheckReport& report, std::stop_token) {
            if (url.scheme == core::SourceScheme::Demo) {
                return core::Status();
            }
            report({"find db", State::Running, {}});
            std::unique_lock lock(mutex);
            began = true;
            changed.notify_all();
            changed.wait(lock, [&] { return letGo; }); // deaf, like a name server
            report({"find db", State::Passed, {}});
            return core::Status();
        });
    QSignalSpy finished(&checker, &models::ConnectionChecker::finished);
    checker.start(core::parseSourceUrl("postgres://h/db").value());
    {
        std::unique_lock lock(mutex);
        changed.wait(lock, [&] { return began; });
    }
    ASSERT_TRUE(QTest::qWaitFor([&] { return !checker.stages().empty(); }));
    checker.cancel();
    ASSERT_EQ(finished.size(), 1);
    EXPECT_FALSE(checker.isRunning());
    EXPECT_EQ(checker.stages().front().state, State::Failed);
    checker.start(core::SourceUrl{});
    ASSERT_TRUE(finished.wait());
    EXPECT_TRUE(finished[1][0].toBool());
    {
        const std::scoped_lock lock(mutex);
        letGo = true;
    }
    changed.notify_all();
}
