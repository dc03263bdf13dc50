// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "rabbit_subscription.h"

#include "deep_stack.h"
#include "message_copy.h"

#include "sourcing/handler_failure.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <utility>

namespace eventscope::rabbitmq {

using core::Error;
using core::ErrorCode;
using core::fail;
using core::Status;

namespace {

constexpr std::uint16_t kChannel = 1, kDeclare = 2;
constexpr std::chrono::milliseconds kIdle{1000};
constexpr std::chrono::milliseconds kFirstPause{100};
constexpr int kMostDoublings = 7;
/// How long the end waits for copies that are on their way.
constexpr std::chrono::seconds kLastCopies{5};
/// Headers share one frame of 128 KiB with everything else.
constexpr std::size_t kLongestErrorText = 20'000;

std::string cut(std::string_view text)
{
    if (text.size() <= kLongestErrorText)
        return std::string(text);
    return std::string(text.substr(0, kLongestErrorText)) + " …";
}

} // namespace

core::Result<std::shared_ptr<RabbitSubscription>> RabbitSubscription::start(Parts parts)
{
    auto subscription = std::make_shared<RabbitSubscription>(std::move(parts));
    Status connected;
    withDeepStack([&] { connected = subscription->connect(); });
    if (!connected)
        return std::unexpected(connected.error());
    const std::size_t lanes = std::max<std::size_t>(subscription->m_parts.options.concurrency, 1);
    for (std::size_t i = 0; i < lanes; ++i)
        subscription->m_lanes.push_back(std::make_unique<Lane>());
    for (const auto& lane : subscription->m_lanes)
        lane->thread = std::thread([subscription, &lane = *lane] { subscription->work(lane); });
    subscription->m_consumer = std::thread([subscription] { withDeepStack([&] { subscription->consume(); }); });
    return subscription;
}

RabbitSubscription::RabbitSubscription(Parts parts)
    : m_parts(std::move(parts))
    , m_topology{m_parts.options.exchange, m_parts.spec.name, m_parts.spec.pattern, delaysOf(m_parts.spec.retry)}
{
}

// The last of its threads may be the one that drops it.
RabbitSubscription::~RabbitSubscription() = default;

void RabbitSubscription::stop()
{
    {
        const std::scoped_lock lock(m_mutex);
        if (std::exchange(m_hasStopped, true))
            return;
        m_noMoreHandlers = true;
        for (const auto& lane : m_lanes)
            lane->waiting.clear(); // given back with the channel
        m_changed.notify_all();
    }
    if (isOwnThread())
        std::thread([self = shared_from_this()] { self->join(); }).detach();
    else
        join();
}

void RabbitSubscription::declareSoon()
{
    const std::scoped_lock lock(m_mutex);
    m_declareAgain = true;
    if (m_listening != nullptr)
        m_listening->wake();
}

void RabbitSubscription::join()
{
    for (const auto& lane : m_lanes)
        lane->thread.join();
    {
        std::unique_lock lock(m_mutex);
        m_changed.wait_for(lock, kLastCopies, [this] { return m_copies == 0; });
        m_isStopping = true;
        if (m_listening != nullptr)
            m_listening->wake();
        m_changed.notify_all();
    }
    m_consumer.join();
}

bool RabbitSubscription::isOwnThread() const
{
    const std::thread::id here = std::this_thread::get_id();
    return here == m_consumer.get_id()
        || std::ranges::any_of(m_lanes, [&](const auto& lane) { return lane->thread.get_id() == here; });
}

bool RabbitSubscription::isStopping() const
{
    const std::scoped_lock lock(m_mutex);
    return m_isStopping;
}

void RabbitSubscription::say(std::string_view sentence) const
{
    if (m_parts.options.onState)
        m_parts.options.onState(fmt::format("'{}': {}", m_parts.spec.name, sentence));
}

Status RabbitSubscription::connect()
{
    auto opened = AmqpConnection::open(m_parts.rabbit);
    if (!opened)
        return std::unexpected(opened.error());
    std::unique_ptr<AmqpConnection> connection = std::move(*opened);
    // After a loss it cannot be told whether the broker made them anew.
    const auto known
        = m_generation == 0 ? hasDelayQueues(*connection, kDeclare, m_topology) : core::Result<bool>(false);
    if (!known)
        return std::unexpected(known.error());
    Status ready = connection->openChannel(kChannel);
    if (ready)
        ready = declareSubscription(*connection, kChannel, m_topology);
    if (ready)
        ready = connection->limitUnacknowledged(kChannel, m_parts.options.prefetch);
    if (ready)
        ready = connection->consume(kChannel, m_topology.queue, false);
    if (!ready)
        return ready;
    m_connection = std::move(connection);
    ++m_generation;
    const std::scoped_lock lock(m_mutex);
    m_wantsPlain = m_usesPlain = false;
    m_delaysSafeFrom = std::chrono::steady_clock::now() + (*known ? std::chrono::milliseconds(0) : kUntilOnDisk);
    return {};
}

void RabbitSubscription::consume()
{
    while (!isStopping()) {
        if (!m_connection) {
            const Status connected = connect();
            if (!connected) {
                say(connected.error().message);
                const auto pause = kFirstPause * (1 << std::min(m_failures++, kMostDoublings));
                std::unique_lock lock(m_mutex);
                m_changed.wait_for(lock, pause, [this] { return m_isStopping; });
                continue;
            }
            say("connected again.");
        }
        {
            const std::scoped_lock lock(m_mutex);
            m_listening = m_connection.get();
        }
        const Status served = serve();
        {
            const std::scoped_lock lock(m_mutex);
            m_listening = nullptr;
        }
        if (!served) {
            say(served.error().message);
            m_connection.reset(); // what was not acknowledged comes again
        }
    }
    giveBackTheRest();
}

Status RabbitSubscription::serve()
{
    while (!isStopping()) {
        auto event = m_connection->next(kIdle);
        if (!event)
            return std::unexpected(event.error());
        switch (event->kind) {
        case AmqpEvent::Kind::Message:
            m_failures = 0;
            keep(event->message);
            break;
        case AmqpEvent::Kind::ConsumerGone:
            return fail(ErrorCode::NotFound, "its queue was deleted; it is declared again.");
        case AmqpEvent::Kind::ChannelClosed: return std::unexpected(event->error);
        default: break;
        }
        if (Status sent = sendAnswers(); !sent)
            return sent;
    }
    return sendAnswers();
}

Status RabbitSubscription::sendAnswers()
{
    bool again = false, withPlain = false, isLast = false;
    {
        const std::scoped_lock lock(m_mutex);
        m_later.insert(m_later.end(), m_answers.begin(), m_answers.end());
        m_answers.clear();
        again = std::exchange(m_declareAgain, false);
        withPlain = m_wantsPlain;
        isLast = m_isStopping; // the broker lives: what was confirmed will be on disk
    }
    if (again) {
        if (Status declared = declareAnew(withPlain); !declared)
            return declared;
    }
    const auto now = std::chrono::steady_clock::now();
    std::vector<Answer> answers;
    std::erase_if(m_later, [&](const Answer& answer) {
        const bool isDue = isLast || answer.due <= now || answer.generation != m_generation;
        if (isDue)
            answers.push_back(answer);
        return isDue;
    });
    for (const Answer& answer : answers) {
        if (answer.generation != m_generation)
            continue; // its channel is gone, and the message comes again
        Status sent = answer.ack ? m_connection->ack(kChannel, answer.tag)
                                 : m_connection->nackToQueue(kChannel, answer.tag, false);
        if (!sent)
            return sent;
    }
    return {};
}

// On a channel of its own, as a refusal would close the one that consumes. An error is a lost connection.
Status RabbitSubscription::declareAnew(bool withPlainDelays)
{
    Status declared = m_connection->openChannel(kDeclare);
    if (declared)
        declared = declareSubscription(*m_connection, kDeclare, m_topology);
    if (declared && withPlainDelays)
        declared = declarePlainDelays(*m_connection, kDeclare, m_topology);
    if (declared)
        declared = m_connection->closeChannel(kDeclare);
    if (m_connection->isLost())
        return declared;
    if (!declared) {
        say(declared.error().message);
        return {};
    }
    const std::scoped_lock lock(m_mutex);
    m_usesPlain = m_usesPlain || withPlainDelays;
    return {};
}

// One nack instead of a lost channel: that would count as a failed delivery on newer brokers.
void RabbitSubscription::giveBackTheRest()
{
    if (!m_connection)
        return;
    if (sendAnswers())
        static_cast<void>(m_connection->nackToQueue(kChannel, 0, true));
    m_connection.reset();
}

void RabbitSubscription::keep(const Delivery& message)
{
    MessageProperties properties = propertiesFrom(*message.properties);
    core::Result<core::RecordedEvent> event = message.isCut()
        ? fail(ErrorCode::Unparsable, fmt::format("The message of {} bytes is too large.", message.bodySize))
        : eventOf(properties, message.body);
    const std::size_t lane = m_lanes.size() == 1 || !event
        ? 0
        : std::hash<std::string>{}(event->stream.empty() ? event->id : event->stream) % m_lanes.size();
    const std::scoped_lock lock(m_mutex);
    if (m_noMoreHandlers)
        return;
    m_lanes[lane]->waiting.push_back({m_generation, message.tag, std::move(properties), std::string(message.exchange),
        std::string(message.routingKey), std::string(message.body), std::move(event)});
    m_changed.notify_all();
}

void RabbitSubscription::work(Lane& lane)
{
    std::unique_lock lock(m_mutex);
    for (;;) {
        m_changed.wait(lock, [&] { return m_noMoreHandlers || !lane.waiting.empty(); });
        if (m_noMoreHandlers)
            return;
        Held held = std::move(lane.waiting.front());
        lane.waiting.pop_front();
        lock.unlock();
        handle(std::move(held));
        lock.lock();
    }
}

void RabbitSubscription::handle(Held held)
{
    const int count = retryCountOf(held.properties.headers);
    if (!held.event) {
        const Error why = held.event.error();
        OutgoingMessage copy = deadLetterOf(held, why, 1);
        sendCopy(std::move(held), std::move(copy), CopyKind::DeadLetter);
        return;
    }
    const Status outcome = core::callHandler(m_parts.spec.handler, *held.event);
    if (outcome) {
        answer({held.generation, held.tag, true});
        return;
    }
    const core::RetryPolicy& retry = m_parts.spec.retry;
    CopyKind kind = CopyKind::Retry;
    OutgoingMessage copy;
    if (outcome.error().code == ErrorCode::HeldByOther) {
        copy = retryOf(held, retry.delayBefore(1), count);
    } else if (count < retry.maxRetries) {
        copy = retryOf(held, retry.delayBefore(count + 1), count + 1);
    } else {
        kind = CopyKind::DeadLetter;
        copy = deadLetterOf(held, outcome.error(), count + 1);
    }
    sendCopy(std::move(held), std::move(copy), kind);
}

void RabbitSubscription::sendCopy(Held held, OutgoingMessage copy, CopyKind kind)
{
    {
        const std::scoped_lock lock(m_mutex);
        ++m_copies;
    }
    m_parts.publisher->send(std::move(copy),
        [self = shared_from_this(), generation = held.generation, tag = held.tag, kind](
            const Status& confirmed) { self->copySettled(generation, tag, kind, confirmed); });
}

// The original is acknowledged when the broker has the copy, and given back when it did not take it. In a
// delay queue that is too young the copy is not safe yet, so its original waits for that.
void RabbitSubscription::copySettled(
    std::uint64_t generation, std::uint64_t tag, CopyKind kind, const Status& confirmed)
{
    Moment due{};
    if (!confirmed)
        say("a copy could not be sent, its original stays: " + confirmed.error().message);
    {
        const std::scoped_lock lock(m_mutex);
        if (!confirmed) {
            m_declareAgain = true; // perhaps somebody deleted where it should go
            m_wantsPlain = m_wantsPlain || (kind == CopyKind::Retry && confirmed.error().code == ErrorCode::InDoubt);
        } else if (kind == CopyKind::Retry) {
            due = m_delaysSafeFrom;
        }
    }
    answer({generation, tag, confirmed.has_value(), due});
    const std::scoped_lock lock(m_mutex);
    --m_copies;
    m_changed.notify_all();
}

// A copy comes back through the default exchange; where it began is what counts later.
void RabbitSubscription::rememberOrigin(const Held& held, AmqpTable& headers)
{
    if (find(headers, kOriginExchange) != nullptr || held.exchange.empty())
        return;
    set(headers, kOriginExchange, AmqpValue(held.exchange));
    set(headers, kOriginRoutingKey, AmqpValue(held.routingKey));
}

OutgoingMessage RabbitSubscription::retryOf(const Held& held, std::chrono::milliseconds delay, int count) const
{
    bool usesPlain = false;
    {
        const std::scoped_lock lock(m_mutex);
        usesPlain = m_usesPlain;
    }
    const std::string queue
        = usesPlain ? plainRetryQueueOf(m_topology.queue, delay) : retryQueueOf(m_topology.queue, delay);
    OutgoingMessage copy{{}, queue, copyOf(held.properties), held.body};
    set(copy.properties.headers, kRetryCount, AmqpValue(count));
    rememberOrigin(held, copy.properties.headers);
    return copy;
}

OutgoingMessage RabbitSubscription::deadLetterOf(const Held& held, const Error& error, int attempts) const
{
    OutgoingMessage copy{
        retryExchangeOf(m_topology.exchange), deadLetterKeyOf(m_topology.pattern), copyOf(held.properties), held.body};
    const core::Timestamp now = m_parts.clock->now();
    core::AttemptHistory history{.earlier = 0, .tries = attempts};
    history.kept.push_back({now, error});
    const core::RecordedEvent event = held.event.value_or(core::RecordedEvent{});
    AmqpTable& headers = copy.properties.headers;
    set(headers, kErrorType, AmqpValue(std::string(core::toString(error.code))));
    set(headers, kErrorMessage, AmqpValue(cut(error.message)));
    set(headers, kErrorStack, AmqpValue(cut(core::failureStack(m_parts.spec.name, event, history))));
    set(headers, kFailedAt, AmqpValue(core::formatTimestamp(now)));
    set(headers, kAttempts, AmqpValue(attempts));
    set(headers, kOriginQueue, AmqpValue(m_topology.queue));
    rememberOrigin(held, headers);
    return copy;
}

void RabbitSubscription::answer(const Answer& answer)
{
    const std::scoped_lock lock(m_mutex);
    m_answers.push_back(answer);
    if (m_listening != nullptr)
        m_listening->wake();
}

} // namespace eventscope::rabbitmq
