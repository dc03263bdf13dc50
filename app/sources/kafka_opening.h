// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/opened_source.h"
#include "inspect/dead_letter_queue.h"
#include "sources/kafka_url.h"

#include <memory>
#include <stop_token>

namespace eventscope::app {

/// A Kafka cluster, or some of its topics, to look at.
core::Result<OpenedSource> openKafka(const core::SourceUrl& url, std::stop_token stop);

/// Its dead letters. Listing them changes nothing; what is requeued is written to the cluster.
core::Result<std::shared_ptr<core::DeadLetterQueue>> openKafkaLetters(const core::SourceUrl& url, std::stop_token stop);

} // namespace eventscope::app
