// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "kafka_client.h"

#include "kafka_error.h"

#include <fmt/format.h>

#include <array>

namespace eventscope::kafka {

using core::ErrorCode;
using core::Result;
using core::Status;

namespace {

/// How long a broker that refuses connections may take to come back, before it counts as not there.
constexpr std::chrono::milliseconds kRestart{1500};

Status setProperty(rd_kafka_conf_t& conf, const Property& property)
{
    std::array<char, 512> reason{};
    if (rd_kafka_conf_set(&conf, property.first.c_str(), property.second.c_str(), reason.data(), reason.size())
        == RD_KAFKA_CONF_OK) {
        return {};
    }
    // The library repeats the value, which may be a secret: only the name is said.
    return fail(ErrorCode::InvalidArgument,
        fmt::format(
            "Kafka's client does not take what was given for '{}': there is no such property, or it cannot have "
            "this value (librdkafka {}).",
            property.first, rd_kafka_version_str()));
}

} // namespace

Result<std::unique_ptr<Client>> Client::make(Kind kind, const ConnectOptions& options, std::span<const Property> ours,
    std::function<void(rd_kafka_conf_t&)> configure)
{
    if (Status allowed = checkProperties(options); !allowed) {
        return std::unexpected(std::move(allowed.error()));
    }
    std::unique_ptr<Client> client(new Client(kind, options));
    Conf conf(rd_kafka_conf_new());
    const std::array<Property, 7> defaults{{
        {"bootstrap.servers", options.brokers},
        {"client.id", "eventscope"},
        {"socket.timeout.ms", "10000"},
        {"socket.keepalive.enable", "true"},
        {"reconnect.backoff.max.ms", "2000"},
        {"topic.metadata.refresh.interval.ms", "30000"},
        {"receive.message.max.bytes", "300000000"},
    }};
    for (const auto& list :
        {std::span<const Property>(defaults), std::span<const Property>(options.properties), ours}) {
        for (const Property& property : list) {
            if (Status set = setProperty(*conf, property); !set) {
                return std::unexpected(std::move(set.error()));
            }
        }
    }
    rd_kafka_conf_set_opaque(conf.get(), client.get());
    rd_kafka_conf_set_error_cb(conf.get(), &Client::onError);
    rd_kafka_conf_set_log_cb(conf.get(), &Client::onLog);
    if (options.onRequest) {
        rd_kafka_conf_interceptor_add_on_new(conf.get(), "eventscope", &Client::onNew, client.get());
    }
    if (configure) {
        configure(*conf);
    }
    std::array<char, 512> reason{};
    const auto type = kind == Kind::Consumer ? RD_KAFKA_CONSUMER : RD_KAFKA_PRODUCER;
    client->m_handle = rd_kafka_new(type, conf.get(), reason.data(), reason.size());
    if (!client->m_handle) {
        return fail(ErrorCode::InvalidArgument, fmt::format("Kafka's client cannot start: {}.", reason.data()));
    }
    conf.release(); // rd_kafka_new() owns it only once it has succeeded
    return client;
}

Client::~Client()
{
    if (m_handle) {
        // A consumer of ours that joined a group closes itself; the others have nothing to say goodbye to.
        rd_kafka_destroy_flags(m_handle, m_kind == Kind::Consumer ? RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE : 0);
    }
}

void Client::onError(rd_kafka_t*, int code, const char* reason, void* self)
{
    static_cast<Client*>(self)->note(static_cast<rd_kafka_resp_err_t>(code), reason ? reason : "");
}

rd_kafka_resp_err_t Client::onNew(rd_kafka_t* handle, const rd_kafka_conf_t*, void* self, char*, std::size_t)
{
    return rd_kafka_interceptor_add_on_request_sent(handle, "eventscope", &Client::onRequestSent, self);
}

rd_kafka_resp_err_t Client::onRequestSent(rd_kafka_t*, int, const char*, std::int32_t, std::int16_t apiKey,
    std::int16_t, std::int32_t, std::size_t, void* self)
{
    static_cast<Client*>(self)->m_onRequest(apiKey);
    return RD_KAFKA_RESP_ERR_NO_ERROR;
}

void Client::onLog(const rd_kafka_t*, int, const char*, const char*) { }

void Client::note(rd_kafka_resp_err_t code, std::string_view reason)
{
    if (code == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN) {
        m_allDown.fetch_add(1, std::memory_order_relaxed);
        return;
    }
    if (code == RD_KAFKA_RESP_ERR__AUTHENTICATION || code == RD_KAFKA_RESP_ERR__SSL) {
        m_refused.store(true, std::memory_order_relaxed);
    }
    const std::scoped_lock lock(m_mutex);
    m_lastCode = code;
    m_lastReason = reason;
}

/// Every broker was tried and none was there, for a moment already; or they will have none of us.
bool Client::isHopeless(std::chrono::steady_clock::duration waited) const
{
    return m_refused.load(std::memory_order_relaxed) || (isCutOff() && waited > kRestart);
}

Result<Metadata> Client::metadata(rd_kafka_topic_t* topic, std::stop_token stop)
{
    const auto begin = std::chrono::steady_clock::now();
    m_allDown.store(0, std::memory_order_relaxed);
    rd_kafka_resp_err_t error = RD_KAFKA_RESP_ERR__TIMED_OUT;
    while (!stop.stop_requested() && std::chrono::steady_clock::now() < begin + kAnswerTime) {
        const rd_kafka_metadata_t* found = nullptr;
        error = rd_kafka_metadata(m_handle, topic ? 0 : 1, topic, &found, static_cast<int>(kSlice.count()) * 5);
        poll();
        if (error == RD_KAFKA_RESP_ERR_NO_ERROR) {
            m_allDown.store(0, std::memory_order_relaxed);
            return Metadata(found);
        }
        if (isHopeless(std::chrono::steady_clock::now() - begin)) {
            break;
        }
    }
    if (stop.stop_requested()) {
        return fail(ErrorCode::Cancelled, "It was stopped before the cluster answered.");
    }
    return std::unexpected(explain(error, fmt::format("Kafka at {} cannot be reached", m_brokers)));
}

core::Error Client::explain(rd_kafka_resp_err_t code, std::string_view what) const
{
    const bool ofConnection = code == RD_KAFKA_RESP_ERR__TRANSPORT || code == RD_KAFKA_RESP_ERR__TIMED_OUT
        || code == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN;
    const std::scoped_lock lock(m_mutex);
    if (ofConnection && m_lastCode != RD_KAFKA_RESP_ERR_NO_ERROR) {
        return toError(m_lastCode, what, m_lastReason);
    }
    return toError(code, what);
}

} // namespace eventscope::kafka
