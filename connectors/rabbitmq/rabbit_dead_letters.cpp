// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "rabbit_dead_letters.h"

#include "deep_stack.h"
#include "event_message.h"
#include "letter_identity.h"
#include "letter_keepsake.h"

#include "event/timestamp.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace eventscope::rabbitmq {

using core::DeadLetter;
using core::ErrorCode;
using core::fail;
using core::Result;
using core::Status;

namespace {

constexpr std::uint16_t kPublish = 1, kAsk = 2, kFirstHold = 3, kMostHolds = 10;

template <class T>
T deep(auto work)
{
    T result;
    withDeepStack([&] { result = work(); });
    return result;
}

ReadLetter readHeld(std::string_view queue, const HeldMessage& message)
{
    return readLetter(queue, message.routingKey, message.properties, message.body);
}

} // namespace

Result<std::unique_ptr<RabbitDeadLetters>> RabbitDeadLetters::open(
    const RabbitOptions& rabbit, core::Clock& clock, RabbitDeadLettersOptions options)
{
    std::unique_ptr<RabbitDeadLetters> letters(new RabbitDeadLetters(rabbit, clock, std::move(options)));
    const Status connected = deep<Status>([&] { return letters->connect(); });
    if (!connected)
        return std::unexpected(connected.error());
    return letters;
}

RabbitDeadLetters::RabbitDeadLetters(const RabbitOptions& rabbit, core::Clock& clock, RabbitDeadLettersOptions options)
    : m_rabbit(rabbit), m_clock(clock), m_options(std::move(options)), m_management(rabbit)
{
}

RabbitDeadLetters::~RabbitDeadLetters()
{
    withDeepStack([&] { giveBackAll(); });
}

core::DeadLetterQueue::Capabilities RabbitDeadLetters::capabilities() const
{
    return {.acknowledge = true,
        .discard = true,
        .restore = true,
        .restoreTwice = false,
        .settle = false,
        .removalMayBeForgotten = true};
}

void RabbitDeadLetters::note(std::string sentence)
{
    if (std::ranges::find(m_notices, sentence) == m_notices.end())
        m_notices.push_back(std::move(sentence));
}

Status RabbitDeadLetters::connect()
{
    if (m_connection && !m_connection->isLost())
        return {};
    m_held.clear(); // with the old connection
    m_published = 0;
    auto opened = AmqpConnection::open(m_rabbit);
    if (!opened)
        return std::unexpected(opened.error());
    m_connection = std::move(*opened);
    if (Status channel = m_connection->openChannel(kPublish); !channel)
        return channel;
    return m_connection->confirmSelect(kPublish);
}

void RabbitDeadLetters::giveBackAll()
{
    for (auto& [queue, held] : m_held) {
        if (m_connection)
            static_cast<void>(held.hold->end());
    }
    m_held.clear();
}

Result<std::vector<DeadLetter>> RabbitDeadLetters::list(std::string_view queue, std::stop_token stop)
{
    return deep<Result<std::vector<DeadLetter>>>([&] { return listAll(queue, stop); });
}

Result<std::vector<QueueInfo>> RabbitDeadLetters::queuesToLookAt(std::string_view queue, std::stop_token stop)
{
    auto topology = readTopology(m_management, stop);
    std::vector<QueueInfo> queues;
    if (topology) {
        for (QueueInfo& each : topology->queues) {
            if (queue.empty() ? each.isDeadLetter && !each.exclusive : each.name == queue)
                queues.push_back(std::move(each));
        }
        if (queues.empty() && !queue.empty())
            return fail(ErrorCode::NotFound, fmt::format("There is no queue '{}'.", queue));
        return queues;
    }
    if (topology.error().code == ErrorCode::Cancelled)
        return std::unexpected(topology.error());
    note(topology.error().message + " Without it only the queues that are named (--queue, ?queue=…) are looked at.");
    std::vector<std::string> names = m_options.queues;
    if (!queue.empty())
        names = {std::string(queue)};
    for (std::string& name : names)
        queues.push_back({.name = std::move(name), .type = "unknown"});
    return queues;
}

Result<std::vector<DeadLetter>> RabbitDeadLetters::listAll(std::string_view queue, std::stop_token stop)
{
    m_notices.clear();
    if (Status connected = connect(); !connected)
        return std::unexpected(connected.error());
    giveBackAll();
    const auto queues = queuesToLookAt(queue, stop);
    if (!queues)
        return std::unexpected(queues.error());
    std::vector<DeadLetter> letters;
    for (const QueueInfo& each : *queues) {
        const Status listed = listOne(each, letters, stop);
        if (listed)
            continue;
        if (m_connection->isLost() || queues->size() == 1)
            return std::unexpected(listed.error());
        note(listed.error().message); // the others are worth seeing
    }
    std::ranges::stable_sort(letters, {}, &DeadLetter::failedAt);
    return letters;
}

Status RabbitDeadLetters::listOne(const QueueInfo& queue, std::vector<DeadLetter>& letters, std::stop_token stop)
{
    const QueueInfo* info = queue.type == "unknown" ? nullptr : &queue;
    const auto cached = m_cached.find(queue.name);
    const TakenLook* before = cached == m_cached.end() ? nullptr : &cached->second.look;
    const auto count = countOf(*m_connection, kAsk, queue.name, info, before);
    if (!count)
        return std::unexpected(count.error());
    const LookCost cost = costOfLook(queue.name, info, count->consumers, m_connection->serverVersion());
    const auto decided = decideLook(queue.name, cost, m_options.look, before, *count);
    if (!decided)
        return std::unexpected(decided.error());
    if (!decided->sentence.empty())
        note(decided->sentence);
    if (decided->way == LookWay::ShowSeen)
        std::ranges::copy(cached->second.letters, std::back_inserter(letters));
    if (decided->way != LookWay::Fetch)
        return {};
    // Of somebody who is at it, or of a program that died: the broker gives them back when it notices,
    // which it does not while it takes no messages for want of memory.
    if (info && info->messages > info->ready && count->ready < info->messages)
        note(fmt::format("{} messages of '{}' were with somebody who had not acknowledged them when the broker last "
                         "counted; they are not among these letters.",
            info->messages - info->ready, queue.name));
    if (count->ready > 0)
        note(cost.sentence);
    if (std::cmp_greater(count->ready, m_options.mostLetters))
        note(fmt::format(
            "'{}' holds {} letters; the first {} are shown.", queue.name, count->ready, m_options.mostLetters));
    if (Status opened = m_connection->openChannel(kAsk); !opened)
        return opened;
    QueueHold hold(*m_connection, kAsk);
    const Status taken = hold.take(queue.name, m_options.mostLetters, std::move(stop));
    std::ranges::for_each(hold.messages(), undoRestoring);
    LetterIdentity identity(queue.name);
    Cached seen{hold.lookTaken(count->ready), {}};
    for (const HeldMessage& message : hold.messages()) {
        DeadLetter letter = readHeld(queue.name, message).letter;
        letter.id = identity.next(message);
        seen.letters.push_back(std::move(letter));
    }
    const Status given = hold.end();
    if (!taken || !given)
        return taken ? given : taken;
    std::ranges::copy(seen.letters, std::back_inserter(letters));
    m_cached.insert_or_assign(queue.name, std::move(seen));
    return {};
}

Result<RabbitDeadLetters::Held*> RabbitDeadLetters::hold(const std::string& queue)
{
    if (Status connected = connect(); !connected)
        return std::unexpected(connected.error());
    if (const auto held = m_held.find(queue); held != m_held.end())
        return &held->second;
    if (m_held.size() >= kMostHolds)
        giveBackAll();
    std::uint16_t channel = kFirstHold;
    while (std::ranges::any_of(m_held, [&](const auto& each) { return each.second.channel == channel; }))
        ++channel;
    if (Status opened = m_connection->openChannel(channel); !opened)
        return std::unexpected(opened.error());
    Held held{channel, std::make_unique<QueueHold>(*m_connection, channel), {}};
    if (Status taken = held.hold->take(queue, m_options.mostLetters, {}); !taken) {
        static_cast<void>(held.hold->end());
        return std::unexpected(taken.error());
    }
    std::ranges::for_each(held.hold->messages(), undoRestoring);
    LetterIdentity identity(queue);
    for (const HeldMessage& message : held.hold->messages())
        held.tags.emplace(identity.next(message), message.tag);
    return &m_held.emplace(queue, std::move(held)).first->second;
}

Result<const HeldMessage*> RabbitDeadLetters::heldMessage(const DeadLetter& letter)
{
    const auto gone = [&] {
        return fail(
            ErrorCode::NotFound, fmt::format("The dead letter {} is no longer in '{}'.", letter.id, letter.queue));
    };
    for (bool again : {false, true}) {
        const auto held = hold(letter.queue);
        if (!held)
            return std::unexpected(held.error());
        const auto tag = (*held)->tags.find(letter.id);
        if (tag != (*held)->tags.end()) {
            const auto& messages = (*held)->hold->messages();
            const auto message = std::ranges::find(messages, tag->second, &HeldMessage::tag);
            if (message != messages.end())
                return &*message;
            return gone();
        }
        if (again)
            break;
        // It may have come in, or back, since.
        const Status given = (*held)->hold->end();
        m_held.erase(letter.queue);
        if (!given)
            return std::unexpected(given.error());
    }
    return gone();
}

Status RabbitDeadLetters::send(const core::Requeue& requeue)
{
    return deep<Status>([&] { return sendOne(requeue); });
}

Status RabbitDeadLetters::sendOne(const core::Requeue& requeue)
{
    const auto held = heldMessage(requeue.letter);
    if (!held)
        return std::unexpected(held.error());
    const HeldMessage& message = **held;
    if (message.isCut || message.properties.tooDeep)
        return fail(ErrorCode::Unsupported,
            message.isCut
                ? fmt::format("The message of {} bytes is too large to be sent from here; use the broker's shovel.",
                    message.bodySize)
                : std::string("Its headers are nested too deeply to be sent from here; use the broker's shovel."));
    ReadLetter letter = readHeld(requeue.letter.queue, message);
    const auto target = targetOf(requeue, letter);
    if (!target)
        return std::unexpected(target.error());
    std::int64_t times = 1;
    if (const AmqpValue* before = find(message.properties.headers, kRequeue); before && before->table()) {
        const AmqpValue* count = find(*before->table(), "times");
        times += count ? count->integer().value_or(0) : 0;
    }
    AmqpTable provenance{{"send", AmqpValue(requeue.sendId)}, {"from", AmqpValue(requeue.letter.queue)},
        {"times", AmqpValue(times)}, {"at", AmqpValue(core::formatTimestamp(m_clock.now()))}};
    if (requeue.possibleDuplicate)
        provenance.emplace_back("possible-duplicate", AmqpValue(true));
    set(letter.properties.headers, kRequeue, AmqpValue(std::move(provenance)));
    return publish(*target, letter.properties, requeue.data);
}

Result<RabbitDeadLetters::Target> RabbitDeadLetters::targetOf(const core::Requeue& requeue, const ReadLetter& letter)
{
    std::string_view text = requeue.target;
    constexpr std::string_view kExchange = "exchange:", kQueue = "queue:";
    if (text.starts_with(kExchange)) {
        text.remove_prefix(kExchange.size());
        if (!text.empty()) {
            const std::size_t slash = text.find('/');
            return Target{std::string(text.substr(0, slash)),
                slash == std::string_view::npos ? letter.routingKey : std::string(text.substr(slash + 1))};
        }
        if (letter.knowsExchange)
            return Target{letter.exchange, letter.routingKey};
        return fail(ErrorCode::InvalidArgument,
            "The letter does not say which exchange it was published to; name one with exchange:NAME/KEY.");
    }
    if (text.starts_with(kQueue))
        text.remove_prefix(kQueue.size());
    const std::string queue = text.empty() ? letter.queue : std::string(text);
    if (!queue.empty())
        return Target{{}, queue};
    if (letter.knowsExchange)
        return Target{letter.exchange, letter.routingKey};
    return fail(
        ErrorCode::InvalidArgument, "The letter does not say where it came from; name the queue that it shall go to.");
}

Status RabbitDeadLetters::publish(const Target& target, const MessageProperties& properties, std::string_view body)
{
    const std::string where = target.exchange.empty()
        ? fmt::format("the queue '{}'", target.routingKey)
        : fmt::format("the exchange '{}' with the routing key '{}'", target.exchange, target.routingKey);
    const auto inDoubt = [&](const core::Error& why) {
        return fail(ErrorCode::InDoubt,
            fmt::format("It was sent to {}, but whether it arrived is not known: {}", where, why.message));
    };
    if (m_connection->isBlocked())
        return fail(ErrorCode::Unreachable, "The broker takes no messages at present: it is short of memory or disk.");
    if (Status sent = m_connection->publish(kPublish, target.exchange, target.routingKey, true, properties, body);
        !sent)
        return m_connection->isLost() ? inDoubt(sent.error()) : sent;
    const std::uint64_t number = ++m_published;
    std::optional<core::Error> returned;
    const auto deadline = std::chrono::steady_clock::now() + m_rabbit.answerTimeout;
    for (;;) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
        const auto event = m_connection->next(std::max(left, std::chrono::milliseconds(0)));
        if (!event)
            return inDoubt(event.error());
        if (event->kind == AmqpEvent::Kind::Nothing && left.count() <= 0) {
            const bool isBlocked = m_connection->isBlocked();
            m_connection.reset(); // a late confirmation must not be taken for the next message's
            return inDoubt({ErrorCode::Timeout,
                isBlocked ? "the broker takes no messages at present: it is short of memory or disk."
                          : "the broker did not confirm it in time."});
        }
        if (event->channel != kPublish)
            continue;
        if (event->kind == AmqpEvent::Kind::ChannelClosed) {
            m_published = 0;
            Status opened = m_connection->openChannel(kPublish);
            if (opened)
                opened = m_connection->confirmSelect(kPublish);
            // Closed by this message: it was refused, so it did not arrive.
            const ErrorCode code
                = event->error.code == ErrorCode::NotFound ? ErrorCode::InvalidArgument : event->error.code;
            return fail(opened ? code : ErrorCode::InDoubt, event->error.message);
        }
        if (event->kind == AmqpEvent::Kind::Message && event->message.kind == Delivery::Kind::Returned) {
            returned = core::Error{ErrorCode::InvalidArgument,
                fmt::format("It came back from {} ({} {}): there is no queue for it; name another target.", where,
                    event->message.replyCode, event->message.replyText)};
        }
        const bool isOurs = event->tag == number || (event->multiple && (event->tag > number || event->tag == 0));
        if (event->kind == AmqpEvent::Kind::Confirmed && isOurs)
            return returned ? Status(std::unexpected(*returned)) : Status();
        if (event->kind == AmqpEvent::Kind::Rejected && isOurs)
            return fail(ErrorCode::Refused, fmt::format("The broker refused it for {}: the queue is full.", where));
    }
}

Status RabbitDeadLetters::remove(const DeadLetter& letter)
{
    const auto held = heldMessage(letter);
    if (!held)
        return std::unexpected(held.error());
    Held& queue = m_held.at(letter.queue);
    const std::uint64_t tag = (*held)->tag;
    queue.tags.erase(letter.id);
    m_cached.erase(letter.queue);
    return queue.hold->acknowledge(tag);
}

Status RabbitDeadLetters::acknowledge(const DeadLetter& letter)
{
    return deep<Status>([&] { return remove(letter); });
}

Status RabbitDeadLetters::discard(const DeadLetter& letter)
{
    return deep<Status>([&] { return remove(letter); });
}

Result<std::string> RabbitDeadLetters::keepsake(const DeadLetter& letter)
{
    return deep<Result<std::string>>([&]() -> Result<std::string> {
        const auto held = heldMessage(letter);
        if (!held)
            return std::unexpected(held.error());
        return keepsakeOf(**held);
    });
}

Status RabbitDeadLetters::restore(const DeadLetter& letter)
{
    return deep<Status>([&]() -> Status {
        const auto message = messageOfKeepsake(letter.keepsake);
        if (!message)
            return fail(ErrorCode::Unsupported,
                fmt::format(
                    "The journal has not kept all of the letter {}: it was discarded by an older version.", letter.id));
        if (Status connected = connect(); !connected)
            return connected;
        m_cached.erase(letter.queue);
        const OutgoingMessage back = restoring(*message, letter.queue, m_clock.now());
        return publish({back.exchange, back.routingKey}, back.properties, back.body);
    });
}

Result<core::SendState> RabbitDeadLetters::settle(std::string_view, const DeadLetter&)
{
    return core::SendState::Unknown; // its target's consumers may have it already
}

Result<std::optional<std::size_t>> RabbitDeadLetters::newerOfSameKey(const DeadLetter&)
{
    return std::nullopt;
}

std::string RabbitDeadLetters::returnsTo(const DeadLetter& letter) const
{
    return letter.original.stream.empty() ? "nowhere: the letter does not say where it came from"
                                          : fmt::format("the queue '{}'", letter.original.stream);
}

} // namespace eventscope::rabbitmq
