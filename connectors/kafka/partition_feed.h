// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cluster.h"
#include "event/error.h"
#include "fetch_nudge.h"
#include "kafka_client.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <limits>
#include <memory>
#include <mutex>
#include <queue>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

namespace eventscope::kafka {

/// The end of a partition that is followed.
inline constexpr std::int64_t kOpenEnd = std::numeric_limits<std::int64_t>::max();

/// Where the reading of a partition begins and ends.
struct LaneStart {
    TopicPartition partition;
    std::int64_t from = 0;
    std::int64_t end = kOpenEnd; ///< excluded
};

/// Reads partitions by assign(), never as a member of a group, and merges them by time: the order
/// within a partition is kept, and of the partitions' next records the oldest comes first. Each
/// partition has a queue of its own, so what lies unread is bounded for each of them. // one thread
class PartitionFeed {
public:
    /// One partition while it is read.
    struct Lane {
        TopicPartition partition;
        std::string source;     ///< "<connection>/<topic>"
        std::int64_t begin = 0; ///< where it began
        std::int64_t next = 0;  ///< the first offset that was not handed out
        std::int64_t end = 0;
        std::uint64_t handedOut = 0;
        std::int64_t last = -1; ///< the last offset handed out
        bool isDone = false;    ///< all up to `end` was handed out, or is known not to be there
        core::Status trouble{}; ///< why this partition cannot be read any further

    private:
        friend class PartitionFeed;
        QueueHandle m_queue;
        std::vector<MessageHandle> m_pending;
        std::size_t m_head = 0;
        std::int64_t m_fetched = 0; ///< the first offset that did not come in
        std::size_t m_taken = 0;    ///< bytes, since its broker was last asked for more
        bool m_isAtEnd = false;
        bool m_isWaiting = false; ///< others go on without it
    };

    static core::Result<std::unique_ptr<PartitionFeed>> open(
        const ConnectOptions& options, std::string_view connection, std::span<const LaneStart> starts);
    ~PartitionFeed();
    PartitionFeed(const PartitionFeed&) = delete;
    PartitionFeed& operator=(const PartitionFeed&) = delete;

    struct Next {
        MessageHandle message; ///< nullptr: nothing came within the time
        Lane* lane = nullptr;
    };
    /// The next record, waited for at most so long. With `inOrder` a partition that is slow to answer
    /// is waited for; without, the others go on after that time, if it is any.
    Next next(std::chrono::milliseconds longest, bool inOrder, const std::stop_token& stop);
    /// A record is there without waiting.
    bool isReady() { return m_heads.empty() ? false : missing() == 0; }
    bool isDone() const; ///< every partition is, or in trouble

    /// Also these from now on.
    core::Status add(std::span<const LaneStart> starts);
    /// Not this one any more, for that reason: its topic is gone.
    void giveUp(Lane& lane, core::Error reason)
    {
        lane.trouble = std::unexpected(std::move(reason));
        m_hasLostTopic = true;
    }

    std::span<const std::unique_ptr<Lane>> lanes() const { return m_lanes; }
    Client& client() { return *m_client; }

private:
    struct Doorbell {
        std::mutex mutex;
        std::condition_variable_any rung;
        std::atomic<bool> isRung{false};
    };
    struct Head {
        std::int64_t milliseconds;
        std::size_t lane;
        bool operator>(const Head& other) const
        {
            return milliseconds != other.milliseconds ? milliseconds > other.milliseconds : lane > other.lane;
        }
    };

    PartitionFeed(std::unique_ptr<Client> client, std::string connection, std::size_t share);
    core::Status assign();
    void addLane(const LaneStart& start);
    std::size_t missing();
    bool waitForHead(std::chrono::milliseconds longest, bool inOrder, const std::stop_token& stop);
    bool fill(std::size_t index);
    bool advance(Lane& lane);
    void dealWithError(Lane& lane, const rd_kafka_message_t& message);
    void wait(std::chrono::milliseconds longest, const std::stop_token& stop);
    static void ring(rd_kafka_t*, void* bell);

    std::unique_ptr<Client> m_client;
    const std::string m_connection;
    Doorbell m_bell;
    std::vector<std::unique_ptr<Lane>> m_lanes;
    std::priority_queue<Head, std::vector<Head>, std::greater<>> m_heads;
    std::vector<std::size_t> m_withoutHead; ///< lanes that have to be asked
    std::vector<rd_kafka_message_t*> m_raw;
    bool m_hasLostTopic = false;
    const std::size_t m_share;           ///< bytes that may lie unread in each partition's queue
    std::unique_ptr<FetchNudge> m_nudge; ///< ends before the client
};

} // namespace eventscope::kafka
