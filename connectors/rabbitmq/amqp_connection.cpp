// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "amqp_connection.h"

#include "amqp_assembly.h"
#include "amqp_error.h"
#include "amqp_library.h"
#include "amqp_pool.h"
#include "send_watchdog.h"

#include <fmt/format.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <utility>

namespace eventscope::rabbitmq {

using core::ErrorCode;
using core::fail;
using core::Result;
using core::Status;

namespace {

constexpr int kFrameMax = 131'072;
constexpr int kChannelMax = 16;
constexpr std::chrono::milliseconds kFarewell{1000};

timeval toTimeval(std::chrono::milliseconds time)
{
    timeval value{};
    value.tv_sec = static_cast<decltype(value.tv_sec)>(time.count() / 1000);
    value.tv_usec = static_cast<decltype(value.tv_usec)>(time.count() % 1000 * 1000);
    return value;
}

std::string systemCaFile()
{
    for (const char* file : {"/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt"}) {
        std::error_code ignored;
        if (std::filesystem::exists(file, ignored))
            return file;
    }
    return {};
}

} // namespace

void AmqpConnection::Handle::operator()(amqp_connection_state_t_* state) const noexcept
{
    amqp_destroy_connection(state);
}

AmqpConnection::AmqpConnection(const RabbitOptions& options, int wakeDescriptor)
    : m_address(options.display())
    , m_answerTimeout(options.answerTimeout)
    , m_state(amqp_new_connection())
    , m_wake(wakeDescriptor)
{
}

AmqpConnection::~AmqpConnection()
{
    m_watchdog.reset();
    if (m_state && !m_isLost && !m_version.empty()) {
        const timeval farewell = toTimeval(kFarewell);
        amqp_set_rpc_timeout(m_state.get(), &farewell);
        amqp_connection_close(m_state.get(), AMQP_REPLY_SUCCESS);
    }
    m_assemblies.clear();
    ::close(m_wake);
}

Result<std::unique_ptr<AmqpConnection>> AmqpConnection::open(const RabbitOptions& options)
{
    const int wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (wake < 0)
        return fail(ErrorCode::Io, "No more files can be opened.");
    std::unique_ptr<AmqpConnection> connection(new AmqpConnection(options, wake));
    if (Status connected = connection->connect(options); !connected)
        return std::unexpected(connected.error());
    return connection;
}

Status AmqpConnection::connect(const RabbitOptions& options)
{
    const timeval patience = toTimeval(options.answerTimeout);
    amqp_set_handshake_timeout(m_state.get(), &patience);
    amqp_set_rpc_timeout(m_state.get(), &patience);
    if (Status opened = openSocket(options); !opened)
        return opened;
    if (Status ready = logIn(options); !ready)
        return ready;
    m_watchdog = std::make_unique<SendWatchdog>(amqp_get_sockfd(m_state.get()));
    m_version = "unknown";
    if (const amqp_table_t* properties = amqp_get_server_properties(m_state.get())) {
        bool ignored = false;
        const AmqpTable server = tableFrom(*properties, ignored);
        if (const AmqpValue* version = find(server, "version"))
            m_version = version->text();
    }
    return {};
}

Status AmqpConnection::openSocket(const RabbitOptions& options)
{
    constexpr std::string_view kDoing = "Connecting";
    amqp_socket_t* socket = options.tls ? amqp_ssl_socket_new(m_state.get()) : amqp_tcp_socket_new(m_state.get());
    if (socket == nullptr)
        return lost({ErrorCode::Io, "There is no memory for a connection."});
    if (options.tls) {
        amqp_ssl_socket_set_verify_peer(socket, options.verifyPeer ? 1 : 0);
        amqp_ssl_socket_set_verify_hostname(socket, options.verifyPeer ? 1 : 0);
        amqp_ssl_socket_set_ssl_versions(socket, AMQP_TLSv1_2, AMQP_TLSvLATEST);
        const std::string caFile = options.caFile.empty() ? systemCaFile() : options.caFile;
        if (options.verifyPeer && amqp_ssl_socket_set_cacert(socket, caFile.c_str()) != AMQP_STATUS_OK)
            return lost({ErrorCode::InvalidArgument,
                fmt::format("The certificates in '{}' cannot be read; name a file with ?cacert=FILE.", caFile)});
    }
    const timeval patience = toTimeval(options.connectTimeout);
    const int status = amqp_socket_open_noblock(socket, options.host.c_str(), options.port, &patience);
    if (status != AMQP_STATUS_OK)
        return lost(libraryError(status, m_address, kDoing));
    return {};
}

Status AmqpConnection::logIn(const RabbitOptions& options)
{
    AmqpPool pool;
    const AmqpTable client{{"product", "Eventscope"}, {"connection_name", options.clientName},
        {"capabilities",
            AmqpTable{{"connection.blocked", true}, {"consumer_cancel_notify", true}, {"basic.nack", true},
                {"publisher_confirms", true}, {"authentication_failure_close", true}}}};
    const amqp_table_t properties = toLibrary(client, pool.get());
    const amqp_rpc_reply_t reply = amqp_login_with_properties(m_state.get(), options.vhost.c_str(), kChannelMax,
        kFrameMax, static_cast<int>(options.heartbeat.count()), &properties, AMQP_SASL_METHOD_PLAIN,
        options.user.c_str(), options.password.c_str());
    Status in = replied(reply, 0, fmt::format("Logging in to {} as {}", m_address, options.user));
    // A port for TLS hangs up on who speaks without it.
    const auto& [type, method, status] = reply;
    const bool hungUp = type == AMQP_RESPONSE_LIBRARY_EXCEPTION
        && (status == AMQP_STATUS_SOCKET_ERROR || status == AMQP_STATUS_CONNECTION_CLOSED);
    if (!in && hungUp && !options.tls)
        return lost({in.error().code,
            fmt::format("Logging in to {} as {}: what listens there hung up; check the port, and whether it wants TLS "
                        "(amqps://).",
                m_address, options.user)});
    return in;
}

int AmqpConnection::serverMajor() const
{
    int major = 0;
    std::from_chars(m_version.data(), m_version.data() + m_version.size(), major);
    return major;
}

std::unexpected<core::Error> AmqpConnection::lost(core::Error error)
{
    m_isLost = true;
    if (m_watchdog && m_watchdog->hasBitten()) {
        error = {ErrorCode::Timeout,
            fmt::format("The broker at {} has taken nothing for {} s{}; nothing more was sent.", m_address,
                std::chrono::duration_cast<std::chrono::seconds>(m_answerTimeout).count(),
                m_isBlocked ? ", because it is short of memory or disk" : "")};
    } else if (m_isBlocked && error.code == ErrorCode::Timeout) {
        error.message += " It is short of memory or disk, and reads nothing of who publishes until it is not.";
    }
    m_lastError = error;
    return std::unexpected(std::move(error));
}

Status AmqpConnection::replied(const amqp_rpc_reply_t_& reply, std::uint16_t channel, std::string_view doing)
{
    if (reply.reply_type == AMQP_RESPONSE_NORMAL)
        return {};
    if (reply.reply_type == AMQP_RESPONSE_SERVER_EXCEPTION) {
        if (reply.reply.id == AMQP_CHANNEL_CLOSE_METHOD) {
            const auto* close = static_cast<const amqp_channel_close_t*>(reply.reply.decoded);
            core::Error error = brokerError(close->reply_code, viewOf(close->reply_text), doing);
            amqp_channel_close_ok_t ok{};
            amqp_send_method(m_state.get(), channel, AMQP_CHANNEL_CLOSE_OK_METHOD, &ok);
            m_assemblies.erase(channel);
            return std::unexpected(std::move(error));
        }
        if (reply.reply.id == AMQP_CONNECTION_CLOSE_METHOD) {
            const auto* close = static_cast<const amqp_connection_close_t*>(reply.reply.decoded);
            core::Error error = brokerError(close->reply_code, viewOf(close->reply_text), doing);
            amqp_connection_close_ok_t ok{};
            amqp_send_method(m_state.get(), 0, AMQP_CONNECTION_CLOSE_OK_METHOD, &ok);
            return lost(std::move(error));
        }
        return lost({ErrorCode::Unreachable, fmt::format("{}: the broker's answer makes no sense.", doing)});
    }
    const auto& [type, method, status] = reply;
    const bool isTold = type == AMQP_RESPONSE_LIBRARY_EXCEPTION;
    return lost(libraryError(isTold ? status : static_cast<int>(AMQP_STATUS_SOCKET_ERROR), m_address, doing));
}

Status AmqpConnection::answered(std::uint16_t channel, std::string_view doing)
{
    if (m_isLost)
        return std::unexpected(m_lastError);
    return replied(amqp_get_rpc_reply(m_state.get()), channel, doing);
}

Status AmqpConnection::sent(int status, std::string_view doing)
{
    if (status == AMQP_STATUS_OK)
        return {};
    if (status == AMQP_STATUS_TABLE_TOO_BIG || status == AMQP_STATUS_INVALID_PARAMETER)
        return fail(ErrorCode::InvalidArgument,
            fmt::format(
                "{}: its headers do not fit one frame of {} bytes, or a name is longer than 255.", doing, kFrameMax));
    return lost(libraryError(status, m_address, doing));
}

Status AmqpConnection::openChannel(std::uint16_t channel)
{
    amqp_channel_open(m_state.get(), channel);
    return answered(channel, "Opening a channel");
}

Status AmqpConnection::closeChannel(std::uint16_t channel)
{
    m_assemblies.erase(channel);
    return replied(amqp_channel_close(m_state.get(), channel, AMQP_REPLY_SUCCESS), channel, "Closing a channel");
}

Status AmqpConnection::confirmSelect(std::uint16_t channel)
{
    amqp_confirm_select(m_state.get(), channel);
    return answered(channel, "Asking for confirmations");
}

Status AmqpConnection::declareExchange(std::uint16_t channel, std::string_view name, std::string_view type)
{
    amqp_exchange_declare(
        m_state.get(), channel, bytesOf(name), bytesOf(type), 0, 1 /* durable */, 0, 0, amqp_empty_table);
    return answered(channel, fmt::format("Declaring the exchange '{}'", name));
}

Status AmqpConnection::expectExchange(std::uint16_t channel, std::string_view name)
{
    amqp_exchange_declare(
        m_state.get(), channel, bytesOf(name), bytesOf("topic"), 1 /* passive */, 0, 0, 0, amqp_empty_table);
    return answered(channel, fmt::format("Looking for the exchange '{}'", name));
}

Status AmqpConnection::deleteExchange(std::uint16_t channel, std::string_view name)
{
    amqp_exchange_delete(m_state.get(), channel, bytesOf(name), 0);
    return answered(channel, fmt::format("Deleting the exchange '{}'", name));
}

Result<QueueState> AmqpConnection::declareQueue(std::uint16_t channel, const QueueSpec& spec)
{
    AmqpPool pool;
    const amqp_queue_declare_ok_t* ok
        = amqp_queue_declare(m_state.get(), channel, bytesOf(spec.name), spec.passive ? 1 : 0, spec.durable ? 1 : 0,
            spec.exclusive ? 1 : 0, spec.autoDelete ? 1 : 0, toLibrary(spec.arguments, pool.get()));
    const Status status
        = answered(channel, fmt::format("{} the queue '{}'", spec.passive ? "Looking for" : "Declaring", spec.name));
    if (!status)
        return std::unexpected(status.error());
    return QueueState{std::string(viewOf(ok->queue)), ok->message_count, ok->consumer_count};
}

Status AmqpConnection::bindQueue(std::uint16_t channel, std::string_view queue, std::string_view exchange,
    std::string_view key, const AmqpTable& arguments)
{
    AmqpPool pool;
    amqp_queue_bind(
        m_state.get(), channel, bytesOf(queue), bytesOf(exchange), bytesOf(key), toLibrary(arguments, pool.get()));
    return answered(channel, fmt::format("Binding the queue '{}' to the exchange '{}'", queue, exchange));
}

Status AmqpConnection::deleteQueue(std::uint16_t channel, std::string_view name)
{
    amqp_queue_delete(m_state.get(), channel, bytesOf(name), 0, 0);
    return answered(channel, fmt::format("Deleting the queue '{}'", name));
}

Status AmqpConnection::limitUnacknowledged(std::uint16_t channel, std::uint16_t count)
{
    amqp_basic_qos(m_state.get(), channel, 0, count, 0);
    return answered(channel, "Setting the prefetch");
}

Status AmqpConnection::consume(std::uint16_t channel, std::string_view queue, bool withoutAck,
    const AmqpTable& arguments, std::string_view consumer)
{
    AmqpPool pool;
    amqp_basic_consume(m_state.get(), channel, bytesOf(queue), bytesOf(consumer), 0, withoutAck ? 1 : 0, 0,
        toLibrary(arguments, pool.get()));
    return answered(channel, fmt::format("Consuming from '{}'", queue));
}

Status AmqpConnection::get(std::uint16_t channel, std::string_view queue)
{
    if (m_isLost)
        return std::unexpected(m_lastError);
    amqp_basic_get_t method{};
    method.queue = bytesOf(queue);
    return sent(amqp_send_method(m_state.get(), channel, AMQP_BASIC_GET_METHOD, &method),
        fmt::format("Getting from '{}'", queue));
}

Status AmqpConnection::ack(std::uint16_t channel, std::uint64_t tag, bool multiple)
{
    if (m_isLost)
        return std::unexpected(m_lastError);
    return sent(amqp_basic_ack(m_state.get(), channel, tag, multiple ? 1 : 0), "Acknowledging a message");
}

Status AmqpConnection::nackToQueue(std::uint16_t channel, std::uint64_t tag, bool multiple)
{
    if (m_isLost)
        return std::unexpected(m_lastError);
    return sent(
        amqp_basic_nack(m_state.get(), channel, tag, multiple ? 1 : 0, 1 /* requeue */), "Putting messages back");
}

Status AmqpConnection::publish(std::uint16_t channel, std::string_view exchange, std::string_view key, bool mandatory,
    const MessageProperties& properties, std::string_view body)
{
    if (m_isLost)
        return std::unexpected(m_lastError);
    AmqpPool pool;
    const amqp_basic_properties_t_ library = toLibrary(properties, pool.get());
    m_watchdog->arm(m_answerTimeout);
    const int status = amqp_basic_publish(
        m_state.get(), channel, bytesOf(exchange), bytesOf(key), mandatory ? 1 : 0, 0, &library, bytesOf(body));
    m_watchdog->disarm();
    return sent(status, "Publishing a message");
}

} // namespace eventscope::rabbitmq
