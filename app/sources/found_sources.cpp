// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sources/found_sources.h"

#include "sources/reach.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <utility>

namespace eventscope::app {

using core::SourceScheme;
using core::SourceUrl;

namespace {

constexpr std::chrono::milliseconds kPatience{200};

std::optional<std::string> environment(const char* name)
{
    const char* value = std::getenv(name);
    return value && *value ? std::optional<std::string>(value) : std::nullopt;
}

bool listensHere(std::uint16_t port, const std::stop_token& stop)
{
    const auto addresses = resolve("localhost", port);
    return addresses && std::ranges::any_of(*addresses, [&](const Address& address) {
        return reach(address, port, kPatience, stop).has_value();
    });
}

struct UrlVariable {
    const char* name;
    SourceScheme scheme;
};
constexpr std::array<UrlVariable, 5> kUrlVariables{
    {{"DATABASE_URL", SourceScheme::Postgres}, {"POSTGRES_URL", SourceScheme::Postgres},
        {"RABBITMQ_URL", SourceScheme::Amqp}, {"AMQP_URL", SourceScheme::Amqp}, {"CLOUDAMQP_URL", SourceScheme::Amqp}}};
constexpr std::array<const char*, 3> kBrokerVariables{"KAFKA_BOOTSTRAP_SERVERS", "KAFKA_BROKERS", "BOOTSTRAP_SERVERS"};

struct UsualPort {
    std::uint16_t port;
    const char* url;
};
constexpr std::array<UsualPort, 3> kUsualPorts{
    {{5432, "postgres://localhost:5432"}, {9092, "kafka://localhost:9092"}, {5672, "amqp://guest@localhost:5672"}}};

bool isLocal(const SourceUrl& url, std::uint16_t port)
{
    return std::ranges::any_of(url.hosts, [port](const SourceUrl::Host& host) {
        return host.port == port && (host.name == "localhost" || host.name == "127.0.0.1" || host.name == "::1");
    });
}

/// PGHOST and its kin, as libpq reads them.
std::optional<SourceUrl> postgresOf(const FoundSources::Variable& variable)
{
    const auto host = variable("PGHOST");
    if (!host || host->starts_with('/')) {
        return std::nullopt;
    }
    auto url = core::parseSourceUrl(fmt::format("postgres://{}:{}", *host, variable("PGPORT").value_or("5432")));
    if (!url) {
        return std::nullopt;
    }
    url->user = variable("PGUSER").value_or("");
    url->database = variable("PGDATABASE").value_or("");
    return std::move(*url);
}

} // namespace

FoundSources::FoundSources() : FoundSources(environment, listensHere) { }

FoundSources::FoundSources(Variable variable, Listening listening)
    : m_variable(std::move(variable)), m_listening(std::move(listening))
{
}

std::vector<core::FoundSource> FoundSources::look(const std::stop_token& stop) const
{
    std::vector<core::FoundSource> found;
    const auto propose = [&found](SourceUrl url, std::string because) {
        const bool known = std::ranges::any_of(found, [&](const auto& f) { return f.url.account() == url.account(); });
        if (!known) {
            found.push_back({std::move(url), std::move(because)});
        }
    };
    for (const auto& [name, scheme] : kUrlVariables) {
        const auto text = m_variable(name);
        auto url = text ? core::parseSourceUrl(*text) : core::Result<SourceUrl>(SourceUrl{});
        if (text && url && url->scheme == scheme) {
            propose(std::move(*url), fmt::format("{} is set", name));
        }
    }
    if (auto url = postgresOf(m_variable)) {
        propose(std::move(*url), "PGHOST is set");
    }
    for (const char* name : kBrokerVariables) {
        const auto text = m_variable(name);
        auto url = text ? core::parseSourceUrl("kafka://" + *text) : core::Result<SourceUrl>(SourceUrl{});
        if (text && url) {
            propose(std::move(*url), fmt::format("{} is set", name));
        }
    }
    for (const auto& [port, text] : kUsualPorts) {
        const auto isKnown = [port](const core::FoundSource& f) { return isLocal(f.url, port); };
        if (stop.stop_requested() || std::ranges::any_of(found, isKnown) || !m_listening(port, stop)) {
            continue;
        }
        propose(core::parseSourceUrl(text).value(), fmt::format("something listens on port {}", port));
    }
    return found;
}

} // namespace eventscope::app
