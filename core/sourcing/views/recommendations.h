// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sourcing/views/sharded_table.h"
#include "sourcing/views/view_event.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace eventscope::core {

struct Recommendation {
    std::uint32_t video = 0;
    std::uint64_t score = 0;
    bool operator==(const Recommendation&) const = default;
};

/// "Who finished this also finished that": for each video the ones that the same users finished close
/// to it. A video keeps a few neighbours; a newcomer takes the place and the count of the weakest
/// (space-saving), so a count is at most too high by what it took over. Takes VideoViewCompleted;
/// other events do nothing. // any thread
class Recommendations {
public:
    static constexpr std::size_t kRecent = 8;      ///< finished videos of a user that count
    static constexpr std::size_t kNeighbours = 16; ///< of a video

    Recommendations(std::size_t users, std::size_t videos) : m_users(users), m_videos(videos) { }

    void apply(std::span<const ViewEvent> events);

    /// Neighbours of what the user finished last, without those, the best first.
    std::vector<Recommendation> forUser(std::uint32_t user, std::size_t limit) const;
    /// Neighbours of a video, the best first.
    std::vector<Recommendation> similarTo(std::uint32_t video, std::size_t limit) const;
    std::uint64_t displaced() const { return m_users.displaced() + m_videos.displaced(); }

private:
    struct Recent {
        std::array<std::uint32_t, kRecent> videos{}; // the latest first
        std::size_t count = 0;
    };
    struct Neighbours {
        std::array<Recommendation, kNeighbours> videos{};
        std::size_t count = 0;
    };
    static Recent finish(Recent& recent, std::uint32_t video);
    static void meet(Neighbours& neighbours, std::uint32_t video);

    ShardedTable<Recent> m_users;
    ShardedTable<Neighbours> m_videos;
};

} // namespace eventscope::core
