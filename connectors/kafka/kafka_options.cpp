// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "kafka_options.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

namespace eventscope::kafka {

using core::ErrorCode;

namespace {

constexpr std::array<std::string_view, 9> kOurs{"enable.auto.commit", "enable.auto.offset.store", "auto.commit.enable",
    "auto.commit.interval.ms", "allow.auto.create.topics", "enable.partition.eof", "group.instance.id",
    "bootstrap.servers", "metadata.broker.list"};
/// What loads a file as code.
bool loadsCode(std::string_view name)
{
    return name.starts_with("plugin.") || name == "ssl.engine.location" || name == "builtin.features";
}

bool sameIgnoringCase(std::string_view a, std::string_view b)
{
    return std::ranges::equal(a, b, [](char x, char y) {
        return std::tolower(static_cast<unsigned char>(x)) == std::tolower(static_cast<unsigned char>(y));
    });
}

} // namespace

std::string_view propertyOf(const ConnectOptions& options, std::string_view name)
{
    const auto found = std::find_if(
        options.properties.rbegin(), options.properties.rend(), [&](const Property& p) { return p.first == name; });
    return found == options.properties.rend() ? std::string_view() : std::string_view(found->second);
}

core::Status checkProperties(const ConnectOptions& options)
{
    for (const auto& [name, value] : options.properties) {
        if (std::ranges::find(kOurs, name) != kOurs.end()) {
            return fail(ErrorCode::InvalidArgument,
                fmt::format(
                    "The property {} cannot be set: looking must never commit, join a group or make a topic.", name));
        }
        if (loadsCode(name)) {
            return fail(ErrorCode::InvalidArgument,
                fmt::format("The property {} cannot be set: it would load foreign code into this program.", name));
        }
    }
    const std::string_view mechanism = propertyOf(options, "sasl.mechanism").empty()
        ? propertyOf(options, "sasl.mechanisms")
        : propertyOf(options, "sasl.mechanism");
    if (sameIgnoringCase(propertyOf(options, "security.protocol"), "sasl_plaintext")
        && sameIgnoringCase(mechanism, "PLAIN")) {
        return fail(ErrorCode::InvalidArgument,
            "SASL PLAIN over a connection without encryption would show the password to everybody on the way: use "
            "security.protocol=SASL_SSL, or a SCRAM mechanism.");
    }
    return {};
}

} // namespace eventscope::kafka
