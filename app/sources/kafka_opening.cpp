// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sources/kafka_opening.h"

#include "event/clock.h"
#include "kafka_letters.h"

#include <utility>

namespace eventscope::app {

using core::Result;

Result<OpenedSource> openKafka(const core::SourceUrl& url, std::stop_token stop)
{
    auto kafka = readKafkaUrl(url);
    if (!kafka) {
        return std::unexpected(kafka.error());
    }
    auto source = kafka::KafkaSource::open(std::move(kafka->source), std::move(stop));
    if (!source) {
        return std::unexpected(source.error());
    }
    return OpenedSource{.source = std::move(*source), .events = {}, .deadLetters = {}, .behind = {}};
}

Result<std::shared_ptr<core::DeadLetterQueue>> openKafkaLetters(const core::SourceUrl& url, std::stop_token stop)
{
    struct Desk {
        core::SystemClock clock;
        std::unique_ptr<kafka::KafkaLetters> letters;
    };
    auto kafka = readKafkaUrl(url);
    if (!kafka) {
        return std::unexpected(kafka.error());
    }
    auto desk = std::make_shared<Desk>();
    auto letters = kafka::KafkaLetters::open(
        {.connect = kafka->source.connect, .topics = kafka->source.topics}, desk->clock, std::move(stop));
    if (!letters) {
        return std::unexpected(letters.error());
    }
    desk->letters = std::move(*letters);
    core::DeadLetterQueue* queue = desk->letters.get();
    return std::shared_ptr<core::DeadLetterQueue>(std::move(desk), queue);
}

} // namespace eventscope::app
