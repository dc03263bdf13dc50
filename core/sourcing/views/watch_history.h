// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/timestamp.h"
#include "sourcing/views/sharded_table.h"
#include "sourcing/views/view_event.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace eventscope::core {

struct WatchedVideo {
    std::uint32_t video = 0;
    std::uint32_t position = 0; ///< where to go on, in seconds
    std::uint32_t length = 0;
    bool completed = false;
    Timestamp time{}; ///< of the last event
    bool operator==(const WatchedVideo&) const = default;
};

/// What each user watched last and how far. // any thread
class WatchHistory {
public:
    static constexpr std::size_t kPerUser = 16;

    explicit WatchHistory(std::size_t users) : m_users(users) { }

    void apply(std::span<const ViewEvent> events);

    /// The latest first, each video once.
    std::vector<WatchedVideo> of(std::uint32_t user) const;
    std::uint64_t displaced() const { return m_users.displaced(); }

private:
    struct User {
        std::array<WatchedVideo, kPerUser> videos{}; // the latest first
        std::size_t count = 0;
    };
    static void note(User& user, const ViewEvent& event);

    ShardedTable<User> m_users;
};

} // namespace eventscope::core
