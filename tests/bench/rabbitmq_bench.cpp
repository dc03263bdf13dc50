// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench.h"
#include "child_process.h"

#include "amqp_library.h"
#include "amqp_pool.h"
#include "event/clock.h"
#include "event/ids.h"
#include "event/json.h"
#include "event_message.h"
#include "inspect/event_log.h"
#include "management_api.h"
#include "rabbit_bus.h"
#include "rabbit_source.h"

#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

using namespace eventscope;
using namespace eventscope::bench;
using namespace eventscope::rabbitmq;

namespace {

constexpr std::size_t kEvents = 120'000; // runs of some seconds: the broker gives 35 to 50 thousand a second
constexpr int kPrefetch = 2000;
constexpr std::uint64_t kAckEvery = 500;
constexpr std::uint16_t kChannel = 1;

std::optional<RabbitOptions> broker()
{
    const char* port = std::getenv("EVENTSCOPE_TEST_RABBITMQ_PORT");
    const char* management = std::getenv("EVENTSCOPE_TEST_RABBITMQ_MANAGEMENT");
    if (!port || !management)
        return std::nullopt;
    RabbitOptions options;
    options.host = "127.0.0.1";
    options.port = static_cast<std::uint16_t>(std::stoi(port));
    options.management = management;
    return options;
}

core::RecordedEvent orderEvent(std::size_t number)
{
    core::RecordedEvent event;
    event.id = fmt::format("0190b6f0-7c1a-7000-8000-{:012x}", number);
    event.type = "OrderPlaced";
    event.stream = fmt::format("order-{:06}", number % 5000);
    event.version = {static_cast<std::int64_t>(number / 5000) + 1};
    event.time = core::Timestamp(std::chrono::microseconds(1'700'000'000'000'000 + static_cast<std::int64_t>(number)));
    event.metadata.correlationId = fmt::format("flow-{:06}", number % 5000);
    event.data = fmt::format(R"({{"orderId":"{:06}","customerId":"customer-{}","totalAmount":38.00,"currency":"EUR"}})",
        number % 5000, number % 97);
    return event;
}

/// A virtual host with an exchange, and a stream of kEvents events of 300 bytes.
class Stage {
public:
    explicit Stage(RabbitOptions options) : m_options(std::move(options)), m_management(m_options)
    {
        m_options.vhost = "bench-" + core::UuidV7Generator(m_clock).next();
        if (!m_management.send("PUT", "vhosts/" + m_options.vhost)
            || !m_management.send("PUT", "permissions/" + m_options.vhost + '/' + m_options.user,
                R"({"configure":".*","write":".*","read":".*"})"))
            throw std::runtime_error("the broker made no virtual host");
        auto opened = RabbitBus::open(m_options, m_clock, {.window = 2000, .keepIn = "log"});
        if (!opened)
            throw std::runtime_error(opened.error().message);
        std::vector<core::RecordedEvent> events;
        for (std::size_t i = 0; i < kEvents; ++i)
            events.push_back(orderEvent(i));
        if (const core::Status published = (*opened)->publishBatch(events); !published)
            throw std::runtime_error(published.error().message);
    }
    ~Stage() { static_cast<void>(m_management.send("DELETE", "vhosts/" + m_options.vhost)); }
    Stage(const Stage&) = delete;
    Stage& operator=(const Stage&) = delete;

    const RabbitOptions& options() const { return m_options; }

private:
    core::SystemClock m_clock;
    RabbitOptions m_options;
    ManagementApi m_management;
};

/// Into the log, until all are there.
class LogSink final : public core::EventSink {
public:
    explicit LogSink(core::EventLog& log) : m_log(log) { }
    bool deliver(std::span<const core::SourceEvent> batch) override
    {
        for (const core::SourceEvent& event : batch)
            m_positions += static_cast<std::uint64_t>(event.position);
        m_log.append(batch);
        m_count += batch.size();
        return m_count < kEvents;
    }
    Work work() const { return {static_cast<double>(m_count), m_positions}; }

private:
    core::EventLog& m_log;
    std::size_t m_count = 0;
    std::uint64_t m_positions = 0;
};

Work consumeIntoLog(const RabbitOptions& options)
{
    auto source = RabbitSource::open("rabbit", options, {.live = false});
    core::EventLog log;
    LogSink sink(log);
    if (!source || !(*source)->follow(core::Source::kBeginning, sink, {}))
        return {};
    return sink.work();
}

// What the library's own example does, and nothing else.
class BareConnection {
public:
    explicit BareConnection(const RabbitOptions& options) : m_state(amqp_new_connection())
    {
        amqp_socket_t* socket = amqp_tcp_socket_new(m_state);
        if (!socket || amqp_socket_open(socket, options.host.c_str(), options.port) != AMQP_STATUS_OK)
            throw std::runtime_error("the bare connection was refused");
        const amqp_rpc_reply_t reply = amqp_login(m_state, options.vhost.c_str(), 0, 131'072, 0, AMQP_SASL_METHOD_PLAIN,
            options.user.c_str(), options.password.c_str());
        if (reply.reply_type != AMQP_RESPONSE_NORMAL || !amqp_channel_open(m_state, kChannel))
            throw std::runtime_error("the bare connection was not let in");
    }
    ~BareConnection() { amqp_destroy_connection(m_state); }
    BareConnection(const BareConnection&) = delete;
    BareConnection& operator=(const BareConnection&) = delete;

    amqp_connection_state_t get() const { return m_state; }

private:
    amqp_connection_state_t m_state;
};

std::uint64_t offsetOf(const amqp_table_t& headers)
{
    for (int i = 0; i < headers.num_entries; ++i) {
        if (viewOf(headers.entries[i].key) == "x-stream-offset")
            return static_cast<std::uint64_t>(headers.entries[i].value.value.i64);
    }
    return 0;
}

Work consumeBare(const RabbitOptions& options)
{
    const BareConnection connection(options);
    amqp_basic_qos(connection.get(), kChannel, 0, kPrefetch, 0);
    amqp_table_entry_t offset{};
    offset.key = bytesOf("x-stream-offset");
    offset.value.kind = AMQP_FIELD_KIND_UTF8;
    offset.value.value.bytes = bytesOf("first");
    const amqp_table_t arguments{1, &offset};
    amqp_basic_consume(connection.get(), kChannel, bytesOf("log"), amqp_empty_bytes, 0, 0, 0, arguments);
    std::uint64_t count = 0, positions = 0;
    while (count < kEvents) {
        amqp_envelope_t envelope;
        amqp_maybe_release_buffers(connection.get());
        if (amqp_consume_message(connection.get(), &envelope, nullptr, 0).reply_type != AMQP_RESPONSE_NORMAL)
            break;
        positions += offsetOf(envelope.message.properties.headers);
        if (++count % kAckEvery == 0)
            amqp_basic_ack(connection.get(), kChannel, envelope.delivery_tag, 1);
        amqp_destroy_envelope(&envelope);
    }
    return {static_cast<double>(count), positions};
}

double cpuSeconds()
{
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const auto seconds
        = [](const timeval& t) { return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6; };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

std::filesystem::path cacheFolder()
{
    if (const char* cache = std::getenv("XDG_CACHE_HOME"); cache && *cache)
        return cache;
    const char* home = std::getenv("HOME");
    return home && *home ? std::filesystem::path(home) / ".cache" : std::filesystem::temp_directory_path();
}

/// amqplib is fetched once, into the user's cache; without the network there is nothing to compare with.
std::optional<double> cpuOfAmqplib(const RabbitOptions& options, std::string& why)
{
    const std::filesystem::path folder = cacheFolder() / "eventscope-bench" / "amqplib";
    std::error_code ignored;
    if (!std::filesystem::exists(folder / "node_modules" / "amqplib", ignored)) {
        std::filesystem::create_directories(folder, ignored);
        const test::Finished installed = test::runProgram(
            {"npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", folder.string(), "amqplib@0.10.4"});
        if (installed.exitCode != 0) {
            why = "npm cannot install amqplib";
            return std::nullopt;
        }
    }
    const test::Finished run = test::runProgram(
        {"node", EVENTSCOPE_BENCH_DIR "/consume_amqplib.js", (folder / "node_modules" / "amqplib").string(),
            options.host, std::to_string(options.port), options.vhost, std::to_string(kEvents)});
    const auto json = core::Json::parse(run.output);
    const core::Json* cpu = json ? json->find("cpuSeconds") : nullptr;
    if (!cpu || !cpu->isNumber()) {
        why = "amqplib did not consume: " + run.errors;
        return std::nullopt;
    }
    return std::stod(cpu->numberText());
}

Work publishConfirmed(RabbitBus& bus, const std::vector<core::RecordedEvent>& events)
{
    const core::Status published = bus.publishBatch(events);
    return {published ? static_cast<double>(events.size()) : 0, events.size()};
}

// The same messages, made beforehand, the same window; what is confirmed is counted and no more.
Work publishBare(const RabbitOptions& options, const std::vector<OutgoingMessage>& messages, std::size_t window)
{
    const BareConnection connection(options);
    amqp_confirm_select(connection.get(), kChannel);
    AmqpPool pool;
    std::vector<amqp_basic_properties_t> properties;
    for (const OutgoingMessage& message : messages)
        properties.push_back(toLibrary(message.properties, pool.get()));
    std::uint64_t sent = 0, confirmed = 0;
    while (confirmed < messages.size()) {
        while (sent < messages.size() && sent - confirmed < window) {
            const OutgoingMessage& message = messages[sent];
            amqp_basic_publish(connection.get(), kChannel, bytesOf(message.exchange), bytesOf(message.routingKey), 1, 0,
                &properties[sent], bytesOf(message.body));
            ++sent;
        }
        amqp_frame_t frame;
        if (amqp_simple_wait_frame(connection.get(), &frame) != AMQP_STATUS_OK)
            break;
        if (frame.frame_type == AMQP_FRAME_METHOD && frame.payload.method.id == AMQP_BASIC_ACK_METHOD) {
            const auto* ack = static_cast<const amqp_basic_ack_t*>(frame.payload.method.decoded);
            // Single confirmations come in any order; a count is enough where all of them are waited for.
            confirmed = ack->multiple ? std::max<std::uint64_t>(confirmed, ack->delivery_tag) : confirmed + 1;
        }
        amqp_maybe_release_buffers(connection.get());
    }
    return {static_cast<double>(messages.size()), messages.size()};
}

} // namespace

EVENTSCOPE_BENCH(rabbitmq)
{
    const auto options = broker();
    if (!options)
        return report.failed("RabbitMQ", "EVENTSCOPE_TEST_RABBITMQ_PORT is not set: run this through ./dev bench");
    const Stage stage(*options);
    report.compare(
        {.what = "RabbitMQ: consume a stream into the log",
            .unit = "events",
            .baselineName = "bare rabbitmq-c loop",
            .target = 0.95},
        [&] { return consumeIntoLog(stage.options()); }, [&] { return consumeBare(stage.options()); });

    std::string why;
    const auto theirs = cpuOfAmqplib(stage.options(), why);
    if (theirs && *theirs > 0) {
        const double before = cpuSeconds();
        static_cast<void>(consumeIntoLog(stage.options()));
        report.figure({.what = "RabbitMQ: client CPU against amqplib for Node",
            .unit = "×",
            .value = (cpuSeconds() - before) / *theirs,
            .boundName = "amqplib",
            .bound = 0.5});
    } else {
        report.failed("RabbitMQ: client CPU against amqplib for Node", why);
    }

    constexpr std::size_t kPublished = 10'000, kWindow = 1000;
    core::SystemClock clock;
    const auto bus = RabbitBus::open(stage.options(), clock, {.window = kWindow});
    if (!bus)
        return report.failed("RabbitMQ: confirmed publish", bus.error().message);
    std::vector<core::RecordedEvent> events;
    std::vector<OutgoingMessage> messages;
    for (std::size_t i = 0; i < kPublished; ++i) {
        events.push_back(orderEvent(i));
        messages.push_back(messageOf(events.back(), "events"));
    }
    report.compare(
        {.what = "RabbitMQ: confirmed publish, pipelined",
            .unit = "events",
            .baselineName = "the same, bare",
            .target = 0.8},
        [&] { return publishConfirmed(**bus, events); },
        [&] { return publishBare(stage.options(), messages, kWindow); });
}
