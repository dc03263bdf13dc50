// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/source_url.h"

#include <gtest/gtest.h>

using namespace eventscope;
using core::parseSourceUrl;
using core::SourceScheme;
using core::SourceUrl;

namespace {

SourceUrl parsed(std::string_view text)
{
    auto url = parseSourceUrl(text);
    EXPECT_TRUE(url) << text << ": " << (url ? "" : url.error().message);
    return url.value_or(SourceUrl{});
}

std::string refusal(std::string_view text)
{
    const auto url = parseSourceUrl(text);
    EXPECT_FALSE(url) << text;
    if (url) {
        return {};
    }
    EXPECT_EQ(url.error().code, core::ErrorCode::InvalidArgument);
    return url.error().message;
}

} // namespace

TEST(SourceUrl, ReadsTheDemoWithItsOptions)
{
    const SourceUrl url = parsed("demo:?seconds=4&seed=7&seed=8");
    EXPECT_EQ(url.scheme, SourceScheme::Demo);
    EXPECT_EQ(url.option("seconds"), "4");
    EXPECT_EQ(url.option("seed"), "8") << "the last one counts";
    EXPECT_FALSE(url.option("rate"));
}

TEST(SourceUrl, ReadsPathsAsTheyAreWritten)
{
    EXPECT_EQ(parsed("sqlite:story.db").path, "story.db");
    EXPECT_EQ(parsed("sqlite:/tmp/a b#1.db").path, "/tmp/a b#1.db");
    EXPECT_EQ(parsed("SQLite:../x.db").path, "../x.db");
    EXPECT_EQ(parsed("sqlite:///tmp/x.db").path, "/tmp/x.db");
    EXPECT_EQ(parsed("sqlite://story.db").path, "story.db");
    EXPECT_EQ(parsed("sqlite:what%3F%2541.db").path, "what?%41.db");
    EXPECT_EQ(parsed("sqlite:100%.db").path, "100%.db");
    EXPECT_EQ(parsed("file:events.ndjson").path, "events.ndjson");
    EXPECT_EQ(parsed("file:///tmp/a%20b.ndjson").path, "/tmp/a b.ndjson");
    EXPECT_EQ(parsed("file://localhost/tmp/x").path, "/tmp/x");
    EXPECT_TRUE(parsed("file:-").isStandardInput());
}

TEST(SourceUrl, ReadsServersWithTheirDefaults)
{
    const SourceUrl postgres = parsed("postgres://anna@db.example/orders?sslmode=require");
    EXPECT_EQ(postgres.scheme, SourceScheme::Postgres);
    EXPECT_EQ(postgres.user, "anna");
    EXPECT_EQ(postgres.database, "orders");
    EXPECT_EQ(postgres.hosts, (std::vector<SourceUrl::Host>{{"db.example", 5432}}));
    EXPECT_EQ(postgres.option("sslmode"), "require");

    EXPECT_EQ(parsed("kafka://a,b:9093").hosts, (std::vector<SourceUrl::Host>{{"a", 9092}, {"b", 9093}}));
    EXPECT_EQ(parsed("kafka://[::1]:9094").hosts, (std::vector<SourceUrl::Host>{{"::1", 9094}}));

    const SourceUrl amqps = parsed("amqps://guest:p%40ss@mq/%2Forders");
    EXPECT_EQ(amqps.scheme, SourceScheme::Amqp);
    EXPECT_TRUE(amqps.tls);
    EXPECT_EQ(amqps.hosts.front().port, 5671);
    EXPECT_EQ(amqps.password, "p@ss");
    EXPECT_EQ(amqps.database, "/orders");
}

TEST(SourceUrl, TakesAnUnencodedAtSignInAPassword)
{
    const SourceUrl url = parsed("amqp://guest:a@b@host/v");
    EXPECT_EQ(url.password, "a@b");
    EXPECT_EQ(url.hosts.front().name, "host");
}

TEST(SourceUrl, ShowsNoSecret)
{
    const SourceUrl url = parsed("postgres://anna:canary@h/db?sslpassword=canary&application_name=x");
    EXPECT_EQ(url.display(), "postgres://anna:***@h:5432/db?sslpassword=***&application_name=x");
    EXPECT_EQ(parsed("kafka://h?sasl.password=canary").display(), "kafka://h:9092?sasl.password=***");
}

TEST(SourceUrl, ShowsWhatReadsBackTheSame)
{
    for (const std::string_view text : {"demo:", "demo:?seed=1&rate=20", "sqlite:a%3Fb%25c.db", "file:-",
             "kafka://a:1,[::1]:2/x", "amqps://u%40x@h:1/%2Fv?management=http://h:15672", "postgres://h:5432/d%3F"}) {
        const SourceUrl url = parsed(text);
        EXPECT_EQ(parsed(url.display()), url) << text << " became " << url.display();
    }
}

TEST(SourceUrl, WritesWhatReadsBackTheSameSecretsAndAll)
{
    for (const std::string_view text : {"postgres://anna:p%40s%3As%2Fw%25@h:5432/db?sslpassword=a%26b&x=1",
             "amqps://guest:g@[::1]:1/%2F?token=t", "kafka://:only@a,b:2", "sqlite:/tmp/a b.db"}) {
        const SourceUrl url = parsed(text);
        EXPECT_EQ(parsed(url.text()), url) << text;
    }
}

TEST(SourceUrl, KeepsNoSecretInWhatIsWrittenDown)
{
    const SourceUrl url = parsed("kafka://anna:canary@h?sasl.password=canary&acks=all").withoutSecrets();
    EXPECT_EQ(url.text(), "kafka://anna@h:9092?acks=all");
}

TEST(SourceUrl, NamesTheAccountWhateverTheOptionsAre)
{
    EXPECT_EQ(parsed("postgres://anna:canary@h/db?sslmode=require").account(), "postgres://anna@h:5432/db");
    EXPECT_EQ(parsed("postgres://anna@h:5432/db").account(), "postgres://anna@h:5432/db");
}

TEST(SourceUrl, RefusesWhatIsNoSource)
{
    EXPECT_NE(refusal("story.db").find("'story.db' is no source"), std::string::npos);
    EXPECT_NE(refusal("").find("is no source"), std::string::npos);
    EXPECT_NE(refusal("mysql://root:canary@h/db").find("'mysql:' is no source"), std::string::npos);
    EXPECT_NE(refusal("sqlite:").find("names no file"), std::string::npos);
    EXPECT_NE(refusal("sqlite:a%00b").find("NUL"), std::string::npos);
    EXPECT_NE(refusal("file://server/x").find("on this machine"), std::string::npos);
    EXPECT_NE(refusal("demo:orders").find("nothing after it"), std::string::npos);
    EXPECT_NE(refusal("kafka:9092").find("comes '//'"), std::string::npos);
    EXPECT_NE(refusal("kafka://").find("names no host"), std::string::npos);
    EXPECT_NE(refusal("kafka://h:0").find("1 to 65535"), std::string::npos);
    EXPECT_NE(refusal("kafka://h:99999").find("1 to 65535"), std::string::npos);
    EXPECT_NE(refusal("kafka://[::1").find("']'"), std::string::npos);
}

TEST(SourceUrl, RefusesWithoutRepeatingAPassword)
{
    for (const std::string_view text :
        {"pg://u:canary@h", "postgres:u:canary@h", "postgres://u:canary@h:port", "postgres://u:canary@:1/x"}) {
        EXPECT_EQ(refusal(text).find("canary"), std::string::npos) << text;
    }
}

TEST(WithoutSecrets, HidesPasswordsInAnyText)
{
    EXPECT_EQ(core::withoutSecrets("not expected: postgres://u:canary@h/db demo:"),
        "not expected: postgres://u:***@h/db demo:");
    EXPECT_EQ(core::withoutSecrets("'kafka://h?sasl.password=canary&a=b'\nx"), "'kafka://h?sasl.password=***&a=b'\nx");
    EXPECT_EQ(core::withoutSecrets("is that so? mail@x.y and a://u@h"), "is that so? mail@x.y and a://u@h");
    EXPECT_EQ(core::withoutSecrets(""), "");
}
