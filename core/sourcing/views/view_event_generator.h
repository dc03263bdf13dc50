// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/timestamp.h"
#include "sourcing/views/view_event.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <random>
#include <span>
#include <vector>

namespace eventscope::core {

struct ViewAudience {
    std::uint32_t users = 10'000;
    std::uint32_t videos = 2'000;
    std::size_t concurrentViews = 4'000;
    std::chrono::microseconds interval{10}; ///< between two events, in the events' own time
    Timestamp start{};
};

/// An audience that watches: views start, progress, and are completed or given up. Few videos are
/// watched most, and which ones drifts with time, so there is something to trend. The same seed
/// gives the same events everywhere. // one thread at a time
class ViewEventGenerator {
public:
    ViewEventGenerator(std::uint64_t seed, const ViewAudience& audience);

    void fill(std::span<ViewEvent> events);

private:
    struct View {
        std::uint32_t user, video, length, position;
    };

    ViewEvent next();
    ViewEvent start(View& view);
    std::uint32_t popularVideo();
    std::uint64_t below(std::uint64_t bound) { return m_random() % bound; }

    const ViewAudience m_audience;
    std::mt19937_64 m_random;
    std::vector<View> m_views;
    std::uint64_t m_made = 0;
};

} // namespace eventscope::core
