// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/error.h"
#include "kafka_handles.h"
#include "kafka_options.h"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>

namespace eventscope::kafka {

/// How often blocking calls look whether they are to stop.
inline constexpr std::chrono::milliseconds kSlice{100};
/// How long one answer of a broker is waited for.
inline constexpr std::chrono::milliseconds kAnswerTime{10'000};

/// One client of librdkafka with its configuration, its errors and its end. It says nothing on
/// standard error; what a broker connection failed of is kept for the sentence that tells of it.
/// One thread at a time, but for explain().
class Client {
public:
    enum class Kind { Consumer, Producer };

    /// `ours` beats what the options say. InvalidArgument for a property that librdkafka refuses.
    static core::Result<std::unique_ptr<Client>> make(Kind kind, const ConnectOptions& options,
        std::span<const Property> ours, std::function<void(rd_kafka_conf_t&)> configure = {});
    ~Client();
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    rd_kafka_t* get() const { return m_handle; }

    /// The cluster's topics, or one of them; waits until a broker answers, but not for ever. The first
    /// call tells in a sentence why none does.
    core::Result<Metadata> metadata(rd_kafka_topic_t* topic, std::stop_token stop);

    /// Serves the callbacks that are due.
    void poll() { rd_kafka_poll(m_handle, 0); }

    /// The error as a sentence, with the reason that the connection's last failure gave.
    core::Error explain(rd_kafka_resp_err_t code, std::string_view what) const;

    /// Whom the callbacks that `configure` set find through their opaque pointer, which is this client.
    void setUser(void* user) { m_user = user; }
    void* user() const { return m_user; }

    /// True once no broker could be reached any more, until metadata() found one again.
    bool isCutOff() const { return m_allDown.load(std::memory_order_relaxed) > 0; }

private:
    Client(Kind kind, const ConnectOptions& options)
        : m_kind(kind), m_brokers(options.brokers), m_onRequest(options.onRequest)
    {
    }

    static void onError(rd_kafka_t*, int code, const char* reason, void* self);
    static rd_kafka_resp_err_t onNew(
        rd_kafka_t* handle, const rd_kafka_conf_t*, void* self, char* reason, std::size_t size);
    static rd_kafka_resp_err_t onRequestSent(rd_kafka_t*, int socket, const char* broker, std::int32_t brokerId,
        std::int16_t apiKey, std::int16_t version, std::int32_t correlation, std::size_t size, void* self);
    static void onLog(const rd_kafka_t* handle, int level, const char* facility, const char* text);
    void note(rd_kafka_resp_err_t code, std::string_view reason);
    bool isHopeless(std::chrono::steady_clock::duration waited) const;

    const Kind m_kind;
    const std::string m_brokers;
    const std::function<void(int)> m_onRequest;
    mutable std::mutex m_mutex;
    rd_kafka_resp_err_t m_lastCode = RD_KAFKA_RESP_ERR_NO_ERROR;
    std::string m_lastReason;
    std::atomic<int> m_allDown{0};
    std::atomic<bool> m_refused{false}; // credentials or certificates: trying again does not help
    void* m_user = nullptr;
    rd_kafka_t* m_handle = nullptr;
};

} // namespace eventscope::kafka
