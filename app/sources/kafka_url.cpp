// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sources/kafka_url.h"

#include "sources/kafka_history.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <string_view>

namespace eventscope::app {

using core::ErrorCode;

namespace {

/// What the window reads first of what is there already: enough to look around in, and seconds to read.
constexpr std::uint64_t kHistory = 200'000;

core::Status readHistory(std::string_view text, std::optional<std::uint64_t>& history)
{
    if (text == "all") {
        history.reset();
        return {};
    }
    std::uint64_t count = 0;
    const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (error != std::errc{} || rest != text.data() + text.size()) {
        return fail(ErrorCode::InvalidArgument,
            fmt::format("kafka: wants a number of records or 'all' for history, not '{}'.", text));
    }
    history = count;
    return {};
}

void addNames(std::string_view list, std::vector<std::string>& names)
{
    while (!list.empty()) {
        const std::string_view name = list.substr(0, list.find(','));
        list.remove_prefix(std::min(list.size(), name.size() + 1));
        if (!name.empty()) {
            names.emplace_back(name);
        }
    }
}

bool hasProperty(const kafka::ConnectOptions& options, std::string_view name)
{
    return !kafka::propertyOf(options, name).empty();
}

/// Who signs in does so over TLS unless somebody says otherwise.
void addLogin(const core::SourceUrl& url, kafka::ConnectOptions& options)
{
    if (url.user.empty()) {
        return;
    }
    const auto addUnlessSet = [&](const char* name, std::string value) {
        if (!hasProperty(options, name)) {
            options.properties.emplace_back(name, std::move(value));
        }
    };
    addUnlessSet("security.protocol", "sasl_ssl");
    if (!hasProperty(options, "sasl.mechanisms")) {
        addUnlessSet("sasl.mechanism", "PLAIN");
    }
    addUnlessSet("sasl.username", url.user);
    addUnlessSet("sasl.password", url.password);
}

} // namespace

core::Result<KafkaUrl> readKafkaUrl(const core::SourceUrl& url)
{
    KafkaUrl kafka{.source = {.name = kafkaSourceName(url), .connect = {}}, .history = kHistory};
    for (const core::SourceUrl::Host& host : url.hosts) {
        const bool isIpv6 = host.name.find(':') != std::string::npos;
        kafka.source.connect.brokers += fmt::format("{}{}:{}", kafka.source.connect.brokers.empty() ? "" : ",",
            isIpv6 ? '[' + host.name + ']' : host.name, host.port);
    }
    addNames(url.database, kafka.source.topics);
    for (const auto& [name, value] : url.options) {
        if (name == "topic") {
            addNames(value, kafka.source.topics);
        } else if (name == "groups") {
            addNames(value, kafka.source.groups);
        } else if (name == "history") {
            if (core::Status read = readHistory(value, kafka.history); !read) {
                return std::unexpected(read.error());
            }
        } else {
            kafka.source.connect.properties.emplace_back(name, value);
        }
    }
    addLogin(url, kafka.source.connect);
    if (core::Status allowed = kafka::checkProperties(kafka.source.connect); !allowed) {
        return std::unexpected(allowed.error());
    }
    return kafka;
}

std::optional<std::uint64_t> kafkaHistory(const core::SourceUrl& url)
{
    const auto kafka = readKafkaUrl(url);
    return kafka ? kafka->history : std::nullopt; // a URL that is none says so when it is opened
}

std::string kafkaSourceName(const core::SourceUrl& url)
{
    if (!url.name.empty()) {
        return url.name;
    }
    const core::SourceUrl::Host& host = url.hosts.front();
    const bool isUsual = host.port == core::defaultPort(core::SourceScheme::Kafka, false);
    return isUsual ? "kafka@" + host.name : fmt::format("kafka@{}:{}", host.name, host.port);
}

} // namespace eventscope::app
