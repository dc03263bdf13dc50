// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/error.h"

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace eventscope::kafka {

/// A property of librdkafka and its value: https://github.com/confluentinc/librdkafka/blob/master/CONFIGURATION.md
using Property = std::pair<std::string, std::string>;

/// How a cluster is reached: the same for looking, publishing and requeueing.
struct ConnectOptions {
    std::string brokers;              ///< "host:port,host2:port"
    std::vector<Property> properties; ///< whatever somebody set for it, the last of a name counts
    /// What may lie in the client's memory unread, in all partitions together.
    std::size_t prefetchBytes = std::size_t{32} << 20;
    /// Told of each request that really goes out, by its number in Kafka's protocol; on any thread.
    std::function<void(int apiKey)> onRequest{};
};

/// The properties of somebody's profile: refused are those that would make looking change something
/// (commits, joining a group, making topics) or load foreign code, and a password without encryption.
core::Status checkProperties(const ConnectOptions& options);

/// The value somebody set for a property; empty when nobody did.
std::string_view propertyOf(const ConnectOptions& options, std::string_view name);

} // namespace eventscope::kafka
