// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "technology_fields.h"

#include <QCoreApplication>
#include <algorithm>
#include <iterator>
#include <utility>

namespace eventscope::models {

using core::SourceScheme;
using core::SourceUrl;
using Kind = TechnologyField::Kind;

namespace {

QString tr(const char* text)
{
    return QCoreApplication::translate("TechnologyFields", text);
}

TechnologyField field(Kind kind, const char* label, const char* placeholder = "", std::string option = {})
{
    return {kind, tr(label), *placeholder ? tr(placeholder) : QString(), std::move(option), {}};
}

TechnologyField choice(const char* label, std::string option, std::vector<std::pair<std::string, QString>> choices)
{
    return {Kind::Choice, tr(label), {}, std::move(option), std::move(choices)};
}

std::vector<TechnologyField> postgresFields()
{
    return {field(Kind::Hosts, "Server", "localhost:5432"), field(Kind::Database, "Database", "the user's own"),
        field(Kind::User, "User", "who runs this program"), field(Kind::Password, "Password"),
        choice("Encryption", "sslmode",
            {{"", tr("If the server offers it, unverified")}, {"disable", tr("None")},
                {"require", tr("Always, whoever the server is")}, {"verify-ca", tr("Always, certificate verified")},
                {"verify-full", tr("Always, certificate and name verified")}}),
        field(Kind::File, "Certificate authority", "the system's", "sslrootcert")};
}

std::vector<TechnologyField> kafkaFields()
{
    return {field(Kind::Hosts, "Brokers", "localhost:9092, broker2:9092"),
        choice("Encryption", "security.protocol",
            {{"", tr("None")}, {"ssl", tr("TLS")}, {"sasl_ssl", tr("TLS, and sign in")},
                {"sasl_plaintext", tr("None, but sign in")}}),
        choice("Signing in", "sasl.mechanism",
            {{"", tr("As the library does")}, {"SCRAM-SHA-256", QStringLiteral("SCRAM-SHA-256")},
                {"SCRAM-SHA-512", QStringLiteral("SCRAM-SHA-512")}, {"PLAIN", QStringLiteral("PLAIN")}}),
        field(Kind::User, "User", "nobody"), field(Kind::Password, "Password"),
        field(Kind::File, "Certificate authority", "the system's", "ssl.ca.location")};
}

std::vector<TechnologyField> rabbitFields()
{
    return {field(Kind::Hosts, "Server", "localhost:5672"), field(Kind::Database, "Virtual host", "/"),
        field(Kind::User, "User", "guest"), field(Kind::Password, "Password"), field(Kind::Tls, "Encrypted with TLS"),
        field(Kind::File, "Certificate authority", "the system's", "cacert"),
        field(Kind::Text, "Management", "http://localhost:15672", "management")};
}

std::string join(const std::vector<SourceUrl::Host>& hosts)
{
    std::string text;
    for (const SourceUrl::Host& host : hosts) {
        const bool isIpv6 = host.name.find(':') != std::string::npos;
        text += text.empty() ? "" : ", ";
        text += (isIpv6 ? '[' + host.name + ']' : host.name) + ':' + std::to_string(host.port);
    }
    return text;
}

core::Status setHosts(SourceUrl& url, const QString& text)
{
    QString compact = text;
    compact.remove(QLatin1Char(' '));
    if (compact.isEmpty()) {
        url.hosts.clear();
        return {};
    }
    if (std::ranges::any_of(compact, [](QChar c) { return QStringLiteral("/@?#").contains(c); })) {
        return core::fail(core::ErrorCode::InvalidArgument,
            tr("A server is written host or host:port; put a whole URL into the field for it.").toStdString());
    }
    const std::string scheme = std::string(core::toString(url.scheme)) + (url.tls ? "s" : "");
    auto parsed = core::parseSourceUrl(scheme + "://" + compact.toStdString());
    if (!parsed) {
        return std::unexpected(std::move(parsed.error()));
    }
    url.hosts = std::move(parsed->hosts);
    return {};
}

/// Ports that are the scheme's own follow it when TLS comes or goes.
void setTls(SourceUrl& url, bool tls)
{
    for (SourceUrl::Host& host : url.hosts) {
        if (host.port == core::defaultPort(url.scheme, url.tls)) {
            host.port = core::defaultPort(url.scheme, tls);
        }
    }
    url.tls = tls;
}

void setOption(SourceUrl& url, const std::string& name, const std::string& value)
{
    const auto isIt = [&name](const SourceUrl::Option& option) { return option.first == name; };
    if (value.empty()) {
        std::erase_if(url.options, isIt);
    } else if (const auto found = std::ranges::find_if(url.options, isIt); found != url.options.end()) {
        found->second = value;
    } else {
        url.options.emplace_back(name, value);
    }
}

bool isField(const SourceUrl& url, const std::string& option)
{
    return std::ranges::any_of(
        fieldsOf(url.scheme), [&option](const TechnologyField& f) { return f.option == option; });
}

} // namespace

QString technologyName(SourceScheme scheme)
{
    switch (scheme) {
    case SourceScheme::Demo: return tr("Demo");
    case SourceScheme::Sqlite: return tr("SQLite store");
    case SourceScheme::File: return tr("Event file");
    case SourceScheme::Postgres: return tr("Postgres event store");
    case SourceScheme::Kafka: return tr("Kafka");
    case SourceScheme::Amqp: return tr("RabbitMQ");
    }
    return {};
}

const std::vector<TechnologyField>& fieldsOf(SourceScheme scheme)
{
    static const std::vector<TechnologyField> demo{field(Kind::Text, "Orders a second", "5", "rate"),
        field(Kind::Text, "Share that fails", "0.1", "failures"), field(Kind::Text, "Seed of its dice", "1", "seed")};
    static const std::vector<TechnologyField> store{field(Kind::Path, "Store", "a SQLite file, such as orders.db")};
    static const std::vector<TechnologyField> file{
        field(Kind::Path, "File", "a file with an event a line (NDJSON, CloudEvents)")};
    static const std::vector<TechnologyField> postgres = postgresFields();
    static const std::vector<TechnologyField> kafka = kafkaFields();
    static const std::vector<TechnologyField> rabbit = rabbitFields();
    switch (scheme) {
    case SourceScheme::Demo: return demo;
    case SourceScheme::Sqlite: return store;
    case SourceScheme::File: return file;
    case SourceScheme::Postgres: return postgres;
    case SourceScheme::Kafka: return kafka;
    case SourceScheme::Amqp: return rabbit;
    }
    return demo;
}

SourceUrl emptyUrl(SourceScheme scheme)
{
    SourceUrl url;
    url.scheme = scheme;
    return url;
}

QString fieldText(const SourceUrl& url, const TechnologyField& field)
{
    switch (field.kind) {
    case Kind::Path: return QString::fromStdString(url.path);
    case Kind::Hosts: return QString::fromStdString(join(url.hosts));
    case Kind::Database: return QString::fromStdString(url.database);
    case Kind::User: return QString::fromStdString(url.user);
    case Kind::Password: return QString::fromStdString(url.password);
    case Kind::Tls: return url.tls ? QStringLiteral("1") : QString();
    case Kind::Choice:
    case Kind::File:
    case Kind::Text: return QString::fromStdString(std::string(url.option(field.option).value_or("")));
    }
    return {};
}

core::Status setFieldText(SourceUrl& url, const TechnologyField& field, const QString& text)
{
    switch (field.kind) {
    case Kind::Path: url.path = text.trimmed().toStdString(); break;
    case Kind::Hosts: return setHosts(url, text);
    case Kind::Database: url.database = text.trimmed().toStdString(); break;
    case Kind::User: url.user = text.trimmed().toStdString(); break;
    case Kind::Password: url.password = text.toStdString(); break; // blanks belong to it
    case Kind::Tls: setTls(url, !text.isEmpty()); break;
    case Kind::Choice:
    case Kind::File:
    case Kind::Text: setOption(url, field.option, text.trimmed().toStdString()); break;
    }
    return {};
}

std::vector<SourceUrl::Option> furtherOptions(const SourceUrl& url)
{
    std::vector<SourceUrl::Option> further;
    std::ranges::copy_if(url.options, std::back_inserter(further),
        [&url](const SourceUrl::Option& option) { return !isField(url, option.first); });
    return further;
}

void setFurtherOptions(SourceUrl& url, const std::vector<SourceUrl::Option>& options)
{
    std::erase_if(url.options, [&url](const SourceUrl::Option& option) { return !isField(url, option.first); });
    url.options.insert(url.options.end(), options.begin(), options.end());
}

} // namespace eventscope::models
