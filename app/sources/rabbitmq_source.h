// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "demo/demo_system.h"
#include "event/clock.h"
#include "event/error.h"
#include "inspect/dead_letter_queue.h"
#include "inspect/source.h"
#include "inspect/source_url.h"
#include "rabbit_options.h"
#include "sourcing/event_store.h"

#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace eventscope::app {

/// What an amqp: URL says of the broker: user, host, vhost (none: "/"), and in its query part
/// management=URL, cacert=FILE, verify=0, heartbeat=SECONDS, timeout=SECONDS. InvalidArgument for an
/// option that nothing here knows.
core::Result<rabbitmq::RabbitOptions> rabbitOptionsOf(const core::SourceUrl& url);

/// To look through it: exchange=A,B (whose live traffic), queue=A,B and stream=A,B (known without the
/// management plugin), peek=never|harmless|force, live=0.
core::Result<std::unique_ptr<core::Source>> openRabbitSource(const core::SourceUrl& url, std::string name);

core::Result<std::shared_ptr<core::DeadLetterQueue>> openRabbitLetters(const core::SourceUrl& url);

/// To import into: see rabbitmq::ImportStore.
core::Result<std::shared_ptr<core::EventStore>> openRabbitStore(const core::SourceUrl& url);

/// For the demo: the exchange "events", its queues, and a stream "events.log" that keeps everything.
/// The clock outlives it.
core::Result<DemoBroker> openRabbitDemo(
    const core::SourceUrl& url, core::Clock& clock, std::function<void(std::string_view)> onState);

} // namespace eventscope::app
