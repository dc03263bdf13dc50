// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/clock.h"
#include "event/error.h"
#include "inspect/source_url.h"
#include "sourcing/dead_letter_store.h"

#include <cstdint>
#include <memory>
#include <set>
#include <string>

namespace eventscope::kafka {
class KafkaBus;
}

namespace eventscope::app {

/// The demo told into a Kafka topic: its events as they are published, and what its handlers gave up
/// on in "<topic>.dead-letter". // any thread, but for tellLetters()
class KafkaStage {
public:
    /// The topic is the URL's, else "orders". The clock outlives the stage.
    static core::Result<std::unique_ptr<KafkaStage>> open(const core::SourceUrl& url, core::Clock& clock);
    ~KafkaStage();

    core::Status tell(const core::RecordedEvent& event);
    /// Those of the store that were not told yet. // one thread
    core::Status tellLetters(const core::DeadLetterStore& letters);

private:
    KafkaStage(std::unique_ptr<kafka::KafkaBus> bus);

    std::unique_ptr<kafka::KafkaBus> m_bus;
    std::set<std::string> m_told;
};

} // namespace eventscope::app
