// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/error.h"
#include "event/event.h"
#include "kafka_options.h"

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

namespace eventscope::kafka {

class Client;

/// A record on its way out.
struct OutRecord {
    std::string topic;
    std::optional<std::string> key, value; ///< nothing is null, which is not empty
    std::vector<core::Header> headers{};
    std::optional<std::int64_t> milliseconds{}; ///< its timestamp; nothing: now
    std::int32_t partition = -1;                ///< -1: by the key, as Java's clients choose
};

/// An idempotent producer: acks of all replicas, at most 5 requests in flight, first retry after
/// 100 ms, 8 retries. With a transactional id each send() is one transaction; such a producer can send
/// nothing outside one.
///
/// A failure says what is known. InDoubt: the records may be there or not; everything else: none of
/// them is (or, without transactions, an earlier one of them at most). After a doubt and after what
/// librdkafka calls fatal the client is replaced by a fresh one, which fences what the old one may
/// still have under way. // any thread, one send at a time in a transaction
class Producer {
public:
    struct Options {
        std::string transactionalId{}; ///< empty: without transactions
        int lingerMs = 2;
        int timeoutMs = 30'000; ///< of a send, its retries included
    };
    /// Connects when something is sent first.
    Producer(ConnectOptions connect, Options options);
    ~Producer();
    Producer(const Producer&) = delete;
    Producer& operator=(const Producer&) = delete;

    /// Returns once the broker has confirmed all of them, or one failed.
    core::Status send(std::span<const OutRecord> records);
    core::Status send(const OutRecord& record) { return send(std::span(&record, 1)); }

    /// With transactions: ends what an earlier client of the same transactional id has left open, so that
    /// everything it sent is either there for good or never will be.
    core::Status settle();

    bool isTransactional() const { return !m_options.transactionalId.empty(); }

private:
    struct Session;
    core::Result<std::shared_ptr<Session>> session();
    void drop(const std::shared_ptr<Session>& session);
    core::Status begin(Session& session);
    core::Status sendInTransaction(Session& session, std::span<const OutRecord> records);

    const ConnectOptions m_connect;
    const Options m_options;
    std::mutex m_mutex;            // of m_session
    std::mutex m_transactionMutex; // one at a time
    std::shared_ptr<Session> m_session;
};

} // namespace eventscope::kafka
