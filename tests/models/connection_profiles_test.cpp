// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connection_profiles_model.h"
#include "memory_secrets.h"
#include "option_rows_model.h"
#include "secret_keeper.h"
#include "source_choices_model.h"
#include "technology_fields.h"

#include <QAbstractItemModelTester>
#include <QFile>
#include <QSettings>
#include <QTemporaryDir>
#include <QTest>
#include <gtest/gtest.h>
#include <optional>

using namespace eventscope;
using models::ConnectionProfile;
using Tester = QAbstractItemModelTester;

namespace {

ConnectionProfile profileOf(const char* url, const char* name = "")
{
    ConnectionProfile profile;
    profile.url = core::parseSourceUrl(url).value();
    profile.name = QString::fromUtf8(name);
    return profile;
}

const models::TechnologyField& fieldOf(core::SourceScheme scheme, models::TechnologyField::Kind kind)
{
    for (const models::TechnologyField& field : models::fieldsOf(scheme)) {
        if (field.kind == kind) {
            return field;
        }
    }
    throw std::logic_error("no such field");
}

} // namespace

TEST(ConnectionProfiles, AreKeptByNameAndFoundById)
{
    models::ConnectionProfilesModel model;
    const Tester tester(&model, Tester::FailureReportingMode::Fatal);
    const QString shop = model.put(profileOf("postgres://anna@db/shop", "shop"));
    const QString mail = model.put(profileOf("amqp://guest@mq", "Mail"));
    ASSERT_EQ(model.rowCount(), 2);
    EXPECT_EQ(model.index(0).data().toString(), QStringLiteral("Mail"));
    ConnectionProfile renamed = model.find(shop).value();
    renamed.name = QStringLiteral("a shop");
    EXPECT_EQ(model.put(renamed), shop);
    ASSERT_EQ(model.rowCount(), 2);
    EXPECT_EQ(model.index(0).data().toString(), QStringLiteral("a shop"));
    model.remove(mail);
    EXPECT_FALSE(model.find(mail));
    EXPECT_EQ(model.rowCount(), 1);
}

TEST(ConnectionProfiles, WriteNoSecretToTheSettings)
{
    const QTemporaryDir folder;
    const QString file = folder.filePath(QStringLiteral("settings.ini"));
    models::ConnectionProfilesModel model;
    ConnectionProfile secret = profileOf("kafka://anna:canary@h?sasl.password=canary&acks=all", "orders@prod");
    secret.production = true;
    secret.colour = QStringLiteral("#c0392b");
    const QString id = model.put(secret);
    EXPECT_TRUE(model.find(id)->url.password.empty());
    {
        QSettings settings(file, QSettings::IniFormat);
        model.save(settings);
    }
    QFile written(file);
    ASSERT_TRUE(written.open(QIODevice::ReadOnly));
    EXPECT_FALSE(written.readAll().contains("canary"));

    QSettings settings(file, QSettings::IniFormat);
    models::ConnectionProfilesModel again;
    const Tester tester(&again, Tester::FailureReportingMode::Fatal);
    again.load(settings);
    ASSERT_EQ(again.profiles(), model.profiles());
    EXPECT_EQ(again.profiles().front().secretOptions, QStringList(QStringLiteral("sasl.password")));
    EXPECT_TRUE(models::lacksSecrets(again.profiles().front()));
}

TEST(ConnectionProfiles, AreNamedAfterTheirUrlUntilSomebodyNamesThem)
{
    EXPECT_EQ(models::shownName(profileOf("postgres://anna@db.example/orders")), QStringLiteral("orders@db.example"));
    EXPECT_EQ(models::shownName(profileOf("kafka://a,b")), QStringLiteral("kafka@a"));
    EXPECT_EQ(models::shownName(profileOf("sqlite:/tmp/shop.old.db")), QStringLiteral("shop.old"));
    EXPECT_EQ(models::shownName(profileOf("demo:", " mine ")), QStringLiteral("mine"));
}

TEST(ConnectionProfiles, FindTheirSecretsInTheKeyChain)
{
    test::MemorySecrets chain;
    QObject context;
    ConnectionProfile full = profileOf("kafka://anna:pass@h?sasl.password=other");
    std::optional<core::Status> written;
    models::keepSecrets(full, &chain, &context, [&](core::Status status) { written = status; });
    ASSERT_TRUE(QTest::qWaitFor([&] { return written.has_value(); }));
    EXPECT_TRUE(*written);
    EXPECT_EQ(chain.kept.size(), 2U);

    std::optional<ConnectionProfile> filled;
    models::fillSecrets(
        models::withoutSecrets(full), &chain, &context, [&](ConnectionProfile profile, core::Status read) {
            filled = profile;
            EXPECT_TRUE(read);
        });
    ASSERT_TRUE(QTest::qWaitFor([&] { return filled.has_value(); }));
    EXPECT_EQ(filled->url, full.url);
    EXPECT_FALSE(models::lacksSecrets(*filled));
}

TEST(ConnectionProfiles, GoWithoutAKeyChain)
{
    test::MemorySecrets chain;
    chain.there = false;
    QObject context;
    const ConnectionProfile full = profileOf("postgres://anna:pass@h/db");
    std::optional<core::Status> written;
    models::keepSecrets(full, &chain, &context, [&](core::Status status) { written = status; });
    ASSERT_TRUE(QTest::qWaitFor([&] { return written.has_value(); }));
    EXPECT_FALSE(*written);
    std::optional<ConnectionProfile> filled;
    models::fillSecrets(
        models::withoutSecrets(full), &chain, &context, [&](ConnectionProfile profile, core::Status read) {
            filled = profile;
            EXPECT_EQ(read.error().code, core::ErrorCode::Unsupported);
        });
    ASSERT_TRUE(QTest::qWaitFor([&] { return filled.has_value(); }));
    EXPECT_TRUE(models::lacksSecrets(*filled));
}

TEST(TechnologyFields, ReadAndWriteThePartsOfAUrl)
{
    using Kind = models::TechnologyField::Kind;
    core::SourceUrl url = models::emptyUrl(core::SourceScheme::Amqp);
    const auto set = [&](Kind kind, const QString& text) {
        return models::setFieldText(url, fieldOf(core::SourceScheme::Amqp, kind), text);
    };
    ASSERT_TRUE(set(Kind::Hosts, QStringLiteral("mq.example, [::1]:1")));
    ASSERT_TRUE(set(Kind::User, QStringLiteral("anna")));
    ASSERT_TRUE(set(Kind::Password, QStringLiteral(" p@ss ")));
    ASSERT_TRUE(set(Kind::Tls, QStringLiteral("1")));
    ASSERT_TRUE(set(Kind::File, QStringLiteral("/etc/ca.pem")));
    EXPECT_EQ(url.text(), "amqps://anna:%20p%40ss%20@mq.example:5671,[::1]:1?cacert=/etc/ca.pem");
    EXPECT_EQ(core::parseSourceUrl(url.text()).value(), url);
    EXPECT_FALSE(set(Kind::Hosts, QStringLiteral("mq:port")));
    EXPECT_FALSE(set(Kind::Hosts, QStringLiteral("amqp://u:p@mq")));
    EXPECT_EQ(url.hosts.size(), 2U);
    ASSERT_TRUE(set(Kind::File, {}));
    EXPECT_TRUE(url.options.empty());
}

TEST(TechnologyFields, LeaveTheOptionsTheyDoNotKnowToTheRows)
{
    core::SourceUrl url = core::parseSourceUrl("postgres://h/db?sslmode=require&application_name=x").value();
    const auto further = models::furtherOptions(url);
    ASSERT_EQ(further.size(), 1U);
    EXPECT_EQ(further.front().first, "application_name");
    models::setFurtherOptions(url, {{"connect_timeout", "3"}});
    EXPECT_EQ(url.text(), "postgres://h:5432/db?sslmode=require&connect_timeout=3");
}

TEST(OptionRows, GrowByTheEmptyRowAtTheirEnd)
{
    models::OptionRowsModel rows;
    const Tester tester(&rows, Tester::FailureReportingMode::Fatal);
    rows.setOptions({{"acks", "all"}});
    ASSERT_EQ(rows.rowCount(), 2);
    ASSERT_TRUE(rows.setData(rows.index(1, 0), QStringLiteral("sasl.password")));
    ASSERT_TRUE(rows.setData(rows.index(1, 1), QStringLiteral("canary")));
    EXPECT_EQ(rows.rowCount(), 3);
    EXPECT_EQ(rows.index(1, 1).data().toString(), QStringLiteral("••••••"));
    EXPECT_EQ(rows.options(), (std::vector<core::SourceUrl::Option>{{"acks", "all"}, {"sasl.password", "canary"}}));
    EXPECT_FALSE(rows.setData(rows.index(2, 0), QString()));
    EXPECT_TRUE(rows.removeRows(0, 1));
    EXPECT_FALSE(rows.removeRows(1, 1));
    EXPECT_EQ(rows.rowCount(), 2);
}

TEST(SourceChoices, StandUnderHeadings)
{
    models::ConnectionProfilesModel profiles;
    models::SourceChoicesModel choices(profiles);
    const Tester tester(&choices, Tester::FailureReportingMode::Fatal);
    EXPECT_EQ(choices.rowCount(), 7); // a heading and six technologies
    const QString id = profiles.put(profileOf("postgres://anna@db/shop", "shop"));
    choices.setFound({{core::parseSourceUrl("kafka://localhost").value(), "something listens on port 9092"}});
    ASSERT_EQ(choices.rowCount(), 11);
    EXPECT_EQ(choices.savedIndex(id).row(), 1);
    EXPECT_EQ(choices.index(0).flags(), Qt::NoItemFlags);
    EXPECT_EQ(choices.index(3).data().toString(), QStringLiteral("kafka@localhost"));
    EXPECT_EQ(choices.profileAt(choices.newIndex(core::SourceScheme::Amqp)).url.scheme, core::SourceScheme::Amqp);
    profiles.remove(id);
    EXPECT_FALSE(choices.savedIndex(id).isValid());
}
