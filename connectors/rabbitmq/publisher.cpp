// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "publisher.h"

#include "deep_stack.h"

#include <fmt/format.h>

#include <algorithm>
#include <random>
#include <utility>

namespace eventscope::rabbitmq {

using core::ErrorCode;
using core::fail;
using core::Status;

namespace {

using Steady = std::chrono::steady_clock;

constexpr std::uint16_t kChannel = 1;
constexpr std::chrono::milliseconds kIdle{1000};
constexpr int kMostAttempts = 4; // that closed the channel or the connection

bool isSame(const OutgoingMessage& message, const Delivery& returned)
{
    if (message.exchange != returned.exchange || message.routingKey != returned.routingKey
        || message.body.size() != returned.bodySize || !std::string_view(message.body).starts_with(returned.body))
        return false;
    return propertiesFrom(*returned.properties).messageId == message.properties.messageId;
}

core::Error returnedError(const OutgoingMessage& message, const Delivery& returned)
{
    return {ErrorCode::NotFound,
        fmt::format(
            "The message was returned ({} {}): no queue is bound to the exchange '{}' for the routing key '{}'; "
            "bind one.",
            returned.replyCode, returned.replyText, message.exchange, message.routingKey)};
}

} // namespace

core::Result<std::shared_ptr<Publisher>> Publisher::open(const RabbitOptions& rabbit, PublisherOptions options)
{
    // An outcome may be what held the last pointer.
    const auto destroy = [](Publisher* publisher) {
        if (publisher->m_thread.get_id() == std::this_thread::get_id())
            std::thread([publisher] { delete publisher; }).detach();
        else
            delete publisher;
    };
    std::shared_ptr<Publisher> publisher(new Publisher(rabbit, std::move(options)), destroy);
    Status connected;
    withDeepStack([&] { connected = publisher->connect(); });
    if (!connected)
        return std::unexpected(connected.error());
    Publisher* self = publisher.get();
    publisher->m_thread
        = std::jthread([self](const std::stop_token& stop) { withDeepStack([&] { self->run(stop); }); });
    return publisher;
}

Publisher::Publisher(RabbitOptions rabbit, PublisherOptions options)
    : m_rabbit(std::move(rabbit)), m_options(std::move(options)), m_window(m_options.window)
{
}

Publisher::~Publisher()
{
    m_thread.request_stop();
    {
        const std::scoped_lock lock(m_mutex);
        if (m_sleeping != nullptr)
            m_sleeping->wake();
    }
    if (m_thread.joinable())
        m_thread.join();
}

void Publisher::send(OutgoingMessage message, Outcome outcome)
{
    const std::scoped_lock lock(m_mutex);
    m_arrived.push_back({std::move(message), std::move(outcome), Steady::now() + m_options.patience});
    if (m_sleeping != nullptr)
        m_sleeping->wake();
    m_changed.notify_all();
}

void Publisher::send(
    std::vector<OutgoingMessage> messages, const std::function<void(std::size_t, const Status&)>& outcome)
{
    const auto deadline = Steady::now() + m_options.patience;
    const std::scoped_lock lock(m_mutex);
    for (std::size_t i = 0; i < messages.size(); ++i)
        m_arrived.push_back({std::move(messages[i]), [outcome, i](const Status& s) { outcome(i, s); }, deadline});
    if (m_sleeping != nullptr)
        m_sleeping->wake();
    m_changed.notify_all();
}

void Publisher::say(std::string_view sentence) const
{
    if (m_options.onState)
        m_options.onState(sentence);
}

Status Publisher::connect()
{
    auto opened = AmqpConnection::open(m_rabbit);
    if (!opened)
        return std::unexpected(opened.error());
    m_connection = std::move(*opened);
    Status ready = openChannel();
    if (ready && m_options.topology)
        ready = m_options.topology(*m_connection);
    if (!ready)
        m_connection.reset();
    return ready;
}

Status Publisher::openChannel()
{
    m_unconfirmed.restart();
    if (Status opened = m_connection->openChannel(kChannel); !opened)
        return opened;
    return m_connection->confirmSelect(kChannel);
}

void Publisher::run(std::stop_token stop)
{
    while (!stop.stop_requested()) {
        if (!m_connection) {
            if (const Status connected = connect(); !connected) {
                say(connected.error().message);
                expire(connected.error());
                waitBeforeReconnect(stop);
                continue;
            }
            say(fmt::format("Connected to {} again.", m_connection->address()));
        }
        const Status worked = work(stop);
        {
            const std::scoped_lock lock(m_mutex);
            m_sleeping = nullptr;
        }
        if (worked)
            continue;
        say(worked.error().message);
        resendUnconfirmed(false);
        m_connection.reset();
        expire(worked.error());
        if (m_failures++ > 0)
            waitBeforeReconnect(stop);
    }
    finishAll({ErrorCode::Cancelled, "The bus was closed before the broker had confirmed the message."});
    m_connection.reset();
}

void Publisher::waitBeforeReconnect(std::stop_token stop)
{
    static thread_local std::minstd_rand random{std::random_device{}()};
    const int exponent = std::min(m_failures++, 6);
    const auto longest = std::chrono::milliseconds(50) * (1 << exponent);
    const auto pause
        = longest / 2 + std::chrono::milliseconds(random() % static_cast<unsigned>(longest.count() / 2 + 1));
    std::unique_lock lock(m_mutex);
    m_changed.wait_for(lock, stop, pause, [] { return false; });
}

// Until it is stopped (success) or the connection is lost.
Status Publisher::work(std::stop_token stop)
{
    {
        const std::scoped_lock lock(m_mutex);
        m_sleeping = m_connection.get();
    }
    auto lastExpiry = Steady::now();
    while (!stop.stop_requested()) {
        if (Status sent = sendWaiting(); !sent)
            return sent;
        const auto event = m_connection->next(kIdle);
        if (!event)
            return std::unexpected(event.error());
        if (Status taken = take(*event); !taken)
            return taken;
        if (const auto now = Steady::now(); now >= lastExpiry + kIdle) {
            lastExpiry = now;
            expire({ErrorCode::Timeout, "The broker did not confirm it in time."});
        }
    }
    return {};
}

Status Publisher::sendWaiting()
{
    {
        const std::scoped_lock lock(m_mutex);
        std::ranges::move(m_arrived, std::back_inserter(m_waiting));
        m_arrived.clear();
    }
    while (!m_waiting.empty() && m_unconfirmed.size() < m_window && !m_connection->isBlocked()) {
        Request request = std::move(m_waiting.front());
        m_waiting.pop_front();
        const OutgoingMessage& message = request.message;
        const Status sent = m_connection->publish(
            kChannel, message.exchange, message.routingKey, true, message.properties, message.body);
        if (!sent && !m_connection->isLost()) {
            request.outcome(sent); // it cannot be put into frames at all
            continue;
        }
        request.wasSent = true;
        m_unconfirmed.add(std::move(request));
        if (!sent)
            return sent;
    }
    return {};
}

Status Publisher::take(const AmqpEvent& event)
{
    switch (event.kind) {
    case AmqpEvent::Kind::Confirmed:
        for (Request& request : m_unconfirmed.take(event.tag, event.multiple)) {
            if (request.outcome)
                request.outcome({});
        }
        m_failures = 0;
        m_window = std::min(2 * m_window, m_options.window);
        return {};
    case AmqpEvent::Kind::Rejected:
        for (Request& request : m_unconfirmed.take(event.tag, event.multiple)) {
            if (request.outcome) {
                request.outcome(fail(ErrorCode::Refused,
                    fmt::format(
                        "The broker refused the message for '{}' ('{}'): a queue there is full and takes no more.",
                        request.message.exchange, request.message.routingKey)));
            }
        }
        return {};
    case AmqpEvent::Kind::Message:
        // A return comes before the confirmation of the same message, which then has nobody to tell.
        for (auto& [number, request] : m_unconfirmed) {
            if (request.outcome && isSame(request.message, event.message)) {
                std::exchange(request.outcome, nullptr)(std::unexpected(returnedError(request.message, event.message)));
                break;
            }
        }
        return {};
    case AmqpEvent::Kind::ChannelClosed: return reopenChannel(event.error);
    case AmqpEvent::Kind::Blocked:
        say(fmt::format("{} takes no messages at present ({}); they wait here.", m_connection->address(), event.text));
        return {};
    case AmqpEvent::Kind::Unblocked: say("The broker takes messages again."); return {};
    default: return {};
    }
}

Status Publisher::reopenChannel(const core::Error& why)
{
    say(why.message);
    // Which of them did it is not told: from here one at a time, until one is confirmed.
    resendUnconfirmed(true);
    m_window = 1;
    expire(why);
    if (Status opened = openChannel(); !opened)
        return opened;
    return m_options.topology ? m_options.topology(*m_connection) : Status();
}

void Publisher::resendUnconfirmed(bool isTheirFault)
{
    std::vector<Request> unconfirmed = m_unconfirmed.takeAll();
    std::erase_if(unconfirmed, [](const Request& request) { return !request.outcome; }); // returned: told already
    if (isTheirFault && unconfirmed.size() == 1)
        ++unconfirmed.front().attempts;
    for (auto request = unconfirmed.rbegin(); request != unconfirmed.rend(); ++request)
        m_waiting.push_front(std::move(*request));
}

// Gives up on those whose time is over, or that closed the channel too often.
void Publisher::expire(const core::Error& why)
{
    {
        const std::scoped_lock lock(m_mutex);
        std::ranges::move(m_arrived, std::back_inserter(m_waiting));
        m_arrived.clear();
    }
    const auto now = Steady::now();
    std::vector<Request> over;
    for (auto request = m_waiting.begin(); request != m_waiting.end();) {
        const bool isOver = request->deadline <= now || request->attempts >= kMostAttempts;
        if (isOver)
            over.push_back(std::move(*request));
        request = isOver ? m_waiting.erase(request) : std::next(request);
    }
    for (const Request& request : over) {
        const bool isRefused = request.attempts >= kMostAttempts;
        const ErrorCode code = isRefused ? why.code : request.wasSent ? ErrorCode::InDoubt : ErrorCode::Unreachable;
        request.outcome(fail(code,
            isRefused             ? why.message
                : request.wasSent ? "It was sent, but whether it arrived is not known: " + why.message
                                  : "It was not sent: " + why.message));
    }
    // A queue that is there and confirms nothing must not keep the window shut for the others.
    for (Request& request : m_unconfirmed.takeIf([&](const Request& each) { return each.deadline <= now; })) {
        if (request.outcome)
            request.outcome(
                fail(ErrorCode::InDoubt, "It was sent, but whether it arrived is not known: " + why.message));
    }
}

void Publisher::finishAll(const core::Error& why)
{
    resendUnconfirmed(false);
    expire(why);
    for (const Request& request : std::exchange(m_waiting, {})) {
        request.outcome(request.wasSent
                ? fail(ErrorCode::InDoubt, "It was sent, but whether it arrived is not known: " + why.message)
                : std::unexpected(why));
    }
}

} // namespace eventscope::rabbitmq
