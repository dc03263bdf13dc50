// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "producer.h"

#include "kafka_client.h"
#include "kafka_error.h"

#include <fmt/format.h>

#include <condition_variable>
#include <thread>

namespace eventscope::kafka {

using core::ErrorCode;
using core::Result;
using core::Status;

namespace {

/// What became of one call's records; its reports come on the session's thread.
class Outcome {
public:
    explicit Outcome(std::size_t expected) : m_open(expected) { }

    void report(const rd_kafka_message_t& message)
    {
        const std::scoped_lock lock(m_mutex);
        if (message.err != RD_KAFKA_RESP_ERR_NO_ERROR && m_error == RD_KAFKA_RESP_ERR_NO_ERROR) {
            m_error = message.err;
        }
        m_isDoubtful = m_isDoubtful
            || (message.err != RD_KAFKA_RESP_ERR_NO_ERROR
                && rd_kafka_message_status(&message) == RD_KAFKA_MSG_STATUS_POSSIBLY_PERSISTED);
        if (--m_open == 0) {
            m_settled.notify_all();
        }
    }
    /// So many were never handed over.
    void forget(std::size_t records)
    {
        const std::scoped_lock lock(m_mutex);
        m_open -= records;
    }
    void wait()
    {
        std::unique_lock lock(m_mutex);
        m_settled.wait(lock, [this] { return m_open == 0; });
    }
    rd_kafka_resp_err_t error() const { return m_error; }
    bool isDoubtful() const { return m_isDoubtful; }

private:
    std::mutex m_mutex;
    std::condition_variable m_settled;
    std::size_t m_open;
    rd_kafka_resp_err_t m_error = RD_KAFKA_RESP_ERR_NO_ERROR;
    bool m_isDoubtful = false;
};

void onDelivery(rd_kafka_t*, const rd_kafka_message_t* message, void*)
{
    if (message->_private) {
        static_cast<Outcome*>(message->_private)->report(*message);
    }
}

HeadersHandle makeHeaders(const std::vector<core::Header>& headers)
{
    HeadersHandle list(rd_kafka_headers_new(headers.size()));
    for (const core::Header& header : headers) {
        rd_kafka_header_add(list.get(), header.name.data(), static_cast<ssize_t>(header.name.size()),
            header.value.data(), static_cast<ssize_t>(header.value.size()));
    }
    return list;
}

char* bytesOf(const std::optional<std::string>& text)
{
    return text ? const_cast<char*>(text->data()) : nullptr; // librdkafka copies them
}

/// A call that says it may simply be made again is.
template <class Call>
ErrorHandle retried(Call call)
{
    ErrorHandle error;
    for (int tries = 0; tries < 5; ++tries) {
        error.reset(call());
        if (!error || !rd_kafka_error_is_retriable(error.get())) {
            break;
        }
    }
    return error;
}

std::size_t sizeOf(const std::optional<std::string>& text)
{
    return text ? text->size() : 0;
}

} // namespace

/// One client with the thread that serves its reports.
struct Producer::Session {
    std::unique_ptr<Client> client;
    std::jthread reports;
    bool isReady = false; ///< for transactions

    ~Session()
    {
        if (client) {
            rd_kafka_purge(
                client->get(), RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT | RD_KAFKA_PURGE_F_NON_BLOCKING);
        }
        reports.request_stop();
    }

    void serve(const std::stop_token& stop)
    {
        while (!stop.stop_requested()) {
            rd_kafka_poll(client->get(), static_cast<int>(kSlice.count()));
        }
        rd_kafka_poll(client->get(), 0); // what was purged reports itself
    }

    rd_kafka_resp_err_t produce(const OutRecord& record, Outcome& outcome)
    {
        HeadersHandle headers = record.headers.empty() ? nullptr : makeHeaders(record.headers);
        const std::size_t keySize = sizeOf(record.key);
        const std::size_t valueSize = sizeOf(record.value);
        const std::int64_t time = record.milliseconds.value_or(0);
        rd_kafka_resp_err_t error = RD_KAFKA_RESP_ERR__QUEUE_FULL;
        while (error == RD_KAFKA_RESP_ERR__QUEUE_FULL) {
            error = headers
                ? rd_kafka_producev(client->get(), RD_KAFKA_V_TOPIC(record.topic.c_str()),
                    RD_KAFKA_V_PARTITION(record.partition), RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
                    RD_KAFKA_V_KEY(bytesOf(record.key), keySize), RD_KAFKA_V_VALUE(bytesOf(record.value), valueSize),
                    RD_KAFKA_V_TIMESTAMP(time), RD_KAFKA_V_HEADERS(headers.get()), RD_KAFKA_V_OPAQUE(&outcome),
                    RD_KAFKA_V_END)
                : rd_kafka_producev(client->get(), RD_KAFKA_V_TOPIC(record.topic.c_str()),
                    RD_KAFKA_V_PARTITION(record.partition), RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
                    RD_KAFKA_V_KEY(bytesOf(record.key), keySize), RD_KAFKA_V_VALUE(bytesOf(record.value), valueSize),
                    RD_KAFKA_V_TIMESTAMP(time), RD_KAFKA_V_OPAQUE(&outcome), RD_KAFKA_V_END);
            if (error == RD_KAFKA_RESP_ERR__QUEUE_FULL) {
                std::this_thread::sleep_for(std::chrono::milliseconds(1)); // its thread makes room
            }
        }
        if (error == RD_KAFKA_RESP_ERR_NO_ERROR) {
            headers.release(); // the record's now
        }
        return error;
    }

    /// Hands over all of them and waits for their reports.
    void produceAll(std::span<const OutRecord> records, Outcome& outcome, rd_kafka_resp_err_t& refused)
    {
        refused = RD_KAFKA_RESP_ERR_NO_ERROR;
        for (std::size_t i = 0; i < records.size(); ++i) {
            refused = produce(records[i], outcome);
            if (refused != RD_KAFKA_RESP_ERR_NO_ERROR) {
                outcome.forget(records.size() - i);
                break;
            }
        }
        outcome.wait();
    }

    bool isBroken() const { return rd_kafka_fatal_error(client->get(), nullptr, 0) != RD_KAFKA_RESP_ERR_NO_ERROR; }
};

Producer::Producer(ConnectOptions connect, Options options)
    : m_connect(std::move(connect)), m_options(std::move(options))
{
}

Producer::~Producer() = default;

Result<std::shared_ptr<Producer::Session>> Producer::session()
{
    const std::scoped_lock lock(m_mutex);
    if (!m_session) {
        std::vector<Property> ours{
            {"enable.idempotence", "true"},
            {"acks", "all"},
            {"max.in.flight.requests.per.connection", "5"},
            {"retries", "8"},
            {"retry.backoff.ms", "100"},
            {"linger.ms", std::to_string(m_options.lingerMs)},
            {"message.timeout.ms", std::to_string(m_options.timeoutMs)},
            {"request.timeout.ms", "10000"},
            {"message.max.bytes", "130000000"}, // the broker decides, in its own words
            {"queue.buffering.max.kbytes", "524288"},
            {"partitioner", "murmur2_random"},
            {"delivery.report.only.error", "false"},
        };
        if (isTransactional()) {
            ours.emplace_back("transactional.id", m_options.transactionalId);
            ours.emplace_back("transaction.timeout.ms", "60000");
        }
        auto client = Client::make(Client::Kind::Producer, m_connect, ours,
            [](rd_kafka_conf_t& conf) { rd_kafka_conf_set_dr_msg_cb(&conf, &onDelivery); });
        if (!client) {
            return std::unexpected(std::move(client.error()));
        }
        auto session = std::make_shared<Session>();
        session->client = std::move(*client);
        session->reports = std::jthread([raw = session.get()](const std::stop_token& stop) { raw->serve(stop); });
        m_session = std::move(session);
    }
    return m_session;
}

/// The next send begins with a fresh client.
void Producer::drop(const std::shared_ptr<Session>& session)
{
    const std::scoped_lock lock(m_mutex);
    if (m_session == session) {
        m_session.reset();
    }
}

Status Producer::send(std::span<const OutRecord> records)
{
    if (records.empty()) {
        return {};
    }
    std::unique_lock oneAtATime(m_transactionMutex, std::defer_lock);
    if (isTransactional()) {
        oneAtATime.lock();
    }
    const auto opened = session();
    if (!opened) {
        return std::unexpected(opened.error());
    }
    const std::shared_ptr<Session>& session = *opened;
    Status sent;
    if (isTransactional()) {
        sent = sendInTransaction(*session, records);
    } else {
        Outcome outcome(records.size());
        rd_kafka_resp_err_t error = RD_KAFKA_RESP_ERR_NO_ERROR;
        session->produceAll(records, outcome, error);
        error = error == RD_KAFKA_RESP_ERR_NO_ERROR ? outcome.error() : error;
        if (error != RD_KAFKA_RESP_ERR_NO_ERROR) {
            const std::string what = fmt::format("Nothing could be written to {}", records.front().topic);
            sent = outcome.isDoubtful() ? fail(ErrorCode::InDoubt,
                       fmt::format("{} said too late whether it was written, if it was.", records.front().topic))
                                        : std::unexpected(session->client->explain(error, what));
        }
    }
    if (!sent && (sent.error().code == ErrorCode::InDoubt || session->isBroken())) {
        drop(session);
    }
    return sent;
}

Status Producer::settle()
{
    const std::scoped_lock oneAtATime(m_transactionMutex);
    const auto opened = session();
    if (!opened) {
        return std::unexpected(opened.error());
    }
    const std::shared_ptr<Session>& session = *opened;
    return begin(*session);
}

/// Once for each client.
Status Producer::begin(Session& session)
{
    if (session.isReady) {
        return {};
    }
    const ErrorHandle error
        = retried([&] { return rd_kafka_init_transactions(session.client->get(), m_options.timeoutMs); });
    if (error) {
        const core::Error reason = session.client->explain(rd_kafka_error_code(error.get()),
            fmt::format("Transactions as {} cannot begin", m_options.transactionalId));
        drop(m_session);
        return std::unexpected(reason);
    }
    session.isReady = true;
    return {};
}

Status Producer::sendInTransaction(Session& session, std::span<const OutRecord> records)
{
    rd_kafka_t* const handle = session.client->get();
    const std::string what = fmt::format("Nothing could be written to {}", records.front().topic);
    const auto explain = [&](const ErrorHandle& error) {
        return std::unexpected(session.client->explain(rd_kafka_error_code(error.get()), what));
    };
    if (Status begun = begin(session); !begun) {
        return begun;
    }
    if (const ErrorHandle error{rd_kafka_begin_transaction(handle)}) {
        drop(m_session);
        return explain(error);
    }
    Outcome outcome(records.size());
    rd_kafka_resp_err_t refused = RD_KAFKA_RESP_ERR_NO_ERROR;
    session.produceAll(records, outcome, refused);
    refused = refused == RD_KAFKA_RESP_ERR_NO_ERROR ? outcome.error() : refused;
    if (refused == RD_KAFKA_RESP_ERR_NO_ERROR) {
        const ErrorHandle error = retried([&] { return rd_kafka_commit_transaction(handle, m_options.timeoutMs); });
        if (!error) {
            return {};
        }
        if (!rd_kafka_error_txn_requires_abort(error.get())) {
            const bool isOver = rd_kafka_error_code(error.get()) == RD_KAFKA_RESP_ERR__FENCED;
            return isOver ? Status(explain(error))
                          : fail(ErrorCode::InDoubt,
                              fmt::format("The broker did not say whether the transaction on {} was committed.",
                                  records.front().topic));
        }
        refused = rd_kafka_error_code(error.get());
    }
    if (const ErrorHandle error = retried([&] { return rd_kafka_abort_transaction(handle, m_options.timeoutMs); })) {
        drop(m_session); // the broker, or the next one with this id, ends it
    }
    return std::unexpected(session.client->explain(refused, what));
}

} // namespace eventscope::kafka
