// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/source_url.h"
#include "kafka_source.h"

#include <cstdint>
#include <optional>
#include <string>

namespace eventscope::app {

/// What a kafka:// URL says: kafka://user@host:9092,host2:9092/TOPIC,TOPIC?option=value. Options are
/// librdkafka's properties (security.protocol=SSL, isolation.level=read_uncommitted, …) and
/// - `groups`: the consumer groups whose lag is shown, else all that can be listed
/// - `history`: of a topic that is followed in the window, so many of its newest records first, or `all`.
struct KafkaUrl {
    kafka::KafkaSourceOptions source;
    std::optional<std::uint64_t> history; ///< nothing: all
};

/// InvalidArgument with a sentence for what cannot be meant.
core::Result<KafkaUrl> readKafkaUrl(const core::SourceUrl& url);

/// The name that it has, or "kafka@host", with the port where it is not Kafka's usual one.
std::string kafkaSourceName(const core::SourceUrl& url);

} // namespace eventscope::app
