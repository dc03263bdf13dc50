// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connect/check_panel.h"
#include "connect/connect_desk.h"
#include "connect/connect_dialog.h"
#include "connect/password_dialog.h"
#include "connect/profile_form.h"
#include "memory_secrets.h"

#include <QComboBox>
#include <QLineEdit>
#include <QListView>
#include <QMessageBox>
#include <QPushButton>
#include <QSignalSpy>
#include <QTableView>
#include <QTest>
#include <gtest/gtest.h>
#include <vector>

using namespace eventscope;
using Kind = models::TechnologyField::Kind;
using State = core::CheckStage::State;

namespace {

class ConnectTest : public testing::Test {
protected:
    ConnectTest()
    {
        window.resize(900, 700);
        window.show();
        EXPECT_TRUE(QTest::qWaitForWindowExposed(&window));
        desk = new ui::ConnectDesk(
            {.check =
                    [this](const core::SourceUrl& url, const core::CheckReport& report, std::stop_token) {
                        report({"find db", State::Passed, "10.0.0.1"});
                        tried = url;
                        return answer;
                    },
                .open =
                    [this](const models::ConnectionProfile& profile) {
                        opened.push_back(profile);
                        return core::Status();
                    },
                .find = {},
                .wantsPassword = [](const core::SourceUrl& url) { return url.password.empty(); },
                .secrets = &chain},
            &window);
    }

    ui::ConnectDialog& dialog()
    {
        if (!desk->dialog()) {
            desk->showDialog();
            EXPECT_TRUE(QTest::qWaitForWindowExposed(desk->dialog()));
        }
        return *desk->dialog();
    }
    QLineEdit* field(Kind kind) { return qobject_cast<QLineEdit*>(dialog().form()->editorOf(kind)); }
    QPushButton* button(const QString& text, QWidget* in = nullptr)
    {
        for (QPushButton* candidate : (in ? in : &dialog())->findChildren<QPushButton*>()) {
            if (candidate->text().startsWith(text)) {
                return candidate;
            }
        }
        ADD_FAILURE() << "no button " << text.toStdString();
        return nullptr;
    }
    void click(const QString& text, QWidget* in = nullptr) { QTest::mouseClick(button(text, in), Qt::LeftButton); }
    void fillPostgres()
    {
        QTest::keyClicks(field(Kind::Hosts), QStringLiteral("db.example"));
        QTest::keyClicks(field(Kind::Database), QStringLiteral("orders"));
        QTest::keyClicks(field(Kind::User), QStringLiteral("anna"));
        QTest::keyClicks(field(Kind::Password), QStringLiteral("canary"));
    }
    template <class Dialog>
    Dialog* shown()
    {
        Dialog* found = nullptr;
        EXPECT_TRUE(QTest::qWaitFor([&] {
            for (Dialog* candidate : window.findChildren<Dialog*>()) {
                found = candidate->isVisible() ? candidate : found;
            }
            return found != nullptr;
        }));
        return found;
    }

    test::MemorySecrets chain;
    core::Status answer;
    core::SourceUrl tried;
    std::vector<models::ConnectionProfile> opened;
    QWidget window;
    ui::ConnectDesk* desk = nullptr;
};

} // namespace

TEST_F(ConnectTest, NamesWhatHasToBeFilledInFirst)
{
    EXPECT_FALSE(button(QStringLiteral("Test"))->isEnabled());
    EXPECT_FALSE(button(QStringLiteral("Connect"))->isEnabled());
    fillPostgres();
    EXPECT_TRUE(button(QStringLiteral("Test"))->isEnabled());
    EXPECT_EQ(dialog().form()->urlEdit()->text(), QStringLiteral("postgres://anna@db.example:5432/orders"));
    EXPECT_EQ(dialog().form()->profile().url.password, "canary");
}

TEST_F(ConnectTest, SaysWhyATestFailedAndThenThatItWorks)
{
    fillPostgres();
    answer = core::fail(core::ErrorCode::Refused, "The password for anna is wrong.");
    click(QStringLiteral("Test"));
    ASSERT_TRUE(QTest::qWaitFor([&] { return !dialog().checkPanel()->verdict().isEmpty(); }));
    ASSERT_TRUE(QTest::qWaitFor(
        [&] { return dialog().checkPanel()->verdict() == QStringLiteral("The password for anna is wrong."); }));
    EXPECT_EQ(tried.password, "canary");
    answer = {};
    click(QStringLiteral("Test"));
    ASSERT_TRUE(QTest::qWaitFor([&] { return dialog().checkPanel()->verdict() == QStringLiteral("It works."); }));
}

TEST_F(ConnectTest, SavesWithThePasswordInTheKeyChainAlone)
{
    QTest::keyClicks(dialog().form()->nameEdit(), QStringLiteral("orders@prod"));
    fillPostgres();
    click(QStringLiteral("Save"));
    ASSERT_EQ(desk->profiles().profiles().size(), 1U);
    const models::ConnectionProfile& saved = desk->profiles().profiles().front();
    EXPECT_EQ(saved.name, QStringLiteral("orders@prod"));
    EXPECT_TRUE(saved.url.password.empty());
    ASSERT_TRUE(QTest::qWaitFor([&] { return chain.kept.size() == 1; }));
    EXPECT_EQ(chain.kept.begin()->first, QStringLiteral("postgres://anna@db.example:5432/orders"));
    EXPECT_EQ(chain.kept.begin()->second, QStringLiteral("canary"));
    EXPECT_FALSE(button(QStringLiteral("Remove"))->isHidden());
    click(QStringLiteral("Save"));
    EXPECT_EQ(desk->profiles().profiles().size(), 1U);
}

TEST_F(ConnectTest, TestsASavedSourceWithItsKeptPassword)
{
    fillPostgres();
    click(QStringLiteral("Save"));
    ASSERT_TRUE(QTest::qWaitFor([&] { return chain.kept.size() == 1; }));
    dialog().beginNew(core::SourceScheme::Kafka);
    dialog().edit(desk->profiles().profiles().front().id);
    EXPECT_TRUE(field(Kind::Password)->text().isEmpty());
    click(QStringLiteral("Test"));
    ASSERT_TRUE(QTest::qWaitFor([&] { return tried.password == "canary"; }));
}

TEST_F(ConnectTest, TakesAWholeUrl)
{
    dialog().form()->urlEdit()->setFocus();
    QTest::keyClicks(dialog().form()->urlEdit(), QStringLiteral("amqps://guest@mq.example/%2Forders?heartbeat=5"));
    EXPECT_EQ(field(Kind::Hosts)->text(), QStringLiteral("mq.example:5671"));
    EXPECT_EQ(field(Kind::Database)->text(), QStringLiteral("/orders"));
    EXPECT_EQ(dialog().form()->profile().url.option("heartbeat"), "5");
    EXPECT_EQ(dialog().form()->optionRows()->model()->rowCount(), 2);
    dialog().form()->urlEdit()->clear();
    QTest::keyClicks(dialog().form()->urlEdit(), QStringLiteral("nonsense:x"));
    EXPECT_FALSE(dialog().form()->problem().isEmpty());
    EXPECT_FALSE(button(QStringLiteral("Connect"))->isEnabled());
}

TEST_F(ConnectTest, WalksThroughTheTechnologiesByKeyboard)
{
    dialog().choices()->setFocus();
    QTest::keyClick(dialog().choices(), Qt::Key_Down);
    EXPECT_EQ(dialog().form()->profile().url.scheme, core::SourceScheme::Kafka);
    QTest::keyClick(dialog().choices(), Qt::Key_Down);
    EXPECT_EQ(dialog().form()->profile().url.scheme, core::SourceScheme::Amqp);
    QTest::keyClick(dialog().choices(), Qt::Key_End);
    EXPECT_EQ(dialog().form()->profile().url.scheme, core::SourceScheme::Demo);
    EXPECT_TRUE(button(QStringLiteral("Connect"))->isEnabled());
    QTest::mouseClick(button(QStringLiteral("Connect")), Qt::LeftButton);
    ASSERT_EQ(opened.size(), 1U);
    EXPECT_EQ(opened.front().url.scheme, core::SourceScheme::Demo);
}

TEST_F(ConnectTest, OpensASavedSourceWithTheKeptPassword)
{
    models::ConnectionProfile profile;
    profile.url = core::parseSourceUrl("postgres://anna@db/orders").value();
    const QString id = desk->profiles().put(profile);
    chain.kept[QStringLiteral("postgres://anna@db:5432/orders")] = QStringLiteral("kept");
    desk->connectToSaved(id);
    ASSERT_TRUE(QTest::qWaitFor([&] { return opened.size() == 1; }));
    EXPECT_EQ(opened.front().url.password, "kept");
}

TEST_F(ConnectTest, AsksForAPasswordThatNobodyKeeps)
{
    chain.there = false;
    models::ConnectionProfile profile;
    profile.url = core::parseSourceUrl("amqp://anna@mq").value();
    desk->connectTo(profile);
    auto* ask = shown<ui::PasswordDialog>();
    ASSERT_NE(ask, nullptr);
    EXPECT_FALSE(ask->keepsIt());
    QTest::keyClicks(ask->findChild<QLineEdit*>(), QStringLiteral("typed"));
    QTest::keyClick(ask, Qt::Key_Return);
    ASSERT_TRUE(QTest::qWaitFor([&] { return opened.size() == 1; }));
    EXPECT_EQ(opened.front().url.password, "typed");
    EXPECT_TRUE(chain.kept.empty());
}

TEST_F(ConnectTest, SaysThatASourceIsNotOpenWhenItsPasswordWasNotGiven)
{
    chain.there = false;
    QString sentence;
    QObject::connect(desk, &ui::ConnectDesk::said, [&](const QString& said) { sentence = said; });
    models::ConnectionProfile profile;
    profile.url = core::parseSourceUrl("amqp://anna@mq").value();
    desk->connectTo(profile);
    auto* ask = shown<ui::PasswordDialog>();
    ASSERT_NE(ask, nullptr);
    QTest::keyClick(ask, Qt::Key_Escape);
    ASSERT_TRUE(QTest::qWaitFor([&] { return !sentence.isEmpty(); }));
    EXPECT_TRUE(sentence.contains(QStringLiteral("its password was not given"))) << sentence.toStdString();
    EXPECT_TRUE(opened.empty());
}

TEST_F(ConnectTest, RemovesASavedSourceAndItsPasswordWhenTold)
{
    fillPostgres();
    click(QStringLiteral("Save"));
    ASSERT_TRUE(QTest::qWaitFor([&] { return chain.kept.size() == 1; }));
    click(QStringLiteral("Remove"));
    auto* box = shown<QMessageBox>();
    ASSERT_NE(box, nullptr);
    EXPECT_EQ(desk->profiles().profiles().size(), 1U);
    click(QStringLiteral("Remove"), box);
    EXPECT_TRUE(desk->profiles().profiles().empty());
    ASSERT_TRUE(QTest::qWaitFor([&] { return chain.kept.empty(); }));
}
