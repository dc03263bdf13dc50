// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "kafka_bus.h"

#include "event/ids.h"
#include "event_record.h"
#include "kafka_subscription.h"
#include "producer.h"

#include <fmt/format.h>

#include <mutex>
#include <set>
#include <vector>

namespace eventscope::kafka {

using core::ErrorCode;
using core::Result;
using core::Status;

struct KafkaBus::Private {
    Private(core::Clock& c, KafkaBusOptions o)
        : clock(c)
        , options(std::move(o))
        , singles(options.connect, {})
        , batches(options.connect, {.transactionalId = options.transactionalId, .lingerMs = 5})
    {
    }

    std::string topicOf(const core::RecordedEvent& event) const
    {
        return options.topicOf ? options.topicOf(event) : options.topic;
    }

    core::Clock& clock;
    const KafkaBusOptions options;
    Producer singles; ///< events one by one, and dead letters: outside transactions
    Producer batches;
    std::mutex mutex;
    std::set<std::string> names; ///< of the subscriptions
};

namespace {

class Handle final : public core::Subscription {
public:
    Handle(std::unique_ptr<KafkaSubscription> subscription, std::function<void()> gone)
        : m_subscription(std::move(subscription)), m_gone(std::move(gone))
    {
    }
    ~Handle() override
    {
        m_subscription.reset();
        m_gone();
    }

private:
    std::unique_ptr<KafkaSubscription> m_subscription;
    const std::function<void()> m_gone;
};

Status checked(const core::SubscriptionSpec& spec)
{
    if (spec.name.empty() || spec.pattern.empty() || !spec.handler) {
        return fail(ErrorCode::InvalidArgument, "a subscription needs a name, a topic and a handler");
    }
    if (spec.retry.maxRetries < 0 || spec.retry.firstDelay.count() < 0) {
        return fail(ErrorCode::InvalidArgument,
            fmt::format("the retry policy of \"{}\" is negative: use RetryPolicy::none() for no retries", spec.name));
    }
    return {};
}

} // namespace

KafkaBus::KafkaBus(std::shared_ptr<Private> p) : d(std::move(p)) { }
KafkaBus::~KafkaBus() = default;

Result<std::unique_ptr<KafkaBus>> KafkaBus::open(core::Clock& clock, KafkaBusOptions options)
{
    if (Status allowed = checkProperties(options.connect); !allowed) {
        return std::unexpected(std::move(allowed.error()));
    }
    if (options.transactionalId.empty()) {
        options.transactionalId = "eventscope-bus-" + core::UuidV7Generator(clock).next();
    }
    return std::unique_ptr<KafkaBus>(new KafkaBus(std::make_shared<Private>(clock, std::move(options))));
}

Status KafkaBus::publish(const core::RecordedEvent& event)
{
    return d->singles.send(toRecord(event, d->topicOf(event)));
}

Status KafkaBus::publishBatch(std::span<const core::RecordedEvent> events)
{
    std::vector<OutRecord> records;
    records.reserve(events.size());
    for (const core::RecordedEvent& event : events) {
        records.push_back(toRecord(event, d->topicOf(event)));
    }
    return d->batches.send(records);
}

Status KafkaBus::park(const core::ParkedEvent& letter)
{
    OutRecord sent = toRecord(letter.original, d->topicOf(letter.original));
    const InRecord original{.topic = std::move(sent.topic),
        .partition = -1,
        .offset = -1, // nobody says where the copy lies that failed
        .keyIsNull = false,
        .key = std::move(*sent.key),
        .value = std::move(*sent.value),
        .headers = std::move(sent.headers)};
    const HandlerFailure failure{.group = letter.queue,
        .error = letter.error,
        .stack = letter.error.stack,
        .failedAt = letter.failedAt,
        .attempts = letter.attempts};
    return d->singles.send(toDeadLetter(original, letter.original, failure));
}

Result<std::unique_ptr<core::Subscription>> KafkaBus::subscribe(core::SubscriptionSpec spec)
{
    if (Status good = checked(spec); !good) {
        return std::unexpected(std::move(good.error()));
    }
    const std::string name = spec.name;
    {
        const std::scoped_lock lock(d->mutex);
        if (!d->names.insert(name).second) {
            return fail(ErrorCode::InvalidArgument, fmt::format("\"{}\" is subscribed already", name));
        }
    }
    const auto forget = [bus = d, name] {
        const std::scoped_lock lock(bus->mutex);
        bus->names.erase(name);
    };
    auto opened = KafkaSubscription::open(std::move(spec), d->options, d->singles, d->clock);
    if (!opened) {
        forget();
        return std::unexpected(std::move(opened.error()));
    }
    return std::make_unique<Handle>(std::move(*opened), forget);
}

} // namespace eventscope::kafka
