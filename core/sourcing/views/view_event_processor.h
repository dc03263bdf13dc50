// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/error.h"
#include "sourcing/views/engagement.h"
#include "sourcing/views/recommendations.h"
#include "sourcing/views/trending.h"
#include "sourcing/views/view_event.h"
#include "sourcing/views/watch_history.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace eventscope::core {

/// One of the things that every view event updates: which types it takes, and what to call.
struct ViewUpdate {
    std::string name;
    std::vector<ViewEventType> types; ///< empty: all
    EventDispatcher<ViewEvent>::Handler apply = nullptr;
    void* context = nullptr;
};

struct ViewUpdateProgress {
    std::string name;
    std::uint64_t applied = 0; ///< events gone through, those of other types included
};

/// Carries view events to all their updates in parallel: each update has a thread and a bounded
/// queue, and gets the events in batches and in order. The slowest one holds the publishers back;
/// nothing is dropped. // any thread
class ViewEventProcessor {
public:
    explicit ViewEventProcessor(std::vector<ViewUpdate> updates, std::size_t queueCapacity = 16'384);
    ~ViewEventProcessor(); ///< stops

    /// Waits while a queue is full. Cancelled once it is stopped.
    Status publish(std::span<const ViewEvent> events);
    /// Waits until all that was published has been applied.
    void drain();
    /// Applies what is queued and ends. Returns what was published and applied by all.
    std::uint64_t stop();

    std::uint64_t published() const;
    std::vector<ViewUpdateProgress> progress() const;

private:
    struct Private;
    std::unique_ptr<Private> d;
};

struct StreamingViewsOptions {
    std::size_t users = 16'384; ///< remembered at once; beyond, the longest unseen is forgotten
    std::size_t videos = 8'192;
    std::size_t queueCapacity = 16'384;
};

/// The streaming service: watch history, recommendations, engagement and trending, updated in
/// parallel by every view event, with bounded memory. // any thread
class StreamingViews {
public:
    explicit StreamingViews(const StreamingViewsOptions& options = {});

    ViewEventProcessor& processor() { return m_processor; }
    const ViewEventProcessor& processor() const { return m_processor; }

    const WatchHistory& history() const { return m_history; }
    const Recommendations& recommendations() const { return m_recommendations; }
    const Engagement& engagement() const { return m_engagement; }
    const Trending& trending() const { return m_trending; }

private:
    WatchHistory m_history;
    Recommendations m_recommendations;
    Engagement m_engagement;
    Trending m_trending;
    ViewEventProcessor m_processor; // last: its threads use the others
};

} // namespace eventscope::core
